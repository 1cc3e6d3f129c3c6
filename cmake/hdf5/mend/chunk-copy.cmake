# Copying chunks: HDF5 frees moved buffers again after an error, writes values in memory beyond the end of a filter's buffer, and
# beyond that of the background buffer when the chunk's buffer has grown; it trusts the size of a chunk; and it does not check
# that the layout fits the dataspace and the type when the dataset is not open.
# Test: hostile/structures. Upstream: HDFGroup/hdf5#6133, HDFGroup/hdf5#6123.
h5tracks_mend(
  src/H5Dchunk.c
[=[
    void                 *bkg;          /* Buffer for background information during type conversion */
    size_t                buf_size;     /* Buffer size */
    bool                  do_convert;   /* Whether to perform type conversions */

]=]
[=[
    void                 *bkg;          /* Buffer for background information during type conversion */
    size_t                buf_size;     /* Buffer size */
    size_t                bkg_size;     /* Background buffer size, when there is one */
    size_t                room;         /* What buffers need for the values of a chunk in all their forms */
    bool                  do_convert;   /* Whether to perform type conversions */

]=]
  src/H5Dchunk.c
[=[
} /* end H5D__chunk_update_cache() */

/*-------------------------------------------------------------------------
 * Function:    H5D__chunk_copy_cb
]=]
[=[
} /* end H5D__chunk_update_cache() */

/* Both buffers get room for the values of a chunk in all their forms, and for SIZE bytes. */
static herr_t
H5D__chunk_copy_room(H5D_chunk_it_ud3_t *udata, size_t size)
{
    void  *grown;
    herr_t ret_value = SUCCEED;

    FUNC_ENTER_PACKAGE

    size = MAX3(size, udata->room, udata->buf_size);
    if (udata->buf_size < size) {
        if (NULL == (grown = H5MM_realloc(udata->buf, size)))
            HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed for raw data chunk");
        udata->buf      = grown;
        udata->buf_size = size;
    }
    if (udata->bkg && udata->bkg_size < size) {
        if (NULL == (grown = H5MM_realloc(udata->bkg, size)))
            HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed for raw data chunk");
        udata->bkg = grown;
        memset((uint8_t *)udata->bkg + udata->bkg_size, 0, size - udata->bkg_size);
        udata->bkg_size = size;
    }

done:
    FUNC_LEAVE_NOAPI(ret_value)
}

/*-------------------------------------------------------------------------
 * Function:    H5D__chunk_copy_cb
]=]
  src/H5Dchunk.c
[=[
    } /* end if */

    /* Resize the buf if it is too small to hold the data */
    if (nbytes > buf_size) {
        void *new_buf; /* New buffer for data */

        /* Re-allocate memory for copying the chunk */
        if (NULL == (new_buf = H5MM_realloc(udata->buf, nbytes)))
            HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, H5_ITER_ERROR,
                        "memory allocation failed for raw data chunk");
        udata->buf = new_buf;
        if (udata->bkg) {
            if (NULL == (new_buf = H5MM_realloc(udata->bkg, nbytes)))
                HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, H5_ITER_ERROR,
                            "memory allocation failed for raw data chunk");
            udata->bkg = new_buf;
            if (!udata->cpy_info->expand_ref)
                memset((uint8_t *)udata->bkg + buf_size, 0, (size_t)(nbytes - buf_size));

            bkg = udata->bkg;
        } /* end if */

        buf             = udata->buf;
        udata->buf_size = buf_size = nbytes;
    } /* end if */

    if (udata->chunk_in_cache && udata->chunk) {
]=]
[=[
    } /* end if */

    /* A chunk is within its file, and one that is not filtered is whole */
    if (!udata->chunk_in_cache && nbytes > H5F_get_eoa(udata->file_src, H5FD_MEM_DRAW))
        HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, H5_ITER_ERROR, "chunk claims more bytes than its file has");
    if (!must_filter && nbytes < udata->common.layout->size)
        HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, H5_ITER_ERROR, "chunk is shorter than its values need");

    if (H5D__chunk_copy_room(udata, nbytes) < 0)
        HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, H5_ITER_ERROR, "memory allocation failed for raw data chunk");
    buf      = udata->buf;
    bkg      = udata->bkg;
    buf_size = udata->buf_size;

    if (udata->chunk_in_cache && udata->chunk) {
]=]
  src/H5Dchunk.c
