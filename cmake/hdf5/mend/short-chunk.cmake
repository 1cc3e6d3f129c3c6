# A chunk that decodes to fewer bytes than its values need: HDF5 takes the memory after it for the rest.
# Test: hostile/mutants under the address sanitizer. Upstream: not known.
h5tracks_mend(
  src/H5Dchunk.c
[=[
                        HGOTO_ERROR(H5E_DATASET, H5E_CANTFILTER, NULL, "data pipeline read failed");

]=]
[=[
                        HGOTO_ERROR(H5E_DATASET, H5E_CANTFILTER, NULL, "data pipeline read failed");
                    if (my_chunk_alloc < chunk_size)
                        HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, NULL, "chunk is shorter than its values need");

]=]
  src/H5Dchunk.c
[=[

                /* Increment # of cache misses */
]=]
[=[

                if (my_chunk_alloc < chunk_size)
                    HGOTO_ERROR(H5E_DATASET, H5E_BADSIZE, NULL, "chunk is shorter than its values need");

                /* Increment # of cache misses */
]=])
