# H5Dwrite_chunk remembers the chunk without its filter mask, so that a reader in the same process that reads this chunk next
# decodes it with filters that were skipped.
# Test: tracking/write/skipped-filters. Upstream: not known.
h5tracks_mend(
  src/H5Dchunk.c
[=[
        /* Cache the new chunk information */
        H5D__chunk_cinfo_cache_update(&dset->shared->cache.chunk.last, &udata);
    } /* end else */

    /* Make sure the address of the chunk is returned. */
]=]
[=[
        /* Cache the new chunk information */
        udata.filter_mask = filters;
        H5D__chunk_cinfo_cache_update(&dset->shared->cache.chunk.last, &udata);
    } /* end else */

    /* Make sure the address of the chunk is returned. */
]=])
