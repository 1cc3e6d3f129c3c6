# Linux x64 with glibc 2.28 or newer (Debian 10, Ubuntu 18.10, RHEL 8), by zig: see zig.cmake.
set(ZIG_TARGET x86_64-linux-gnu.2.28)
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
