# A fixed or extensible array of chunks with fewer elements than the dataspace has chunks, elements of the wrong kind (with or
# without filters), invalid parameters, or blocks of another array: HDF5 takes memory beyond the block for addresses, or
# overwrites it.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5Dearray.c
[=[
{
    H5D_earray_ctx_ud_t udata;               /* User data for extensible array open call */
    herr_t              ret_value = SUCCEED; /* Return value */

]=]
[=[
{
    H5D_earray_ctx_ud_t udata;               /* User data for extensible array open call */
    bool                filtered = idx_info->pline->nused > 0;
    unsigned            size_len = 1 + ((H5VM_log2_gen((uint64_t)idx_info->layout->size) + 8) / 8);
    herr_t              ret_value = SUCCEED; /* Return value */

]=]
  src/H5Dearray.c
[=[
        HGOTO_ERROR(H5E_DATASET, H5E_CANTINIT, FAIL, "can't open extensible array");

    /* Check for SWMR writes to the file */
    if (H5F_INTENT(idx_info->f) & H5F_ACC_SWMR_WRITE)
]=]
[=[
        HGOTO_ERROR(H5E_DATASET, H5E_CANTINIT, FAIL, "can't open extensible array");

    /* What is read of an array lands in a variable for the elements of an index with filters, or without */
    if (!H5EA_holds(idx_info->storage->u.earray.ea, filtered ? H5EA_CLS_FILT_CHUNK : H5EA_CLS_CHUNK,
                    (size_t)H5F_SIZEOF_ADDR(idx_info->f) + (filtered ? MIN(size_len, 8) + 4 : 0))) {
        if (H5EA_close(idx_info->storage->u.earray.ea) < 0)
            HDONE_ERROR(H5E_DATASET, H5E_CANTCLOSEOBJ, FAIL, "unable to close extensible array");
        idx_info->storage->u.earray.ea = NULL;
        HGOTO_ERROR(H5E_DATASET, H5E_BADVALUE, FAIL, "extensible array does not hold the chunks of this dataset");
    }

    /* Check for SWMR writes to the file */
    if (H5F_INTENT(idx_info->f) & H5F_ACC_SWMR_WRITE)
]=]
  src/H5Dfarray.c
[=[
{
    H5D_farray_ctx_ud_t udata;               /* User data for fixed array open call */
    herr_t              ret_value = SUCCEED; /* Return value */

]=]
[=[
{
    H5D_farray_ctx_ud_t udata;               /* User data for fixed array open call */
    bool                filtered = idx_info->pline->nused > 0;
    unsigned            size_len = 1 + ((H5VM_log2_gen((uint64_t)idx_info->layout->size) + 8) / 8);
    herr_t              ret_value = SUCCEED; /* Return value */

]=]
  src/H5Dfarray.c
[=[
        HGOTO_ERROR(H5E_DATASET, H5E_CANTINIT, FAIL, "can't open fixed array");

    /* Check for SWMR writes to the file */
    if (H5F_INTENT(idx_info->f) & H5F_ACC_SWMR_WRITE)
]=]
[=[
        HGOTO_ERROR(H5E_DATASET, H5E_CANTINIT, FAIL, "can't open fixed array");

    /* What is read of an array lands in a variable for the elements of an index with filters, or without */
    if (!H5FA_holds(idx_info->storage->u.farray.fa, filtered ? H5FA_CLS_FILT_CHUNK : H5FA_CLS_CHUNK,
                    (size_t)H5F_SIZEOF_ADDR(idx_info->f) + (filtered ? MIN(size_len, 8) + 4 : 0))) {
        if (H5FA_close(idx_info->storage->u.farray.fa) < 0)
            HDONE_ERROR(H5E_DATASET, H5E_CANTCLOSEOBJ, FAIL, "unable to close fixed array");
        idx_info->storage->u.farray.fa = NULL;
        HGOTO_ERROR(H5E_DATASET, H5E_BADVALUE, FAIL, "fixed array does not hold the chunks of this dataset");
    }

    /* Check for SWMR writes to the file */
    if (H5F_INTENT(idx_info->f) & H5F_ACC_SWMR_WRITE)
]=]
  src/H5EA.c
[=[
        sblk_idx = H5EA__dblock_sblk_idx(hdr, idx);

        /* Adjust index to offset in super block */
        elmt_idx = idx - (hdr->cparam.idx_blk_elmts + hdr->sblk_info[sblk_idx].start_idx);
]=]
[=[
        sblk_idx = H5EA__dblock_sblk_idx(hdr, idx);

        if (sblk_idx >= hdr->nsblks)
            HGOTO_ERROR(H5E_EARRAY, H5E_BADRANGE, FAIL, "index is beyond the end of the extensible array");

        /* Adjust index to offset in super block */
        elmt_idx = idx - (hdr->cparam.idx_blk_elmts + hdr->sblk_info[sblk_idx].start_idx);
]=]
  src/H5EA.c
[=[
            dblk_idx = (size_t)(hdr->sblk_info[sblk_idx].start_dblk +
                                (elmt_idx / hdr->sblk_info[sblk_idx].dblk_nelmts));
            assert(dblk_idx < iblock->ndblk_addrs);

            /* Check if the data block has been allocated on disk yet */
]=]
[=[
            dblk_idx = (size_t)(hdr->sblk_info[sblk_idx].start_dblk +
                                (elmt_idx / hdr->sblk_info[sblk_idx].dblk_nelmts));
            if (dblk_idx >= iblock->ndblk_addrs)
                HGOTO_ERROR(H5E_EARRAY, H5E_BADRANGE, FAIL, "index is beyond the end of the extensible array");

            /* Check if the data block has been allocated on disk yet */
]=]
  src/H5EA.c
[=[
            /* Compute the data block index in super block */
            dblk_idx = (size_t)(elmt_idx / sblock->dblk_nelmts);
            assert(dblk_idx < sblock->ndblks);

            /* Check if the data block has been allocated on disk yet */
]=]
[=[
            /* Compute the data block index in super block */
            dblk_idx = (size_t)(elmt_idx / sblock->dblk_nelmts);
            if (dblk_idx >= sblock->ndblks)
                HGOTO_ERROR(H5E_EARRAY, H5E_BADRANGE, FAIL, "index is beyond the end of the extensible array");

            /* Check if the data block has been allocated on disk yet */
]=]
  src/H5EA.c
[=[
} /* end H5EA_set() */

/*-------------------------------------------------------------------------
 * Function:	H5EA_get
]=]
[=[
} /* end H5EA_set() */

/* Whether the array's elements are of this class and have this size in the file. */
bool
H5EA_holds(const H5EA_t *ea, const H5EA_class_t *cls, size_t raw_elmt_size)
{
    return ea->hdr->cparam.cls == cls && ea->hdr->cparam.raw_elmt_size == raw_elmt_size;
}

/*-------------------------------------------------------------------------
 * Function:	H5EA_get
]=]
  src/H5EAcache.c
[=[
                     elements in data block page */

    /* Array statistics */
    hdr->stats.computed.hdr_size = len;                                   /* Size of header in file */
]=]
[=[
                     elements in data block page */

    /* These make the tables of blocks, whose numbers are powers of two within the bits of an index */
    if (hdr->cparam.max_nelmts_bits == 0 || hdr->cparam.max_nelmts_bits > 64 || !POWER_OF_TWO(hdr->cparam.data_blk_min_elmts) ||
        !POWER_OF_TWO(hdr->cparam.sup_blk_min_data_ptrs) || hdr->cparam.sup_blk_min_data_ptrs < 2 ||
        H5VM_log2_of2(hdr->cparam.data_blk_min_elmts) + 2 * H5VM_log2_of2(hdr->cparam.sup_blk_min_data_ptrs) >
            1 + (unsigned)hdr->cparam.max_nelmts_bits ||
        hdr->cparam.max_dblk_page_nelmts_bits > MIN(hdr->cparam.max_nelmts_bits, 31))
        HGOTO_ERROR(H5E_EARRAY, H5E_BADVALUE, NULL, "extensible array whose blocks cannot be numbered");

    /* Array statistics */
    hdr->stats.computed.hdr_size = len;                                   /* Size of header in file */
]=]
  src/H5EAdblkpage.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (dblk_page->hdr != hdr)
        HGOTO_ERROR(H5E_EARRAY, H5E_BADVALUE, NULL, "extensible array data block page belongs to another array");

    /* Create top proxy, if it doesn't exist */
]=]
  src/H5EAdblock.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (dblock->hdr != hdr || dblock->nelmts != dblk_nelmts)
        HGOTO_ERROR(H5E_EARRAY, H5E_BADVALUE, NULL, "extensible array data block belongs to another array");

    /* Create top proxy, if it doesn't exist */
]=]
  src/H5EAiblock.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (iblock->hdr != hdr)
        HGOTO_ERROR(H5E_EARRAY, H5E_BADVALUE, NULL, "extensible array index block belongs to another array");

    /* Create top proxy, if it doesn't exist */
]=]
  src/H5EAprivate.h
