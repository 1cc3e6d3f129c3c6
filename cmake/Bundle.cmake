# Bundled libraries: built once, at configure time, into the cache directory.
include(Source)
include(ProcessorCount)
h5tracks_cache_directory(H5TRACKS_CACHE_DIRECTORY)

# h5tracks_bundle(name VERSION v URL u SHA256 s NAMED path [OPTIONS -D…] [KEY extra…] [PROJECT directory] [REPLACE made source]
#                 [MEND script])
# PROJECT is a directory with a CMakeLists.txt that replaces the source's own and gets the source directory as SOURCE. REPLACE
# overwrites a file made by configuring with a file of the source. MEND is a script that changes the unpacked source; it and all
# scripts below its directory are part of the key.
# Sets <name>_PREFIX, which has include/ and lib/, <name>_INCLUDE, and <name>_KEY, which identifies this build.
function(h5tracks_bundle name)
  cmake_parse_arguments(arg "" "VERSION;URL;SHA256;NAMED;PROJECT;MEND" "OPTIONS;KEY;REPLACE" ${ARGN})
  set(flags "${CMAKE_C_FLAGS} ${H5TRACKS_SANITIZE_FLAGS} -ffunction-sections -fdata-sections")
  set(optimize -O3)
  if(H5TRACKS_SANITIZE)
    set(optimize -O1) # gcc takes ten times as long to optimize what sanitizers add
  endif()
  set(options ${arg_OPTIONS}
    -DCMAKE_BUILD_TYPE=Release "-DCMAKE_C_FLAGS_RELEASE=${optimize} -DNDEBUG" -DCMAKE_POSITION_INDEPENDENT_CODE=ON
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POLICY_VERSION_MINIMUM=3.5)
  h5tracks_source_identity("${arg_NAMED}" "${arg_VERSION}" version identity)
  if(arg_PROJECT)
    file(SHA256 ${arg_PROJECT}/CMakeLists.txt project_hash)
  endif()
  if(arg_MEND)
    get_filename_component(mend_directory ${arg_MEND} DIRECTORY)
    file(GLOB_RECURSE mend_files ${mend_directory}/*.cmake)
    foreach(mend_file IN LISTS mend_files)
      file(SHA256 ${mend_file} mend_hash)
      list(APPEND arg_KEY ${mend_hash})
    endforeach()
  endif()
  # The library is made by the same tools for the same target as the addon.
  foreach(setting CMAKE_AR CMAKE_RANLIB CMAKE_OSX_ARCHITECTURES CMAKE_OSX_DEPLOYMENT_TARGET)
    if(${setting})
      list(APPEND options "-D${setting}=${${setting}}")
    endif()
  endforeach()
  # What a toolchain file says, and which C library and processor the compiler makes code for (glibc, musl).
  if(CMAKE_TOOLCHAIN_FILE)
    file(SHA256 ${CMAKE_TOOLCHAIN_FILE} toolchain_hash)
    list(APPEND options -DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE})
  endif()
  execute_process(COMMAND ${CMAKE_C_COMPILER} -dumpmachine OUTPUT_VARIABLE machine ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(key ${name} ${identity} ${arg_OPTIONS} ${flags} ${arg_KEY} ${arg_REPLACE} "${project_hash}"
    "${toolchain_hash}" "${machine}"
    ${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}
    ${CMAKE_SYSTEM_NAME} ${CMAKE_SYSTEM_PROCESSOR} ${CMAKE_OSX_ARCHITECTURES} ${CMAKE_OSX_DEPLOYMENT_TARGET})
  # The paths of the cache and of this checkout do not affect the build.
  string(REPLACE "${H5TRACKS_CACHE_DIRECTORY}" "" key "${key}")
  string(REPLACE "${CMAKE_CURRENT_SOURCE_DIR}" "" key "${key}")
  string(SHA256 key "${key}")
  string(SUBSTRING ${key} 0 12 key)
  set(prefix ${H5TRACKS_CACHE_DIRECTORY}/${name}-${version}-${key})
  if(NOT EXISTS ${prefix})
    h5tracks_build_into(${prefix})
  endif()
  message(STATUS "${name} ${version}: ${prefix}")
  set(${name}_PREFIX ${prefix} PARENT_SCOPE)
  h5tracks_headers(${name} ${prefix}/include include)
  set(${name}_INCLUDE ${include} PARENT_SCOPE)
  set(${name}_KEY ${key} PARENT_SCOPE)
endfunction()

# Builds in a temporary directory and renames it, so that a broken build leaves nothing and concurrent builds do not interfere.
macro(h5tracks_build_into prefix)
  string(RANDOM LENGTH 12 work)
  set(work ${H5TRACKS_CACHE_DIRECTORY}/work-${work})
  h5tracks_unpack_source(${name} ${work})
  if(arg_MEND)
    set(source ${work}/source)
    include(${arg_MEND})
  endif()
  message(STATUS "${name} ${version}: building it, once (log: ${work}/log)")
  ProcessorCount(jobs)
  if(NOT "$ENV{CMAKE_BUILD_PARALLEL_LEVEL}" STREQUAL "")
    set(jobs $ENV{CMAKE_BUILD_PARALLEL_LEVEL})
  endif()
  set(project ${work}/source)
  if(arg_PROJECT)
    set(project ${arg_PROJECT})
  endif()
  # Keeps absolute paths of this machine out of the library's error messages.
  set(c_flags "${flags} -ffile-prefix-map=${work}/source=${name}-${version}")
  set(replace "")
  if(arg_REPLACE)
    list(GET arg_REPLACE 0 made)
    list(GET arg_REPLACE 1 original)
    set(replace "-E;copy;${work}/source/${original};${work}/build/${made}")
  endif()
  foreach(command
      "-S;${project};-DSOURCE=${work}/source;-B;${work}/build;-G;${CMAKE_GENERATOR};\
-DCMAKE_C_COMPILER=${CMAKE_C_COMPILER};-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER};-DCMAKE_INSTALL_PREFIX=${work}/prefix;-DCMAKE_C_FLAGS=${c_flags};${options}"
      "${replace}"
      "--build;${work}/build;--parallel;${jobs}"
      "--install;${work}/build")
    if(NOT command)
      continue()
    endif()
    # The directory's name is random, so a compiler cache must see paths relative to it.
    execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=MAKEFLAGS --unset=MAKELEVEL CCACHE_BASEDIR=${work}
      CCACHE_NOHASHDIR=1 ${CMAKE_COMMAND} ${command}
      RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
    file(APPEND ${work}/log "${output}")
    if(failed)
      string(LENGTH "${output}" length)
      set(start 0)
      if(length GREATER 4000)
        math(EXPR start "${length} - 4000")
      endif()
      string(SUBSTRING "${output}" ${start} -1 output)
      message(FATAL_ERROR "${name} ${version} could not be built. The end of ${work}/log:\n${output}")
    endif()
  endforeach()
  file(WRITE ${work}/prefix/origin "${origin}\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -E rename ${work}/prefix ${prefix} RESULT_VARIABLE failed ERROR_VARIABLE error)
  if(failed AND NOT EXISTS ${prefix})
    message(FATAL_ERROR "${error}")
  endif()
  file(REMOVE_RECURSE ${work})
endmacro()
