# An object header with a continuation at an undefined address, at the same address twice, or in a chunk of another header; and
# a header with an unreadable later chunk: the chunks read before it keep pointing to the freed header.
# Test: hostile/structures. Upstream: HDFGroup/hdf5#5576 (CVE-2025-6858), HDFGroup/hdf5#5573 (CVE-2025-6818).
h5tracks_mend(
  src/H5Centry.c
[=[

    /* Load the cache image, if requested */
]=]
[=[

    if (!H5_addr_defined(addr))
        HGOTO_ERROR(H5E_CACHE, H5E_BADVALUE, NULL, "metadata at an undefined address");

    /* Load the cache image, if requested */
]=]
  src/H5Oint.c
[=[
            H5O_chunk_proxy_t *chk_proxy; /* Proxy for chunk, to bring it into memory */
#ifndef NDEBUG
            size_t chkcnt = oh->nchunks; /* Count of chunks (for sanity checking) */
#endif                                   /* NDEBUG */

]=]
[=[
            H5O_chunk_proxy_t *chk_proxy; /* Proxy for chunk, to bring it into memory */
            size_t             chkcnt = oh->nchunks; /* Count of chunks (for sanity checking) */

]=]
  src/H5Oint.c
[=[

            /* Sanity check */
            assert(chk_proxy->oh == oh);
            assert(chk_proxy->chunkno == chkcnt);
            assert(oh->nchunks == (chkcnt + 1));

]=]
[=[

            /* One that the cache had already is another header's, or this one's for the second time */
            if (chk_proxy->oh != oh || chk_proxy->chunkno != chkcnt || oh->nchunks != chkcnt + 1) {
                if (H5AC_unprotect(loc->file, H5AC_OHDR_CHK, chk_udata.common.addr, chk_proxy,
                                   H5AC__NO_FLAGS_SET) < 0)
                    HDONE_ERROR(H5E_OHDR, H5E_CANTUNPROTECT, NULL, "unable to release object header chunk");
                HGOTO_ERROR(H5E_OHDR, H5E_BADVALUE, NULL, "object header is continued at a place that is taken");
            }

]=]
  src/H5Oint.c
[=[

        /* Unprotect the ohdr and delete it from cache since if we failed to load it it's in an inconsistent
]=]
[=[

        /* The chunks in the cache keep the header there, which goes now */
        for (size_t u = 1; u < oh->nchunks && udata.made_attempt; u++)
            if (H5AC_expunge_entry(loc->file, H5AC_OHDR_CHK, oh->chunk[u].addr, H5AC__NO_FLAGS_SET) < 0)
                HDONE_ERROR(H5E_OHDR, H5E_CANTEXPUNGE, NULL, "unable to expunge object header chunk");

        /* Unprotect the ohdr and delete it from cache since if we failed to load it it's in an inconsistent
]=])