[=[
/* Statistics routines */
H5_DLL herr_t H5EA_get_stats(const H5EA_t *ea, H5EA_stat_t *stats);
]=]
[=[
/* Statistics routines */
H5_DLL bool   H5EA_holds(const H5EA_t *ea, const H5EA_class_t *cls, size_t raw_elmt_size);
H5_DLL herr_t H5EA_get_stats(const H5EA_t *ea, H5EA_stat_t *stats);
]=]
  src/H5EAsblock.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (sblock->hdr != hdr || sblock->idx != sblk_idx)
        HGOTO_ERROR(H5E_EARRAY, H5E_BADVALUE, NULL, "extensible array super block belongs to another array");

    /* Create top proxy, if it doesn't exist */
]=]
  src/H5FA.c
[=[
    /* Check arguments */
    assert(fa);
    assert(fa->hdr);

    /* Set the shared array header's file context for this operation */
    hdr->f = fa->f;

    /* Check if we need to create the fixed array data block */
]=]
[=[
    /* Check arguments */
    assert(fa);
    assert(fa->hdr);

    if (idx >= hdr->cparam.nelmts)
        HGOTO_ERROR(H5E_FARRAY, H5E_BADRANGE, FAIL, "index is beyond the end of the fixed array");

    /* Set the shared array header's file context for this operation */
    hdr->f = fa->f;

    /* Check if we need to create the fixed array data block */
]=]
  src/H5FA.c
