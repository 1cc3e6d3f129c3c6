# When a dataset shrinks, HDF5 looks up every possible chunk of the removed part, which never ends for the 2^60 chunks of a
# damaged file or of a sparse dataset. The patch visits only the stored chunks.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5Dchunk.c
[=[
} /* H5D__chunk_prune_fill */
]=]
[=[
} /* H5D__chunk_prune_fill */

/* The stored chunks that are cut off, or cut through, when a dataset becomes smaller */
typedef struct H5D_chunk_cut_t {
    unsigned        ndims;
    const hsize_t  *last;      /* The last chunk of each dimension before */
    const hssize_t *last_kept; /* The last chunk of each dimension that is kept */
    const bool     *fill_dim;  /* Dimensions in which chunks are cut through */
    const hsize_t  *first_cut; /* The first chunk that is cut, in these */
    size_t          count, room;
    hsize_t        *scaled; /* `ndims` for each, and in which dimension it is cut through, or H5O_LAYOUT_NDIMS */
} H5D_chunk_cut_t;

static int
H5D__chunk_cut_cb(const H5D_chunk_rec_t *chunk_rec, void *_cut)
{
    H5D_chunk_cut_t *cut       = (H5D_chunk_cut_t *)_cut;
    bool             outside   = false;
    unsigned         through   = H5O_LAYOUT_NDIMS;
    int              ret_value = H5_ITER_CONT;

    FUNC_ENTER_PACKAGE

    for (unsigned u = 0; u < cut->ndims; u++) {
        if (chunk_rec->scaled[u] > cut->last[u])
            HGOTO_DONE(H5_ITER_CONT);
        if ((hssize_t)chunk_rec->scaled[u] > cut->last_kept[u])
            outside = true;
        else if (cut->fill_dim[u] && chunk_rec->scaled[u] == cut->first_cut[u] && through == H5O_LAYOUT_NDIMS)
            through = u;
    }
    if (!outside && through == H5O_LAYOUT_NDIMS)
        HGOTO_DONE(H5_ITER_CONT);

    if (cut->count == cut->room) {
        size_t   room   = 2 * cut->room + 64;
        hsize_t *scaled = (hsize_t *)H5MM_realloc(cut->scaled, room * (cut->ndims + 1) * sizeof(hsize_t));

        if (NULL == scaled)
            HGOTO_ERROR(H5E_DATASET, H5E_CANTALLOC, H5_ITER_ERROR, "no memory for the list of chunks");
        cut->scaled = scaled;
        cut->room   = room;
    }
    H5MM_memcpy(cut->scaled + cut->count * (cut->ndims + 1), chunk_rec->scaled, cut->ndims * sizeof(hsize_t));
    cut->scaled[cut->count * (cut->ndims + 1) + cut->ndims] = outside ? H5O_LAYOUT_NDIMS : through;
    cut->count++;

done:
    FUNC_LEAVE_NOAPI(ret_value)
}
]=]
  src/H5Dchunk.c