[=[

            H5_CHECKED_ASSIGN(nbytes, size_t, shared_fo->layout.u.chunk.size, uint32_t);
            H5MM_memcpy(buf, ent->chunk, nbytes);
        }
]=]
[=[

            H5_CHECKED_ASSIGN(nbytes, size_t, shared_fo->layout.u.chunk.size, uint32_t);
            if (nbytes != udata->common.layout->size)
                HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, H5_ITER_ERROR, "dataset is open with chunks of another size");
            H5MM_memcpy(buf, ent->chunk, nbytes);
        }
]=]
  src/H5Dchunk.c
[=[
    if (must_filter && (is_vlen || fix_ref) && !udata->chunk_in_cache) {
        unsigned filter_mask = chunk_rec->filter_mask;

        if (H5Z_pipeline(pline, H5Z_FLAG_REVERSE, &filter_mask, H5Z_NO_EDC, filter_cb, &nbytes, &buf_size,
                         &buf) < 0)
            HGOTO_ERROR(H5E_PLINE, H5E_CANTFILTER, H5_ITER_ERROR, "data pipeline read failed");
    } /* end if */

    /* Perform datatype conversion, if necessary */
    if (is_vlen) {
]=]
[=[
    if (must_filter && (is_vlen || fix_ref) && !udata->chunk_in_cache) {
        unsigned filter_mask = chunk_rec->filter_mask;
        herr_t   filtered;

        filtered        = H5Z_pipeline(pline, H5Z_FLAG_REVERSE, &filter_mask, H5Z_NO_EDC, filter_cb, &nbytes,
                                       &buf_size, &buf);
        udata->buf      = buf;
        udata->buf_size = buf_size;
        if (filtered < 0)
            HGOTO_ERROR(H5E_PLINE, H5E_CANTFILTER, H5_ITER_ERROR, "data pipeline read failed");
        if (nbytes < udata->common.layout->size)
            HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, H5_ITER_ERROR, "chunk is shorter than its values need");
    } /* end if */

    /* A filter's buffer need not have room for the values as they are in memory, nor the background that of the buffer */
    if (udata->do_convert) {
        if (H5D__chunk_copy_room(udata, buf_size) < 0)
            HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, H5_ITER_ERROR, "no memory for a chunk");
        buf      = udata->buf;
        bkg      = udata->bkg;
        buf_size = udata->buf_size;
    }

    /* Perform datatype conversion, if necessary */
    if (is_vlen) {
]=]
  src/H5Dchunk.c
[=[
     * file */
    if (must_filter && (is_vlen || fix_ref || udata->chunk_in_cache)) {
        if (H5Z_pipeline(pline, 0, &(udata_dst.filter_mask), H5Z_NO_EDC, filter_cb, &nbytes, &buf_size,
                         &buf) < 0)
            HGOTO_ERROR(H5E_PLINE, H5E_CANTFILTER, H5_ITER_ERROR, "output pipeline failed");
#if H5_SIZEOF_SIZE_T > 4
]=]
[=[
     * file */
    if (must_filter && (is_vlen || fix_ref || udata->chunk_in_cache)) {
        herr_t filtered;

        filtered        = H5Z_pipeline(pline, 0, &(udata_dst.filter_mask), H5Z_NO_EDC, filter_cb, &nbytes, &buf_size,
                                       &buf);
        udata->buf      = buf;
        udata->buf_size = buf_size;
        if (filtered < 0)
            HGOTO_ERROR(H5E_PLINE, H5E_CANTFILTER, H5_ITER_ERROR, "output pipeline failed");
#if H5_SIZEOF_SIZE_T > 4
]=]
  src/H5Dchunk.c
[=[
#endif /* H5_SIZEOF_SIZE_T > 4 */
        H5_CHECKED_ASSIGN(udata_dst.chunk_block.length, uint32_t, nbytes, size_t);
        udata->buf      = buf;
        udata->buf_size = buf_size;
    } /* end if */

]=]
[=[
#endif /* H5_SIZEOF_SIZE_T > 4 */
        H5_CHECKED_ASSIGN(udata_dst.chunk_block.length, uint32_t, nbytes, size_t);
    } /* end if */

]=]
  src/H5Dchunk.c
