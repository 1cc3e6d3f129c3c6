# A variable-length type that is neither a sequence nor a string: HDF5 uses its form in the file where it needs the one in memory.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5Odtype.c
[=[
            dt->shared->u.vlen.type = (H5T_vlen_type_t)(flags & 0x0f);
]=]
[=[
            dt->shared->u.vlen.type = (H5T_vlen_type_t)(flags & 0x0f);
            if (dt->shared->u.vlen.type != H5T_VLEN_SEQUENCE && dt->shared->u.vlen.type != H5T_VLEN_STRING)
                HGOTO_ERROR(H5E_DATATYPE, H5E_UNSUPPORTED, FAIL, "unknown kind of variable-length datatype");
]=])
