# HDF5 1.14 looks for szip by CMake configuration files, which Debian's libaec-dev lacks; its static library needs only the
# header.
set(SZIP_FOUND TRUE)
set(SZIP_LIBRARIES "")
