# Programs of the native layer without Node: what sanitizers and fuzzers can judge. zlib is a judge of encoder and decoder,
# beside libdeflate.
set(native ${PROJECT_SOURCE_DIR}/native)
file(GLOB codec CONFIGURE_DEPENDS ${native}/codec/*.cc)
file(GLOB below_node CONFIGURE_DEPENDS ${native}/system/*.cc ${native}/codec/*.cc ${native}/hdf5/*.cc
     ${native}/journal/*.cc ${native}/stream/*.cc)

# With -DH5TRACKS_COMPILE_ONLY=ON nothing but the program's own source is compiled: whether it still agrees with the rest,
# without the minutes that the rest takes again.
function(h5tracks_native_program name source)
  if(H5TRACKS_COMPILE_ONLY)
    add_library(${name} OBJECT ${source})
  else()
    add_executable(${name} ${source} ${ARGN})
  endif()
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic)
  target_include_directories(${name} PRIVATE ${native} ${PROJECT_SOURCE_DIR}/test/native)
  target_include_directories(${name} SYSTEM PRIVATE ${zlib_PREFIX}/include)
  target_link_libraries(${name} PRIVATE hdf5 libdeflate sanitizers Threads::Threads)
  set_target_properties(${name} PROPERTIES
    CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
endfunction()
