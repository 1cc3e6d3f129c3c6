# What files bring out in HDF5, mended in the source that we build: most places were found by a damaged file or
# a mutant that crashed or hung us (test/hostile), and become errors that HDF5 reports as any other. Included with `source`
# set to the unpacked tree. A newer HDF5 whose text differs there is built as it is, and said so.
function(h5tracks_mend file before after)
  file(READ ${source}/${file} text)
  string(FIND "${text}" "${before}" at)
  if(at EQUAL -1)
    message(WARNING "hdf5: ${file} is not the text that is to be mended; left as it is")
    return()
  endif()
  string(REPLACE "${before}" "${after}" text "${text}")
  file(WRITE ${source}/${file} "${text}")
endfunction()

# Two local heaps that name the same data block (cve-2024-32609): it is the first one's, and the second goes without.
h5tracks_mend(src/H5HL.c
  "            /* Pin data block */
            pin_obj = dblk;"
  "            if (dblk->heap != heap)
                HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, \"local heap data block belongs to another heap\");

            /* Pin data block */
            pin_obj = dblk;")

# A global heap with a free-space object of size 0: the loop over its objects would stay there for ever.
h5tracks_mend(src/H5HGcache.c
  "                need = heap->obj[idx].size;\n"
  "                need = heap->obj[idx].size;\n            if (0 == need)\n                HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, \"free space of size 0 in global heap\");\n")

# A variable-length value that claims more elements than the file has bytes: memory for all of them would be filled with
# zeros before the value in the heap is found to be shorter.
h5tracks_mend(src/H5Tvlen.c
  "#include \"H5Eprivate.h\"  /* Error handling       */\n"
  "#include \"H5Eprivate.h\"  /* Error handling       */\n#include \"H5Fprivate.h\"\n")
h5tracks_mend(src/H5Tvlen.c
  "H5T__vlen_disk_getlen(H5VL_object_t H5_ATTR_UNUSED *file, const void *_vl, size_t *seq_len)
{
    const uint8_t *vl = (const uint8_t *)_vl; /* Pointer to the user's hvl_t information */

    FUNC_ENTER_PACKAGE_NOERR
"
  "H5T__vlen_disk_getlen(H5VL_object_t *file, const void *_vl, size_t *seq_len)
{
    const uint8_t *vl = (const uint8_t *)_vl; /* Pointer to the user's hvl_t information */
    const H5F_t   *f;
    herr_t         ret_value = SUCCEED;

    FUNC_ENTER_PACKAGE
")
h5tracks_mend(src/H5Tvlen.c
  "    UINT32DECODE(vl, *seq_len);

    FUNC_LEAVE_NOAPI(SUCCEED)
} /* end H5T__vlen_disk_getlen() */"
  "    UINT32DECODE(vl, *seq_len);
    if (file && NULL != (f = (const H5F_t *)H5VL_object_data(file)) && *seq_len > H5F_get_eoa(f, H5FD_MEM_DEFAULT))
        HGOTO_ERROR(H5E_DATATYPE, H5E_BADSIZE, FAIL, \"sequence claims more elements than its file has bytes\");

done:
    FUNC_LEAVE_NOAPI(ret_value)
} /* end H5T__vlen_disk_getlen() */")

# Scale-offset: integers over the full range of their type are written so and then refused; and a chunk that is shorter than
# its values need is read beyond its end.
h5tracks_mend(src/H5Zscaleoffset.c
  "        minbits = 0;
        for (i = 0; i < 4; i++) {
            minbits_mask = ((unsigned char *)*buf)[i];"
  "        if (nbytes < buf_offset)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, \"chunk is shorter than its header\");
        minbits = 0;
        for (i = 0; i < 4; i++) {
            minbits_mask = ((unsigned char *)*buf)[i];")
h5tracks_mend(src/H5Zscaleoffset.c
  "        if (minbits >= p.size * 8)
            HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, \"minimum number of bits exceeds size of type\");
"
  "        if (minbits > p.size * 8)
            HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, \"minimum number of bits exceeds size of type\");
        if ((uint64_t)d_nelmts * minbits > (uint64_t)(nbytes - buf_offset) * 8)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, \"chunk is shorter than its values need\");
")

# A chunk that gives fewer bytes than it has values: what lies behind it in memory would be taken for the rest.
h5tracks_mend(src/H5Dchunk.c
  "                                     filter_cb, &my_chunk_alloc, &buf_alloc, &chunk) < 0)
                        HGOTO_ERROR(H5E_DATASET, H5E_CANTFILTER, NULL, \"data pipeline read failed\");
"
  "                                     filter_cb, &my_chunk_alloc, &buf_alloc, &chunk) < 0)
                        HGOTO_ERROR(H5E_DATASET, H5E_CANTFILTER, NULL, \"data pipeline read failed\");
                    if (my_chunk_alloc < chunk_size)
                        HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, NULL, \"chunk is shorter than its values need\");
")
h5tracks_mend(src/H5Dchunk.c
  "                /* Increment # of cache misses */
                rdcc->stats.nmisses++;
            } /* end if */
            else {
                H5D_fill_value_t fill_status;
"
  "                if (my_chunk_alloc < chunk_size)
                    HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, NULL, \"chunk is shorter than its values need\");

                /* Increment # of cache misses */
                rdcc->stats.nmisses++;
            } /* end if */
            else {
                H5D_fill_value_t fill_status;
")

# Values of variable length within packed compounds are given back through pointers that are not aligned.
h5tracks_mend(src/H5Tvlen.c
  "                hvl_t *vl = (hvl_t *)elem; /* Temp. ptr to the vl info */
"
  "                hvl_t info, *vl = &info;

                memcpy(&info, elem, sizeof(info));
")
h5tracks_mend(src/H5Tvlen.c
  "                /* Free the VL string */
                if (free_func != NULL)
                    (*free_func)(*(char **)elem, free_info);
                else
                    free(*(char **)elem);
"
  "                char *text;

                memcpy(&text, elem, sizeof(text));
                if (free_func != NULL)
                    (*free_func)(text, free_info);
                else
                    free(text);
")
