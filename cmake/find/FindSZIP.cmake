# HDF5 1.14 looks for szip with find_package and has no find module of its own; the header is all that its static
# library needs.
set(SZIP_FOUND TRUE)
set(SZIP_LIBRARIES "")
