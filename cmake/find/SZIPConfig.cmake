# HDF5 1.14 looks for szip's package by configuration files, which Debian's libaec-dev has not; the header is all that
# its static library needs.
set(SZIP_FOUND TRUE)
set(SZIP_LIBRARIES "")
