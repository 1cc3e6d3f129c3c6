# Linux x86-64 by zig, for the target that its tools were made for: an older glibc, or musl. H5TRACKS_ZIG_TOOLS is the
# directory of these tools (cc, c++, ar, ranlib), which test/platforms/zig.mjs makes.
set(CMAKE_SYSTEM_PROCESSOR x86_64)
foreach(tool IN ITEMS C_COMPILER:cc CXX_COMPILER:c++ AR:ar RANLIB:ranlib)
  string(REPLACE ":" ";" tool "${tool}")
  list(GET tool 0 variable)
  list(GET tool 1 program)
  set(CMAKE_${variable} $ENV{H5TRACKS_ZIG_TOOLS}/${program} CACHE FILEPATH "")
endforeach()
# Programs for this processor run on the machine that builds; musl's are linked statically.
set(CMAKE_CROSSCOMPILING_EMULATOR env)
include(${CMAKE_CURRENT_LIST_DIR}/cross-linux.cmake)
