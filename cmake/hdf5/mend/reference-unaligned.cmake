# HDF5 reads and reclaims references within packed compounds through unaligned pointers.
# Test: hdf5/objects/new-references under the undefined-behaviour sanitizer. Upstream: not known.
h5tracks_mend(
  src/H5Tref.c
[=[
    const H5R_ref_priv_t *src_ref = (const H5R_ref_priv_t *)src_buf;
]=]
[=[
    H5R_ref_priv_t        aligned;
    const H5R_ref_priv_t *src_ref = &aligned;
]=]
  src/H5Tref.c
[=[
    assert(src_size == H5T_REF_MEM_SIZE);

    if (NULL != dst_file) {
]=]
[=[
    assert(src_size == H5T_REF_MEM_SIZE);

    memcpy(&aligned, src_buf, sizeof(aligned));
    if (NULL != dst_file) {
]=]
  src/H5Tref.c
[=[
    const H5R_ref_priv_t *src_ref     = (const H5R_ref_priv_t *)src_buf;
]=]
[=[
    H5R_ref_priv_t        aligned;
    const H5R_ref_priv_t *src_ref     = &aligned;
]=]
  src/H5Tref.c
[=[
    /* Retrieve VOL object */
    if (NULL == (vol_obj = H5VL_vol_object(src_ref->loc_id)))
]=]
[=[
    /* Retrieve VOL object */
    memcpy(&aligned, src_buf, sizeof(aligned));
    if (NULL == (vol_obj = H5VL_vol_object(src_ref->loc_id)))
]=]
  src/H5Tref.c
[=[
    H5R_ref_priv_t *dst_ref = (H5R_ref_priv_t *)dst_buf;
    H5R_ref_priv_t  tmp_ref; /* Temporary reference to decode into */
    herr_t          ret_value = SUCCEED;
]=]
[=[
    H5R_ref_priv_t  tmp_ref; /* Temporary reference to decode into */
    herr_t          ret_value = SUCCEED;
]=]
  src/H5Tref.c
[=[
    HDcompile_assert(sizeof(*dst_ref) == sizeof(tmp_ref));
]=]
[=[
]=]
  src/H5Tref.c
[=[
    H5MM_memcpy(dst_ref, &tmp_ref, sizeof(tmp_ref));
]=]
[=[
    H5MM_memcpy(dst_buf, &tmp_ref, sizeof(tmp_ref));
]=]
  src/H5Tref.c
[=[
    if (dt->shared->u.atomic.u.r.opaque && H5R__destroy((H5R_ref_priv_t *)elem) < 0)
        HGOTO_ERROR(H5E_REFERENCE, H5E_CANTFREE, FAIL, "cannot free reference");
]=]
[=[
    if (dt->shared->u.atomic.u.r.opaque) {
        H5R_ref_priv_t aligned;

        memcpy(&aligned, elem, sizeof(aligned));
        if (H5R__destroy(&aligned) < 0)
            HGOTO_ERROR(H5E_REFERENCE, H5E_CANTFREE, FAIL, "cannot free reference");
        memcpy(elem, &aligned, sizeof(aligned));
    }
]=])
