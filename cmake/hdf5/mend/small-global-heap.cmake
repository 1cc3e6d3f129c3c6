# Global heaps of less than 4096 bytes: HDF5 never writes them, but other programs do, and HDF5 1.10 reads them.
# Test: hdf5/datasets/filters. Upstream: not known.
h5tracks_mend(
  src/H5HGcache.c
[=[
    if (heap->size < H5HG_MINSIZE)
]=]
[=[
    if (heap->size < H5HG_SIZEOF_HDR(f))
]=])
