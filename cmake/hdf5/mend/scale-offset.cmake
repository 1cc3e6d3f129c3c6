# Scale-offset: HDF5 refuses to read integers over the full range of their type that it wrote itself, and reads beyond the end of
# a chunk too short for its values.
# Test: interop/from-h5py (scaleoffset.h5), hostile/filters, hostile/mutants. Upstream: HDFGroup/hdf5#5868 (CVE-2025-2308).
h5tracks_mend(
  src/H5Zscaleoffset.c
[=[

        minbits = 0;
]=]
[=[

        if (nbytes < buf_offset)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, "chunk is shorter than its header");
        minbits = 0;
]=]
  src/H5Zscaleoffset.c
[=[
        }
        if (minbits >= p.size * 8)
            HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, "minimum number of bits exceeds size of type");

]=]
[=[
        }
        if (minbits > p.size * 8)
            HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, "minimum number of bits exceeds size of type");
        if ((uint64_t)d_nelmts * minbits > (uint64_t)(nbytes - buf_offset) * 8)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, "chunk is shorter than its values need");

]=])
