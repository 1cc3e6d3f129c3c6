# HDF5 trusts every number of a metadata cache image: entries beyond its end, and entries whose type or size differs from what
# their reader expects.
# Test: hostile/free-space. Upstream: CVE-2025-6269.
h5tracks_mend(
  src/H5Cimage.c
[=[
        assert(cache_ptr->image_buffer == NULL);
]=]
[=[
        assert(cache_ptr->image_buffer == NULL);

        if (cache_ptr->image_len < H5C__cache_image_block_header_size(f) ||
            cache_ptr->image_len > H5F_get_eoa(f, H5FD_MEM_SUPER))
            HGOTO_ERROR(H5E_CACHE, H5E_BADSIZE, FAIL, "metadata cache image of an impossible size");
]=]
  src/H5Cimage.c
[=[
#endif
    const uint8_t     *p;
]=]
[=[
#endif
    const uint8_t     *p, *end;
]=]
  src/H5Cimage.c
[=[
        HGOTO_ERROR(H5E_CACHE, H5E_CANTALLOC, NULL, "memory allocation failed for prefetched cache entry");

    /* Get pointer to buffer */
    p = *buf;

    /* Decode type id */
]=]
[=[
        HGOTO_ERROR(H5E_CACHE, H5E_CANTALLOC, NULL, "memory allocation failed for prefetched cache entry");

    /* Get pointer to buffer */
    p   = *buf;
    end = (const uint8_t *)cache_ptr->image_buffer + cache_ptr->image_len - H5F_SIZEOF_CHKSUM;
    if (p > end || (size_t)(end - p) < H5C__cache_image_block_entry_header_size(f))
        HGOTO_ERROR(H5E_CACHE, H5E_OVERFLOW, NULL, "fewer entries in metadata cache image than claimed");

    /* Decode type id */
]=]
  src/H5Cimage.c
[=[
    pf_entry_ptr->prefetch_type_id = *p++;
]=]
[=[
    pf_entry_ptr->prefetch_type_id = *p++;
    if (pf_entry_ptr->prefetch_type_id >= H5AC_NTYPES)
        HGOTO_ERROR(H5E_CACHE, H5E_BADVALUE, NULL, "entry of an unknown type");
]=]
  src/H5Cimage.c
[=[
    assert(pf_entry_ptr->ring > (uint8_t)(H5C_RING_UNDEFINED));
    assert(pf_entry_ptr->ring < (uint8_t)(H5C_RING_NTYPES));
]=]
[=[
    if (pf_entry_ptr->ring <= H5C_RING_UNDEFINED || pf_entry_ptr->ring >= H5C_RING_NTYPES)
        HGOTO_ERROR(H5E_CACHE, H5E_BADVALUE, NULL, "entry of an unknown ring");
]=]
  src/H5Cimage.c
[=[
    if (pf_entry_ptr->size == 0)
]=]
[=[
    if (pf_entry_ptr->size == 0 || pf_entry_ptr->size > (size_t)(end - *buf))
]=]
  src/H5Cimage.c
[=[
     */
    if (pf_entry_ptr->fd_parent_count > 0) {
]=]
[=[
     */
    if ((size_t)(end - p) < (size_t)pf_entry_ptr->fd_parent_count * H5F_SIZEOF_ADDR(f) + pf_entry_ptr->size)
        HGOTO_ERROR(H5E_CACHE, H5E_OVERFLOW, NULL, "metadata cache image ends within an entry");
    if (pf_entry_ptr->fd_parent_count > 0) {
]=]
  src/H5Centry.c
[=[
    assert(type->get_initial_load_size);
    assert(type->deserialize);

]=]
[=[
    assert(type->get_initial_load_size);
    assert(type->deserialize);

    if (type->id != pf_entry_ptr->prefetch_type_id)
        HGOTO_ERROR(H5E_CACHE, H5E_BADTYPE, FAIL, "incorrect cache entry type");
    if (type->get_initial_load_size(udata, &len) < 0)
        HGOTO_ERROR(H5E_CACHE, H5E_CANTGET, FAIL, "can't retrieve image size");
    if (type->get_final_load_size) {
        /* What is read of these at first may be more than there is of them */
        if (len > pf_entry_ptr->size && (type->id == H5AC_OHDR_ID || type->id == H5AC_LHEAP_PRFX_ID))
            len = pf_entry_ptr->size;
        if (len > pf_entry_ptr->size ||
            type->get_final_load_size(pf_entry_ptr->image_ptr, len, udata, &len) < 0)
            HGOTO_ERROR(H5E_CACHE, H5E_CANTGET, FAIL, "can't retrieve image size");
    }
    if (len != pf_entry_ptr->size)
        HGOTO_ERROR(H5E_CACHE, H5E_BADSIZE, FAIL, "entry in metadata cache image is of another size");

]=])
