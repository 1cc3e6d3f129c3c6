# Programs of the native layer without Node, for sanitizers and fuzzers. zlib and libdeflate are the oracles of encoder and
# decoder.
set(native ${PROJECT_SOURCE_DIR}/native)

function(h5tracks_without_node target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic)
  target_include_directories(${target} PRIVATE ${native} ${PROJECT_SOURCE_DIR}/test/native)
  target_include_directories(${target} SYSTEM PRIVATE ${zlib_INCLUDE})
  target_link_libraries(${target} PRIVATE hdf5 libdeflate sanitizers Threads::Threads)
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
endfunction()

# Compiled once for all programs: native_codec, and native_below_node, which is everything except the Node bindings.
if(NOT TARGET native_codec)
  file(GLOB_RECURSE codec CONFIGURE_DEPENDS ${native}/codec/*.cc)
  file(GLOB_RECURSE rest CONFIGURE_DEPENDS ${native}/system/*.cc ${native}/hdf5/*.cc ${native}/journal/*.cc
       ${native}/stream/*.cc)
  h5tracks_this_system(rest)
  # The files of native/system that the codec needs at link time.
  set(needed ${native}/system/process/processor.cc ${native}/system/posix/per_thread.cc)
  list(REMOVE_ITEM rest ${needed})
  add_library(native_codec STATIC EXCLUDE_FROM_ALL ${codec} ${needed})
  add_library(native_below_node STATIC EXCLUDE_FROM_ALL ${rest})
  h5tracks_without_node(native_codec)
  h5tracks_without_node(native_below_node)
  target_link_libraries(native_below_node PRIVATE native_codec)
endif()

# With -DH5TRACKS_COMPILE_ONLY=ON only the program's own source is compiled: this checks that it fits the rest without the
# minutes of compiling the rest again.
function(h5tracks_native_program name library)
  if(H5TRACKS_COMPILE_ONLY)
    add_library(${name} OBJECT ${name}.cc)
  else()
    add_executable(${name} ${name}.cc)
    target_link_libraries(${name} PRIVATE ${library})
  endif()
  h5tracks_without_node(${name})
endfunction()
