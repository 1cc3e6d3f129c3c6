# Copying thousands of nested groups, or a long chain of references, overflows the stack.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5Ocopy.c
[=[
        /* Copy object referred to */
        if (H5O__copy_header_real(oloc_src, oloc_dst, cpy_info, obj_type, udata) < 0)
            HGOTO_ERROR(H5E_OHDR, H5E_CANTCOPY, FAIL, "unable to copy object");

]=]
[=[
        /* Copy object referred to */
        if (cpy_info->recursion >= 500)
            HGOTO_ERROR(H5E_OHDR, H5E_CANTCOPY, FAIL, "more than 500 objects within each other");
        cpy_info->recursion++;
        if (H5O__copy_header_real(oloc_src, oloc_dst, cpy_info, obj_type, udata) < 0)
            HGOTO_ERROR(H5E_OHDR, H5E_CANTCOPY, FAIL, "unable to copy object");
        cpy_info->recursion--;

]=]
  src/H5Oprivate.h
[=[
    int                          max_depth;              /* Maximum depth in hierarchy to copy */
    H5SL_t                      *map_list;               /* Skip list to hold address mappings */
]=]
[=[
    int                          max_depth;              /* Maximum depth in hierarchy to copy */
    int                          recursion;              /* How many copies of objects wait for this one */
    H5SL_t                      *map_list;               /* Skip list to hold address mappings */
]=])