[=[
    bool               do_convert      = false;     /* Indicate that type conversions should be performed */
    bool               copy_setup_done = false;     /* Indicate that 'copy setup' is done */
    herr_t             ret_value       = SUCCEED;   /* Return value */

]=]
[=[
    bool               do_convert      = false;     /* Indicate that type conversions should be performed */
    bool               copy_setup_done = false;     /* Indicate that 'copy setup' is done */
    int                iterated;                    /* What came of an iteration, which may move the buffers */
    herr_t             ret_value       = SUCCEED;   /* Return value */

]=]
  src/H5Dchunk.c
[=[
        H5_CHECKED_ASSIGN(ndims, unsigned, sndims, int);

        /* Set the source layout chunk information */
        if (H5D__chunk_set_info_real(layout_src, ndims, curr_dims, max_dims) < 0)
]=]
[=[
        H5_CHECKED_ASSIGN(ndims, unsigned, sndims, int);

        /* Nobody has opened the dataset, so nobody has looked whether its messages agree */
        if (layout_src->ndims != ndims + 1 || layout_src->dim[ndims] != H5T_get_size(dt_src))
            HGOTO_ERROR(H5E_DATASET, H5E_BADVALUE, FAIL, "chunks do not agree with dataspace and datatype");
        {
            uint64_t bytes = 1;

            for (unsigned u = 0; u <= ndims; u++)
                if (0 == layout_src->dim[u] || (bytes *= layout_src->dim[u]) > layout_src->size)
                    HGOTO_ERROR(H5E_DATASET, H5E_BADVALUE, FAIL, "chunks do not have the size of their values");
            if (bytes != layout_src->size)
                HGOTO_ERROR(H5E_DATASET, H5E_BADVALUE, FAIL, "chunks do not have the size of their values");
        }

        /* Set the source layout chunk information */
        if (H5D__chunk_set_info_real(layout_src, ndims, curr_dims, max_dims) < 0)
]=]
  src/H5Dchunk.c
[=[
    udata.bkg              = bkg;
    udata.buf_size         = buf_size;
    udata.dt_src           = dt_src;
    udata.dt_dst           = dt_dst;
]=]
[=[
    udata.bkg              = bkg;
    udata.buf_size         = buf_size;
    udata.bkg_size         = bkg ? buf_size : 0;
    udata.room             = buf_size;
    udata.dt_src           = dt_src;
    udata.dt_dst           = dt_dst;
]=]
  src/H5Dchunk.c
[=[

    /* Iterate over chunks to copy data */
    if ((storage_src->ops->iterate)(&idx_info_src, H5D__chunk_copy_cb, &udata) < 0)
        HGOTO_ERROR(H5E_DATASET, H5E_BADITER, FAIL, "unable to iterate over chunk index to copy data");

]=]
[=[

    /* Iterate over chunks to copy data */
    iterated = (storage_src->ops->iterate)(&idx_info_src, H5D__chunk_copy_cb, &udata);
    buf      = udata.buf;
    bkg      = udata.bkg;
    if (iterated < 0)
        HGOTO_ERROR(H5E_DATASET, H5E_BADITER, FAIL, "unable to iterate over chunk index to copy data");

]=]
  src/H5Dchunk.c
[=[
                udata.chunk          = ent->chunk;
                udata.chunk_in_cache = true;
                if (H5D__chunk_copy_cb(&chunk_rec, &udata) < 0)
                    HGOTO_ERROR(H5E_DATASET, H5E_CANTCOPY, FAIL, "unable to copy chunk data in cache");
            }
]=]
[=[
                udata.chunk          = ent->chunk;
                udata.chunk_in_cache = true;
                iterated             = H5D__chunk_copy_cb(&chunk_rec, &udata);
                buf                  = udata.buf;
                bkg                  = udata.bkg;
                if (iterated < 0)
                    HGOTO_ERROR(H5E_DATASET, H5E_CANTCOPY, FAIL, "unable to copy chunk data in cache");
            }
]=]
  src/H5Dchunk.c
[=[
    }

    /* I/O buffers may have been re-allocated */
    buf = udata.buf;
    bkg = udata.bkg;

done:
    if (dt_dst && (H5T_close(dt_dst) < 0))
]=]
[=[
    }

done:
    if (dt_dst && (H5T_close(dt_dst) < 0))
]=])
