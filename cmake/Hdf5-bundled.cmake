# The bundled HDF5: the static C library with the built-in filters, on a bundled zlib (Debian's static zlib is not position
# independent, and a shared one may resolve to Node's copy).

# SHA-256 agrees in the Homebrew, Spack and Conan recipes and in Bazel and CMake projects that fetch it.
h5tracks_bundle(zlib
  VERSION 1.3.1
  URL https://github.com/madler/zlib/releases/download/v1.3.1/zlib-1.3.1.tar.gz
  SHA256 9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23
  NAMED "${H5TRACKS_ZLIB_SOURCE}"
  PROJECT ${CMAKE_CURRENT_LIST_DIR}/zlib)
set(zlib ${zlib_PREFIX}/lib/libz.a)

# Datasets compressed with szip can be read if libaec is installed as a static library. The szip compressor is left out.
find_path(SZIP_INCLUDE_DIR szlib.h)
find_library(SZIP_STATIC libsz.a)
find_library(AEC_STATIC libaec.a)
if(SZIP_INCLUDE_DIR AND SZIP_STATIC AND AEC_STATIC)
  message(STATUS "szip: read with ${AEC_STATIC}")
  file(SHA256 ${AEC_STATIC} aec_hash)
  set(szip ${SZIP_STATIC} ${AEC_STATIC})
  set(szip_options -DHDF5_ENABLE_SZIP_SUPPORT=ON -DHDF5_ENABLE_SZIP_ENCODING=OFF
    -DSZIP_INCLUDE_DIR=${SZIP_INCLUDE_DIR} -DLIBAEC_PACKAGE_NAME=SZIP
    -DSZIP_DIR=${CMAKE_CURRENT_LIST_DIR}/find)
else()
  message(STATUS "szip: not read, for want of static libaec (Debian: libaec-dev)")
  set(szip "")
  set(aec_hash "")
  set(szip_options -DHDF5_ENABLE_SZIP_SUPPORT=OFF)
endif()

# SHA-256 agrees in the Homebrew and Spack recipes and in several CMake projects that fetch it.
h5tracks_bundle(hdf5
  VERSION 1.14.6
  URL https://github.com/HDFGroup/hdf5/releases/download/hdf5_1.14.6/hdf5-1.14.6.tar.gz
  SHA256 e4defbac30f50d64e1556374aa49e574417c9e72c6b1de7a4ff88c4b1bea6e9b
  NAMED "${H5TRACKS_HDF5_SOURCE}"
  KEY ${zlib_KEY} ${aec_hash}
  MEND ${CMAKE_CURRENT_LIST_DIR}/hdf5/mend.cmake
  # HDF5's build report would contain the date and the paths of this machine.
  REPLACE src/H5build_settings.c src/H5build_settings.off.c.in
  OPTIONS
    -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF -DHDF5_BUILD_UTILS=OFF -DHDF5_BUILD_TOOLS=OFF -DHDF5_BUILD_EXAMPLES=OFF
    -DHDF5_BUILD_HL_LIB=OFF -DHDF5_ENABLE_NONSTANDARD_FEATURE_FLOAT16=OFF -DHDF5_DISABLE_COMPILER_WARNINGS=ON
    -DHDF5_ENABLE_Z_LIB_SUPPORT=ON -DZLIB_PACKAGE_NAME=none -DZLIB_LIBRARY=${zlib}
    -DZLIB_INCLUDE_DIR=${zlib_PREFIX}/include ${szip_options})

file(STRINGS ${hdf5_PREFIX}/include/H5public.h info REGEX "define H5_VERS_INFO ")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" HDF5_VERSION "${info}")
if(HDF5_VERSION VERSION_LESS 1.14.5)
  message(FATAL_ERROR "The source in H5TRACKS_HDF5_SOURCE is HDF5 ${HDF5_VERSION}; 1.14.5 or newer is needed.")
endif()

add_library(hdf5 INTERFACE)
# mend/chunk-mask.cmake
target_compile_definitions(hdf5 INTERFACE H5TRACKS_HDF5_KEEPS_MASKS)
target_include_directories(hdf5 SYSTEM INTERFACE ${hdf5_INCLUDE})
target_link_libraries(hdf5 INTERFACE ${hdf5_PREFIX}/lib/libhdf5.a ${zlib} ${szip} ${CMAKE_DL_LIBS} m)
set(H5TRACKS_LINKED static)
