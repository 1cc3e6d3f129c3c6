# A local heap that claims more bytes than its file has: copying its group creates a heap of that size.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5HL.c
[=[
    /* Get the pointer to the heap */
    heap = prfx->heap;

    /* Set the size to return */
]=]
[=[
    /* Get the pointer to the heap */
    heap = prfx->heap;

    if (heap->dblk_size > H5F_get_eoa(f, H5FD_MEM_LHEAP))
        HGOTO_ERROR(H5E_HEAP, H5E_BADSIZE, FAIL, "local heap claims more bytes than its file has");

    /* Set the size to return */
]=])
