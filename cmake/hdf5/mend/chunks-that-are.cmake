# An extensible or fixed array that claims 2^60 chunks: iterating over them never ends, even if few are stored and the file is
# valid. The patch skips blocks and pages that were never created, limits a fixed array to the size of the file, and computes the
# offset of a chunk from its index, which is then also correct if only a later axis is unlimited.
# Test: hostile/structures, hdf5/datasets/chunk-places. Upstream: not known.
h5tracks_mend(
  src/H5EA.c
[=[
    /* Iterate over all elements in array */
    for (u = 0; u < ea->hdr->stats.stored.max_idx_set && ret_value == H5_ITER_CONT; u++) {
        /* Get array element */
        if (H5EA_get(ea, u, elmt) < 0)
            HGOTO_ERROR(H5E_EARRAY, H5E_CANTGET, H5_ITER_ERROR, "unable to delete fixed array");

        /* Make callback */
]=]
[=[
    /* Iterate over the elements that are in blocks */
    for (u = 0; u < ea->hdr->stats.stored.max_idx_set && ret_value == H5_ITER_CONT; u++) {
        void                  *thing = NULL;
        uint8_t               *thing_elmt_buf;
        hsize_t                thing_elmt_idx;
        H5EA__unprotect_func_t thing_unprot_func = NULL;

        ea->hdr->f = ea->f;
        if (H5EA__lookup_elmt(ea, u, false, H5AC__READ_ONLY_FLAG, &thing, &thing_elmt_buf, &thing_elmt_idx,
                              &thing_unprot_func) < 0)
            HGOTO_ERROR(H5E_EARRAY, H5E_CANTPROTECT, H5_ITER_ERROR, "unable to protect array metadata");

        if (NULL == thing) {
            hsize_t gap; /* How many elements from here on are in no block */

            if (H5EA__gap(ea, u, &gap) < 0)
                HGOTO_ERROR(H5E_EARRAY, H5E_CANTGET, H5_ITER_ERROR, "unable to skip what is in no block");
            if (gap >= ea->hdr->stats.stored.max_idx_set - u)
                break;
            u += gap - 1;
            continue;
        }
        H5MM_memcpy(elmt, thing_elmt_buf + (ea->hdr->cparam.cls->nat_elmt_size * thing_elmt_idx),
                    ea->hdr->cparam.cls->nat_elmt_size);
        if ((thing_unprot_func)(thing, H5AC__NO_FLAGS_SET) < 0)
            HGOTO_ERROR(H5E_EARRAY, H5E_CANTUNPROTECT, H5_ITER_ERROR, "unable to release array metadata");

        /* Make callback */
]=]
  src/H5EA.c
[=[
} /* end H5EA_delete() */
]=]
[=[
} /* end H5EA_delete() */

/* How many elements from `idx` on, which is in no block, are in none: at least one. */
static herr_t
H5EA__gap(const H5EA_t *ea, hsize_t idx, hsize_t *gap)
{
    H5EA_hdr_t    *hdr    = ea->hdr;
    H5EA_iblock_t *iblock = NULL;
    H5EA_sblock_t *sblock = NULL;
    unsigned       sblk_idx;
    hsize_t        off; /* Of the element in its super block */
    hsize_t        nelmts;
    herr_t         ret_value = SUCCEED;

    FUNC_ENTER_PACKAGE

    *gap = HSIZE_UNDEF;
    if (!H5_addr_defined(hdr->idx_blk_addr))
        HGOTO_DONE(SUCCEED);
    if (NULL == (iblock = H5EA__iblock_protect(hdr, H5AC__READ_ONLY_FLAG)))
        HGOTO_ERROR(H5E_EARRAY, H5E_CANTPROTECT, FAIL, "unable to protect extensible array index block");

    sblk_idx = H5EA__dblock_sblk_idx(hdr, idx);
    if (sblk_idx >= hdr->nsblks)
        HGOTO_ERROR(H5E_EARRAY, H5E_BADRANGE, FAIL, "index is beyond the end of the extensible array");
    off    = idx - (hdr->cparam.idx_blk_elmts + hdr->sblk_info[sblk_idx].start_idx);
    nelmts = hdr->sblk_info[sblk_idx].dblk_nelmts;

    if (sblk_idx >= iblock->nsblks) {
        haddr_t sblk_addr = iblock->sblk_addrs[sblk_idx - iblock->nsblks];

        if (!H5_addr_defined(sblk_addr))
            nelmts *= hdr->sblk_info[sblk_idx].ndblks;
        else {
            if (NULL ==
                (sblock = H5EA__sblock_protect(hdr, iblock, sblk_addr, sblk_idx, H5AC__READ_ONLY_FLAG)))
                HGOTO_ERROR(H5E_EARRAY, H5E_CANTPROTECT, FAIL, "unable to protect extensible array super block");
            if (off / nelmts >= sblock->ndblks)
                HGOTO_ERROR(H5E_EARRAY, H5E_BADRANGE, FAIL, "index is beyond the end of the extensible array");
            if (H5_addr_defined(sblock->dblk_addrs[off / nelmts])) {
                off %= nelmts;
                nelmts = hdr->dblk_page_nelmts;
            }
        }
    }
    if (nelmts > 0) /* Not 2^64 */
        *gap = nelmts - off % nelmts;

done:
    if (sblock && H5EA__sblock_unprotect(sblock, H5AC__NO_FLAGS_SET) < 0)
        HDONE_ERROR(H5E_EARRAY, H5E_CANTUNPROTECT, FAIL, "unable to release extensible array super block");
    if (iblock && H5EA__iblock_unprotect(iblock, H5AC__NO_FLAGS_SET) < 0)
        HDONE_ERROR(H5E_EARRAY, H5E_CANTUNPROTECT, FAIL, "unable to release extensible array index block");

    FUNC_LEAVE_NOAPI(ret_value)
}
]=]
  src/H5Dearray.c
[=[
    /* Make "generic chunk" callback */
    if (H5_addr_defined(udata->chunk_rec.chunk_addr))
        if ((ret_value = (udata->cb)(&udata->chunk_rec, udata->udata)) < 0)
            HERROR(H5E_DATASET, H5E_CALLBACK, "failure in generic chunk iterator callback");

    /* Update coordinates of chunk in dataset */
    ndims = udata->common.layout->ndims - 1;
    assert(ndims > 0);
    curr_dim = (int)(ndims - 1);
    while (curr_dim >= 0) {
        /* Increment coordinate in current dimension */
        udata->chunk_rec.scaled[curr_dim]++;

        /* Check if we went off the end of the current dimension */
        if (udata->chunk_rec.scaled[curr_dim] >= udata->common.layout->max_chunks[curr_dim]) {
            /* Reset coordinate & move to next faster dimension */
            udata->chunk_rec.scaled[curr_dim] = 0;
            curr_dim--;
        } /* end if */
        else
            break;
    } /* end while */

    FUNC_LEAVE_NOAPI(ret_value)
} /* H5D__earray_idx_iterate_cb() */
]=]
[=[
    /* Where the chunk is in the dataset follows from its number: the iteration leaves out what is in no block */
    ndims = udata->common.layout->ndims - 1;
    down  = udata->common.layout->u.earray.unlim_dim > 0 ? udata->common.layout->u.earray.swizzled_max_down_chunks
                                                         : udata->common.layout->max_down_chunks;
    for (u = 0; u < ndims; u++) {
        udata->chunk_rec.scaled[u] = down[u] ? idx / down[u] : 0;
        idx -= udata->chunk_rec.scaled[u] * down[u];
    }
    H5VM_unswizzle_coords(hsize_t, udata->chunk_rec.scaled, udata->common.layout->u.earray.unlim_dim);

    /* Make "generic chunk" callback */
    if (H5_addr_defined(udata->chunk_rec.chunk_addr))
        if ((ret_value = (udata->cb)(&udata->chunk_rec, udata->udata)) < 0)
            HERROR(H5E_DATASET, H5E_CALLBACK, "failure in generic chunk iterator callback");

    FUNC_LEAVE_NOAPI(ret_value)
} /* H5D__earray_idx_iterate_cb() */
]=]
  src/H5Dearray.c
