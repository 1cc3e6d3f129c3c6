# The libraries that the addon links: targets `hdf5` and `libdeflate`, and H5TRACKS_LINKED (static or shared). The bundled
# versions are those of Debian's "trixie" or "sid", so that every source of a library gives the same code.
include(Bundle)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# SHA-256 agrees in MXE, xmake's xrepo and a Homebrew formula, and with Debian's signed index (the same file).
h5tracks_bundle(libdeflate
  VERSION 1.23
  URL https://github.com/ebiggers/libdeflate/archive/refs/tags/v1.23.tar.gz
  SHA256 1ab18349b9fb0ce8a0ca4116bded725be7dcbfa709e19f6f983d99df1fb8b25f
  NAMED "${H5TRACKS_LIBDEFLATE_SOURCE}"
  OPTIONS -DLIBDEFLATE_BUILD_SHARED_LIB=OFF -DLIBDEFLATE_BUILD_GZIP=OFF)
add_library(libdeflate INTERFACE)
target_include_directories(libdeflate SYSTEM INTERFACE ${libdeflate_INCLUDE})
target_link_libraries(libdeflate INTERFACE ${libdeflate_PREFIX}/lib/libdeflate.a)

include(Hdf5-${H5TRACKS_HDF5})
h5tracks_debian_forget()
message(STATUS "HDF5 ${HDF5_VERSION}, ${H5TRACKS_LINKED}")
