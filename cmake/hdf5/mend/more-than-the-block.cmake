# Nodes of a version-2 B-tree and lists of shared messages that claim more entries than fit in their blocks, and B-trees whose
# nodes hold no record: HDF5 computes checksums beyond the block, or divides by zero.
# Test: hostile/mutants. Upstream: not known.
h5tracks_mend(
  src/H5B2cache.c
[=[
    if (H5B2__hdr_init(hdr, &cparam, udata->ctx_udata, depth) < 0)
        HGOTO_ERROR(H5E_BTREE, H5E_CANTINIT, NULL, "can't initialize B-tree header info");
]=]
[=[
    if (H5B2__hdr_init(hdr, &cparam, udata->ctx_udata, depth) < 0) {
        hdr = NULL; /* It was freed there */
        HGOTO_ERROR(H5E_BTREE, H5E_CANTINIT, NULL, "can't initialize B-tree header info");
    }
]=]
  src/H5B2cache.c
[=[
               ((size_t)(udata->nrec + 1) * H5B2_INT_POINTER_SIZE(udata->hdr, udata->depth));
]=]
[=[
               ((size_t)(udata->nrec + 1) * H5B2_INT_POINTER_SIZE(udata->hdr, udata->depth));

    if (chk_size > len)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "node claims more records than it has room for");
]=]
  src/H5B2cache.c
[=[
H5B2__cache_leaf_verify_chksum(const void *_image, size_t H5_ATTR_UNUSED len, void *_udata)
]=]
[=[
H5B2__cache_leaf_verify_chksum(const void *_image, size_t len, void *_udata)
]=]
  src/H5B2cache.c
[=[
    chk_size = H5B2_LEAF_PREFIX_SIZE + (udata->nrec * udata->hdr->rrec_size);
]=]
[=[
    chk_size = H5B2_LEAF_PREFIX_SIZE + (udata->nrec * udata->hdr->rrec_size);

    if (chk_size > len)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "node claims more records than it has room for");
]=]
  src/H5B2hdr.c
[=[

    /* Assign dynamic information */
]=]
[=[

    if (0 == cparam->rrec_size || cparam->node_size < H5B2_LEAF_PREFIX_SIZE + cparam->rrec_size ||
        cparam->node_size > MAX(H5F_get_eoa(hdr->f, H5FD_MEM_BTREE), 1048576))
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "nodes of an impossible size");

    /* Assign dynamic information */
]=]
  src/H5B2hdr.c
[=[
            assert(hdr->node_info[u].max_nrec <= hdr->node_info[u - 1].max_nrec);
]=]
[=[
            if (0 == hdr->node_info[u].max_nrec || hdr->node_info[u].max_nrec > hdr->node_info[u - 1].max_nrec) {
                hdr->depth = (uint16_t)(u - 1);
                HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "nodes have no room for records");
            }
]=]
  src/H5SMcache.c
[=[
H5SM__cache_list_verify_chksum(const void *_image, size_t H5_ATTR_UNUSED len, void *_udata)
]=]
[=[
H5SM__cache_list_verify_chksum(const void *_image, size_t len, void *_udata)
]=]
  src/H5SMcache.c
[=[
    chk_size = H5SM_LIST_SIZE(udata->f, udata->header->num_messages);
]=]
[=[
    chk_size = H5SM_LIST_SIZE(udata->f, udata->header->num_messages);
    if (chk_size > len)
        HGOTO_ERROR(H5E_SOHM, H5E_BADVALUE, FAIL, "list claims more messages than it has room for");
]=])
