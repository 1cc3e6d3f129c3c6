# What files bring out in HDF5, mended in the source that we build: most places were found by a damaged file or
# a mutant that crashed or hung us (test/hostile), and become errors that HDF5 reports as any other. Included with `source`
# set to the unpacked tree. A newer HDF5 whose text differs there is built as it is, and said so.
# h5tracks_mend(file before after [file before after ...])
function(h5tracks_mend)
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE 0 ${last} 3)
    math(EXPR j "${i} + 1")
    math(EXPR k "${i} + 2")
    set(file "${ARGV${i}}")
    set(before "${ARGV${j}}")
    file(READ ${source}/${file} text)
    string(FIND "${text}" "${before}" at)
    if(at EQUAL -1)
      message(WARNING "hdf5: ${file} is not the text that is to be mended; left as it is")
    else()
      string(REPLACE "${before}" "${ARGV${k}}" text "${text}")
      file(WRITE ${source}/${file} "${text}")
    endif()
  endforeach()
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

# References of the kind that came with 1.12 (H5T_STD_REF): one that claims 4 GB, an address or a name that goes beyond the
# bytes that are there, and a selection of another number of axes than its dataset has.
h5tracks_mend(src/H5Tref.c
  "        /* Retrieve encoded data size */
        UINT32DECODE(p, ret_value);
"
  "        /* Retrieve encoded data size */
        UINT32DECODE(p, ret_value);
        if (src_file && ret_value > H5F_get_eoa((const H5F_t *)H5VL_object_data(src_file), H5FD_MEM_DEFAULT))
            HGOTO_ERROR(H5E_REFERENCE, H5E_BADSIZE, 0, \"reference claims more bytes than its file has\");
")
h5tracks_mend(src/H5Tref.c
  "H5T__ref_disk_getsize(H5VL_object_t H5_ATTR_UNUSED *src_file, const void *src_buf, size_t src_size,
                      H5VL_object_t H5_ATTR_UNUSED *dst_file, bool *dst_copy)
{"
  "H5T__ref_disk_getsize(H5VL_object_t *src_file, const void *src_buf, size_t src_size,
                      H5VL_object_t H5_ATTR_UNUSED *dst_file, bool *dst_copy)
{")
h5tracks_mend(src/H5Rint.c
  "    /* Make sure that token is initialized */
    memset(obj_token, 0, sizeof(H5O_token_t));
"
  "    if ((size_t)*token_size > *nbytes - sizeof(uint8_t))
        HGOTO_ERROR(H5E_REFERENCE, H5E_CANTDECODE, FAIL, \"Buffer size is too small\");

    /* Make sure that token is initialized */
    memset(obj_token, 0, sizeof(H5O_token_t));
")
h5tracks_mend(src/H5Rint.c
  "    assert(string_len <= H5R_MAX_STRING_LEN);

    /* Allocate the string */"
  "    if (string_len > *nbytes - sizeof(uint16_t))
        HGOTO_ERROR(H5E_REFERENCE, H5E_CANTDECODE, FAIL, \"Buffer size is too small\");

    /* Allocate the string */")
h5tracks_mend(src/H5Rint.c
  "    /* Copy reference selection to destination */
    if (H5S_select_copy"
  "    if (H5S_GET_EXTENT_NDIMS(space) != H5S_GET_EXTENT_NDIMS(ref->info.reg.space))
        HGOTO_ERROR(H5E_REFERENCE, H5E_BADVALUE, FAIL, \"selection has another number of axes than its dataset\");

    /* Copy reference selection to destination */
    if (H5S_select_copy")

# Sequences that together claim more bytes than the file has (a base type of half a GiB, or one value of the heap for every
# element): the buffers for them are filled with zeros before the heap is asked. Four times, for references take less room
# in a file than the type says.
h5tracks_mend(src/H5Tconv_vlen.c
  "#include \"H5Eprivate.h\"\n"
  "#include \"H5Eprivate.h\"\n#include \"H5Fprivate.h\"\n")
h5tracks_mend(src/H5Tconv_vlen.c
  "    size_t                conv_buf_size = 0;     /* Size of conversion buffer in bytes */\n"
  "    size_t                conv_buf_size = 0;     /* Size of conversion buffer in bytes */\n    haddr_t               claimed       = 0;     /* Bytes of all sequences */\n")
h5tracks_mend(src/H5Tconv_vlen.c
  "                            src_size = seq_len * src_base_size;
"
  "                            if (H5T_LOC_DISK == src->shared->u.vlen.loc && src->shared->u.vlen.file) {
                                haddr_t most = 4 * H5F_get_eoa((const H5F_t *)H5VL_object_data(src->shared->u.vlen.file),
                                                               H5FD_MEM_DEFAULT);

                                if (seq_len > (most - claimed) / MAX(src_base_size, 1))
                                    HGOTO_ERROR(H5E_DATATYPE, H5E_BADSIZE, FAIL,
                                                \"sequences claim more bytes than their file has\");
                                claimed += (haddr_t)seq_len * src_base_size;
                            }
                            src_size = seq_len * src_base_size;
")

# Global heaps of less than 4096 bytes, which HDF5 does not write: others do, and 1.10 reads them.
h5tracks_mend(src/H5HGcache.c
  "    if (heap->size < H5HG_MINSIZE)\n"
  "    if (heap->size < H5HG_SIZEOF_HDR(f))\n")

# Two array types are compared by their base types twice, at every level: of 25 arrays within arrays that takes seconds.
h5tracks_mend(src/H5T.c
  "            tmp = H5T_cmp(dt1->shared->parent, dt2->shared->parent, superset);
            if (tmp < 0)
                HGOTO_DONE(-1);
            if (tmp > 0)
                HGOTO_DONE(1);
            break;

        case H5T_NO_CLASS"
  "            break;

        case H5T_NO_CLASS")

# What is longer has a file of its own.
file(GLOB mends ${CMAKE_CURRENT_LIST_DIR}/mend/*.cmake)
foreach(mend IN LISTS mends)
  include(${mend})
endforeach()
