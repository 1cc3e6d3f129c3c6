# Global heaps of less than 4096 bytes, which HDF5 does not write: others do, and 1.10 reads them.
# Test: hdf5/filters. Upstream: not known.
h5tracks_mend(
  src/H5HGcache.c
[=[
    if (heap->size < H5HG_MINSIZE)
]=]
[=[
    if (heap->size < H5HG_SIZEOF_HDR(f))
]=])
