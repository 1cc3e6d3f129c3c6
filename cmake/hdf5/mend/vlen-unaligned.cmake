# HDF5 reclaims variable-length values within packed compounds through unaligned pointers.
# Test: hdf5/values/types under the undefined-behaviour sanitizer. Upstream: not known.
h5tracks_mend(
  src/H5Tvlen.c
[=[
            if (dt->shared->u.vlen.type == H5T_VLEN_SEQUENCE) {
                hvl_t *vl = (hvl_t *)elem; /* Temp. ptr to the vl info */

]=]
[=[
            if (dt->shared->u.vlen.type == H5T_VLEN_SEQUENCE) {
                hvl_t info, *vl = &info;

                memcpy(&info, elem, sizeof(info));

]=]
  src/H5Tvlen.c
[=[
            else if (dt->shared->u.vlen.type == H5T_VLEN_STRING) {
                /* Free the VL string */
                if (free_func != NULL)
                    (*free_func)(*(char **)elem, free_info);
                else
                    free(*(char **)elem);
            }
]=]
[=[
            else if (dt->shared->u.vlen.type == H5T_VLEN_STRING) {
                char *text;

                memcpy(&text, elem, sizeof(text));
                if (free_func != NULL)
                    (*free_func)(text, free_info);
                else
                    free(text);
            }
]=])