[=[
H5D__earray_idx_iterate_cb(hsize_t H5_ATTR_UNUSED idx, const void *_elmt, void *_udata)
{
    H5D_earray_it_ud_t *udata = (H5D_earray_it_ud_t *)_udata; /* User data */
    unsigned            ndims;                                /* Rank of chunk */
    int                 curr_dim;                             /* Current dimension */
    int                 ret_value = H5_ITER_CONT;             /* Return value */

    FUNC_ENTER_PACKAGE_NOERR
]=]
[=[
H5D__earray_idx_iterate_cb(hsize_t idx, const void *_elmt, void *_udata)
{
    H5D_earray_it_ud_t *udata = (H5D_earray_it_ud_t *)_udata; /* User data */
    unsigned            ndims;                                /* Rank of chunk */
    unsigned            u;                                    /* Local index variable */
    const hsize_t      *down;                                 /* Numbers of chunks below each dimension */
    int                 ret_value = H5_ITER_CONT;             /* Return value */

    FUNC_ENTER_PACKAGE_NOERR
]=]
  src/H5Dfarray.c
[=[
H5D__farray_idx_iterate_cb(hsize_t H5_ATTR_UNUSED idx, const void *_elmt, void *_udata)
{
    H5D_farray_it_ud_t *udata = (H5D_farray_it_ud_t *)_udata; /* User data */
    unsigned            ndims;                                /* Rank of chunk */
    int                 curr_dim;                             /* Current dimension */
    int                 ret_value = H5_ITER_CONT;             /* Return value */

    FUNC_ENTER_PACKAGE_NOERR
]=]
[=[
H5D__farray_idx_iterate_cb(hsize_t idx, const void *_elmt, void *_udata)
{
    H5D_farray_it_ud_t *udata = (H5D_farray_it_ud_t *)_udata; /* User data */
    unsigned            ndims;                                /* Rank of chunk */
    unsigned            u;                                    /* Local index variable */
    const hsize_t      *down;                                 /* Numbers of chunks below each dimension */
    int                 ret_value = H5_ITER_CONT;             /* Return value */

    FUNC_ENTER_PACKAGE_NOERR
]=]
  src/H5Dfarray.c
[=[
    /* Make "generic chunk" callback */
    if (H5_addr_defined(udata->chunk_rec.chunk_addr))
        if ((ret_value = (udata->cb)(&udata->chunk_rec, udata->udata)) < 0)
            HERROR(H5E_DATASET, H5E_CALLBACK, "failure in generic chunk iterator callback");

    /* Update coordinates of chunk in dataset */
    ndims = udata->common.layout->ndims - 1;
    assert(ndims > 0);
    curr_dim = (int)(ndims - 1);
    while (curr_dim >= 0) {
        /* Increment coordinate in current dimension */
        udata->chunk_rec.scaled[curr_dim]++;

        /* Check if we went off the end of the current dimension */
        if (udata->chunk_rec.scaled[curr_dim] >= udata->common.layout->max_chunks[curr_dim]) {
            /* Reset coordinate & move to next faster dimension */
            udata->chunk_rec.scaled[curr_dim] = 0;
            curr_dim--;
        } /* end if */
        else
            break;
    } /* end while */

    FUNC_LEAVE_NOAPI(ret_value)
} /* H5D__farray_idx_iterate_cb() */
]=]
[=[
    /* Where the chunk is in the dataset follows from its number: the iteration leaves out what is in no page */
    ndims = udata->common.layout->ndims - 1;
    down  = udata->common.layout->max_down_chunks;
    for (u = 0; u < ndims; u++) {
        udata->chunk_rec.scaled[u] = down[u] ? idx / down[u] : 0;
        idx -= udata->chunk_rec.scaled[u] * down[u];
    }

    /* Make "generic chunk" callback */
    if (H5_addr_defined(udata->chunk_rec.chunk_addr))
        if ((ret_value = (udata->cb)(&udata->chunk_rec, udata->udata)) < 0)
            HERROR(H5E_DATASET, H5E_CALLBACK, "failure in generic chunk iterator callback");

    FUNC_LEAVE_NOAPI(ret_value)
} /* H5D__farray_idx_iterate_cb() */
]=]
  src/H5FAcache.c
[=[
    /* Check for data block */
    if (H5_addr_defined(hdr->dblk_addr)) {
        H5FA_dblock_t dblock;           /* Fake data block for computing size */
]=]
[=[
    /* A data block, where there is one, has all elements (a file that grows beside us may have more than it says) */
    if (H5_addr_defined(hdr->dblk_addr) && !(H5F_INTENT(udata->f) & H5F_ACC_SWMR_READ) &&
        (0 == hdr->cparam.raw_elmt_size || hdr->dblk_addr > H5F_get_eoa(udata->f, H5FD_MEM_FARRAY_DBLOCK) ||
         hdr->cparam.nelmts > (H5F_get_eoa(udata->f, H5FD_MEM_FARRAY_DBLOCK) - hdr->dblk_addr) / hdr->cparam.raw_elmt_size))
        HGOTO_ERROR(H5E_FARRAY, H5E_BADVALUE, NULL, "fixed array claims more elements than its file has room for");

    /* Check for data block */
    if (H5_addr_defined(hdr->dblk_addr)) {
        H5FA_dblock_t dblock;           /* Fake data block for computing size */
]=]
  src/H5FA.c
[=[
    for (u = 0; u < fa->hdr->stats.nelmts && ret_value == H5_ITER_CONT; u++) {
        /* Get array element */
        if (H5FA_get(fa, u, elmt) < 0)
]=]
[=[
    for (u = 0; u < fa->hdr->stats.nelmts && ret_value == H5_ITER_CONT; u++) {
        hsize_t page_nelmts = (hsize_t)1 << fa->hdr->cparam.max_dblk_page_nelmts_bits;

        /* Leave out pages that were never written */
        if (fa->hdr->stats.nelmts > page_nelmts && 0 == u % page_nelmts) {
            H5FA_dblock_t *dblock;
            size_t         page = (size_t)(u / page_nelmts);

            fa->hdr->f = fa->f;
            if (NULL == (dblock = H5FA__dblock_protect(fa->hdr, fa->hdr->dblk_addr, H5AC__READ_ONLY_FLAG)))
                HGOTO_ERROR(H5E_FARRAY, H5E_CANTPROTECT, H5_ITER_ERROR, "unable to protect fixed array data block");
            while (page < dblock->npages && !H5VM_bit_get(dblock->dblk_page_init, page))
                page += (0 == page % 8 && 0 == dblock->dblk_page_init[page / 8]) ? 8 : 1;
            if (H5FA__dblock_unprotect(dblock, H5AC__NO_FLAGS_SET) < 0)
                HGOTO_ERROR(H5E_FARRAY, H5E_CANTUNPROTECT, H5_ITER_ERROR, "unable to release fixed array data block");
            u = page * page_nelmts;
            if (u >= fa->hdr->stats.nelmts)
                break;
        }

        /* Get array element */
        if (H5FA_get(fa, u, elmt) < 0)
]=]
  src/H5Dchunk.c
[=[
        H5VM_array_offset_pre(udata_dst.common.layout->ndims - 1, udata_dst.common.layout->max_down_chunks,
                              udata_dst.common.scaled);
]=]
[=[
        H5VM_array_offset_pre(udata_dst.common.layout->ndims - 1, udata_dst.common.layout->max_down_chunks,
                              udata_dst.common.scaled);
    if (H5D_CHUNK_IDX_EARRAY == udata_dst.common.storage->idx_type &&
        udata_dst.common.layout->u.earray.unlim_dim > 0) {
        hsize_t coords[H5O_LAYOUT_NDIMS];

        for (unsigned u = 0; u < udata_dst.common.layout->ndims - 1; u++)
            coords[u] = udata_dst.common.scaled[u] * udata_dst.common.layout->dim[u];
        H5VM_swizzle_coords(hsize_t, coords, udata_dst.common.layout->u.earray.unlim_dim);
        udata_dst.chunk_idx =
            H5VM_chunk_index(udata_dst.common.layout->ndims - 1, coords, udata_dst.common.layout->u.earray.swizzled_dim,
                             udata_dst.common.layout->u.earray.swizzled_max_down_chunks);
    }
]=]
  src/H5Dfarray.c
[=[
        if (H5D__farray_idx_open(idx_info_src) < 0)
            HGOTO_ERROR(H5E_DATASET, H5E_CANTOPENOBJ, FAIL, "can't open fixed array");
    }

    /* Set copied metadata tag */
    H5_BEGIN_TAG(H5AC__COPIED_TAG)

]=]
[=[
        if (H5D__farray_idx_open(idx_info_src) < 0)
            HGOTO_ERROR(H5E_DATASET, H5E_CANTOPENOBJ, FAIL, "can't open fixed array");
    }

    {
        hsize_t nelmts;

        if (H5FA_get_nelmts(idx_info_src->storage->u.farray.fa, &nelmts) < 0)
            HGOTO_ERROR(H5E_DATASET, H5E_CANTGET, FAIL, "can't get the length of the fixed array");
        if (nelmts < idx_info_dst->layout->max_nchunks) {
            if (H5FA_close(idx_info_src->storage->u.farray.fa) < 0)
                HDONE_ERROR(H5E_DATASET, H5E_CANTCLOSEOBJ, FAIL, "unable to close fixed array");
            idx_info_src->storage->u.farray.fa = NULL;
            HGOTO_ERROR(H5E_DATASET, H5E_BADVALUE, FAIL, "fixed array has fewer elements than the dataset has chunks");
        }
    }

    /* Set copied metadata tag */
    H5_BEGIN_TAG(H5AC__COPIED_TAG)

]=])
