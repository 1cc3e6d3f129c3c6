# Linux x64 with musl (Alpine), by zig: see zig.cmake.
set(ZIG_TARGET x86_64-linux-musl)
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