[=[

    FUNC_LEAVE_NOAPI(ret_value)
} /* end H5FA_set() */

/*-------------------------------------------------------------------------
 * Function:    H5FA_get
 *
 * Purpose:     Get an element of a fixed array
]=]
[=[

    FUNC_LEAVE_NOAPI(ret_value)
} /* end H5FA_set() */

/* Whether the array's elements are of this class and have this size in the file. */
bool
H5FA_holds(const H5FA_t *fa, const H5FA_class_t *cls, size_t raw_elmt_size)
{
    return fa->hdr->cparam.cls == cls && fa->hdr->cparam.raw_elmt_size == raw_elmt_size;
}

/*-------------------------------------------------------------------------
 * Function:    H5FA_get
 *
 * Purpose:     Get an element of a fixed array
]=]
  src/H5FA.c
[=[
    /* Check arguments */
    assert(fa);
    assert(fa->hdr);

    /* Set the shared array header's file context for this operation */
    hdr->f = fa->f;

    /* Check if the fixed array data block has been allocated on disk yet */
]=]
[=[
    /* Check arguments */
    assert(fa);
    assert(fa->hdr);

    if (idx >= hdr->cparam.nelmts)
        HGOTO_ERROR(H5E_FARRAY, H5E_BADRANGE, FAIL, "index is beyond the end of the fixed array");

    /* Set the shared array header's file context for this operation */
    hdr->f = fa->f;

    /* Check if the fixed array data block has been allocated on disk yet */
]=]
  src/H5FA.c
[=[
    if (NULL == (elmt = H5FL_BLK_MALLOC(fa_native_elmt, fa->hdr->cparam.cls->nat_elmt_size)))
        HGOTO_ERROR(H5E_FARRAY, H5E_CANTALLOC, H5_ITER_ERROR,
                    "memory allocation failed for fixed array element");

    /* Iterate over all elements in array */
    for (u = 0; u < fa->hdr->stats.nelmts && ret_value == H5_ITER_CONT; u++) {
        /* Get array element */
        if (H5FA_get(fa, u, elmt) < 0)
]=]
[=[
    if (NULL == (elmt = H5FL_BLK_MALLOC(fa_native_elmt, fa->hdr->cparam.cls->nat_elmt_size)))
        HGOTO_ERROR(H5E_FARRAY, H5E_CANTALLOC, H5_ITER_ERROR,
                    "memory allocation failed for fixed array element");

    /* An array without a data block has no element that is set */
    if (!H5_addr_defined(fa->hdr->dblk_addr))
        HGOTO_DONE(H5_ITER_CONT);

    /* Iterate over all elements in array */
    for (u = 0; u < fa->hdr->stats.nelmts && ret_value == H5_ITER_CONT; u++) {
        /* Get array element */
        if (H5FA_get(fa, u, elmt) < 0)
]=]
  src/H5FAcache.c
[=[
                                                         elements in data block page. */

    /* Array statistics */
    H5F_DECODE_LENGTH(udata->f, image, hdr->cparam.nelmts); /* Number of elements */
]=]
[=[
                                                         elements in data block page. */

    if (hdr->cparam.max_dblk_page_nelmts_bits == 0 || hdr->cparam.max_dblk_page_nelmts_bits > 31)
        HGOTO_ERROR(H5E_FARRAY, H5E_BADVALUE, NULL, "fixed array whose pages cannot be");

    /* Array statistics */
    H5F_DECODE_LENGTH(udata->f, image, hdr->cparam.nelmts); /* Number of elements */
]=]
  src/H5FAdblkpage.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (dblk_page->hdr != hdr || dblk_page->nelmts != dblk_page_nelmts)
        HGOTO_ERROR(H5E_FARRAY, H5E_BADVALUE, NULL, "fixed array data block page belongs to another array");

    /* Create top proxy, if it doesn't exist */
]=]
  src/H5FAdblock.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (dblock->hdr != hdr)
        HGOTO_ERROR(H5E_FARRAY, H5E_BADVALUE, NULL, "fixed array data block belongs to another array");

    /* Create top proxy, if it doesn't exist */
]=]
  src/H5FAprivate.h
[=[
/* Statistics routines */
H5_DLL herr_t H5FA_get_stats(const H5FA_t *ea, H5FA_stat_t *stats);
]=]
[=[
/* Statistics routines */
H5_DLL bool   H5FA_holds(const H5FA_t *fa, const H5FA_class_t *cls, size_t raw_elmt_size);
H5_DLL herr_t H5FA_get_stats(const H5FA_t *ea, H5FA_stat_t *stats);
]=])
