# A local heap whose list of free blocks is circular: HDF5 follows it until memory is exhausted.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5HLcache.c
[=[
    hsize_t      free_block;              /* Offset of free block */
    herr_t       ret_value = SUCCEED;     /* Return value */
]=]
[=[
    hsize_t      free_block;              /* Offset of free block */
    size_t       count     = 0;           /* Of free blocks */
    herr_t       ret_value = SUCCEED;     /* Return value */
]=]
  src/H5HLcache.c
[=[
        /* Sanity check */
        if ((free_block + (2 * heap->sizeof_size)) > heap->dblk_size)
            HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "bad heap free list");
]=]
[=[
        /* Sanity check */
        if ((free_block + (2 * heap->sizeof_size)) > heap->dblk_size)
            HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "bad heap free list");
        if (++count > heap->dblk_size / (2 * heap->sizeof_size))
            HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "more free blocks than the heap has room for");
]=])
