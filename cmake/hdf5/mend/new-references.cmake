# References introduced in 1.12 (H5T_STD_REF): one that claims 4 GB, an address or a name beyond the stored bytes, and a selection
# whose rank differs from that of its dataset.
# Test: hdf5/objects/new-references. Upstream: not known.
h5tracks_mend(
  src/H5Tref.c
[=[
        /* Retrieve encoded data size */
        UINT32DECODE(p, ret_value);
]=]
[=[
        /* Retrieve encoded data size */
        UINT32DECODE(p, ret_value);
        if (src_file && ret_value > H5F_get_eoa((const H5F_t *)H5VL_object_data(src_file), H5FD_MEM_DEFAULT))
            HGOTO_ERROR(H5E_REFERENCE, H5E_BADSIZE, 0, "reference claims more bytes than its file has");
]=]
  src/H5Tref.c
[=[
H5T__ref_disk_getsize(H5VL_object_t H5_ATTR_UNUSED *src_file, const void *src_buf, size_t src_size,
                      H5VL_object_t H5_ATTR_UNUSED *dst_file, bool *dst_copy)
{]=]
[=[
H5T__ref_disk_getsize(H5VL_object_t *src_file, const void *src_buf, size_t src_size,
                      H5VL_object_t H5_ATTR_UNUSED *dst_file, bool *dst_copy)
{]=]
  src/H5Rint.c
[=[
    /* Make sure that token is initialized */
    memset(obj_token, 0, sizeof(H5O_token_t));
]=]
[=[
    if ((size_t)*token_size > *nbytes - sizeof(uint8_t))
        HGOTO_ERROR(H5E_REFERENCE, H5E_CANTDECODE, FAIL, "Buffer size is too small");

    /* Make sure that token is initialized */
    memset(obj_token, 0, sizeof(H5O_token_t));
]=]
  src/H5Rint.c
[=[
    assert(string_len <= H5R_MAX_STRING_LEN);

    /* Allocate the string */]=]
[=[
    if (string_len > *nbytes - sizeof(uint16_t))
        HGOTO_ERROR(H5E_REFERENCE, H5E_CANTDECODE, FAIL, "Buffer size is too small");

    /* Allocate the string */]=]
  src/H5Rint.c
[=[
    /* Copy reference selection to destination */
    if (H5S_select_copy]=]
[=[
    if (H5S_GET_EXTENT_NDIMS(space) != H5S_GET_EXTENT_NDIMS(ref->info.reg.space))
        HGOTO_ERROR(H5E_REFERENCE, H5E_BADVALUE, FAIL, "selection has another number of axes than its dataset");

    /* Copy reference selection to destination */
    if (H5S_select_copy]=])
