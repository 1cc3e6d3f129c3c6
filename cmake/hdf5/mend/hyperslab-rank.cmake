# A stored hyperslab selection with more dimensions than a dataspace can have overwrites the stack.
# Test: hostile/structures. Upstream: HDFGroup/hdf5#6525.
h5tracks_mend(
  src/H5Shyper.c
[=[
        /* Patch the rank of the allocated dataspace */
        memset(dims, 0, (size_t)rank * sizeof(dims[0]));
]=]
[=[
        if (0 == rank || rank > H5S_MAX_RANK)
            HGOTO_ERROR(H5E_DATASPACE, H5E_BADVALUE, FAIL, "invalid rank (%u) for serialized hyperslab selection",
                        rank);

        /* Patch the rank of the allocated dataspace */
        memset(dims, 0, (size_t)rank * sizeof(dims[0]));
]=])
