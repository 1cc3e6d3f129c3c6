# Free space of a fractal heap outside its block: HDF5 writes a new object beyond the block.
# Test: hostile/mutants. Upstream: not known.
h5tracks_mend(
  src/H5HFman.c
[=[
    /* Sanity checks */
    assert(sec_node->sect_info.size >= obj_size);
]=]
[=[
    if (sec_node->sect_info.size < obj_size || blk_off > dblock->size || obj_size > dblock->size - blk_off)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "free space of the heap is not within its block");
]=])