[=[
    /* Main loop: fill or remove chunks */
    for (op_dim = 0; op_dim < (unsigned)space_ndims; op_dim++) {
        bool dims_outside_fill[H5O_LAYOUT_NDIMS]; /* Dimensions in chunk offset outside fill dimensions */
]=]
[=[
    /* Where many chunks are cut off, look at those that are stored, not at all that might be */
    for (op_dim = 0; op_dim < (unsigned)space_ndims; op_dim++)
        if (shrunk_dim[op_dim]) {
            double number = (double)(max_mod_chunk_sc[op_dim] - min_mod_chunk_sc[op_dim]) + 1;

            for (u = 0; u < space_ndims; u++)
                if (u != op_dim)
                    number *= (double)max_mod_chunk_sc[u] + 1;
            cut_off += number;
        }
    if (cut_off > 65536 && (H5D_CHUNK_IDX_BTREE == sc->idx_type || H5D_CHUNK_IDX_BT2 == sc->idx_type ||
                            H5D_CHUNK_IDX_FARRAY == sc->idx_type || H5D_CHUNK_IDX_EARRAY == sc->idx_type)) {
        while (rdcc->head)
            if (H5D__chunk_cache_evict(dset, rdcc->head, true) < 0)
                HGOTO_ERROR(H5E_DATASET, H5E_CANTREMOVE, FAIL, "unable to evict chunk");

        cut.ndims     = space_ndims;
        cut.last      = max_mod_chunk_sc;
        cut.last_kept = max_fill_chunk_sc;
        cut.fill_dim  = fill_dim;
        cut.first_cut = min_mod_chunk_sc;
        if (H5_addr_defined(sc->idx_addr) && (sc->ops->iterate)(&idx_info, H5D__chunk_cut_cb, &cut) < 0)
            HGOTO_ERROR(H5E_DATASET, H5E_BADITER, FAIL, "unable to iterate over chunk index");

        for (size_t n = 0; n < cut.count; n++) {
            hsize_t through = cut.scaled[n * (space_ndims + 1) + space_ndims];

            H5MM_memcpy(scaled, cut.scaled + n * (space_ndims + 1), space_ndims * sizeof(hsize_t));
            if (through < H5O_LAYOUT_NDIMS) {
                new_unfilt_chunk = new_unfilt_dim[through];
                for (u = 0; new_unfilt_chunk && u < space_ndims; u++)
                    if (scaled[u] == min_partial_chunk_sc[u])
                        new_unfilt_chunk = false;
                if (H5D__chunk_prune_fill(&udata, new_unfilt_chunk) < 0)
                    HGOTO_ERROR(H5E_DATASET, H5E_WRITEERROR, FAIL, "unable to write fill value");
            }
            else {
                idx_udata.scaled = scaled;
                if ((sc->ops->remove)(&idx_info, &idx_udata) < 0)
                    HGOTO_ERROR(H5E_DATASET, H5E_CANTDELETE, FAIL, "unable to remove chunk entry from index");
            }
        }
        H5D__chunk_cinfo_cache_reset(&dset->shared->cache.chunk.last);
        HGOTO_DONE(SUCCEED);
    }

    /* Main loop: fill or remove chunks */
    for (op_dim = 0; op_dim < (unsigned)space_ndims; op_dim++) {
        bool dims_outside_fill[H5O_LAYOUT_NDIMS]; /* Dimensions in chunk offset outside fill dimensions */
]=]
  src/H5Dchunk.c
[=[
    bool                shrunk_dim[H5O_LAYOUT_NDIMS];          /* Dimensions which have shrunk */
]=]
[=[
    bool                shrunk_dim[H5O_LAYOUT_NDIMS];          /* Dimensions which have shrunk */
    double          cut_off = 0;   /* How many chunks might be cut off, or cut through */
    H5D_chunk_cut_t cut     = {0}; /* Those that are stored */
]=]
  src/H5Dchunk.c
[=[
done:
    /* Release resources */
    if (chunk_space && H5S_close(chunk_space) < 0)
        HDONE_ERROR(H5E_DATASET, H5E_CLOSEERROR, FAIL, "unable to release dataspace");
    if (udata_init)
        if (udata.fb_info_init && H5D__fill_term(&udata.fb_info) < 0)
            HDONE_ERROR(H5E_DATASET, H5E_CANTFREE, FAIL, "Can't release fill buffer info");

    FUNC_LEAVE_NOAPI(ret_value)
} /* end H5D__chunk_prune_by_extent() */
]=]
[=[
done:
    /* Release resources */
    if (chunk_space && H5S_close(chunk_space) < 0)
        HDONE_ERROR(H5E_DATASET, H5E_CLOSEERROR, FAIL, "unable to release dataspace");
    H5MM_xfree(cut.scaled);
    if (udata_init)
        if (udata.fb_info_init && H5D__fill_term(&udata.fb_info) < 0)
            HDONE_ERROR(H5E_DATASET, H5E_CANTFREE, FAIL, "Can't release fill buffer info");

    FUNC_LEAVE_NOAPI(ret_value)
} /* end H5D__chunk_prune_by_extent() */
]=])
