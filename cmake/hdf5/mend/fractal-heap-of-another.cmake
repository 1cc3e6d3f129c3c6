# A block of a fractal heap that is cached for another heap or with another size, or an inner block that claims to be the root.
# Test: hostile/heaps. Upstream: not known.
h5tracks_mend(
  src/H5HFdblock.c
[=[
        HGOTO_ERROR(H5E_HEAP, H5E_CANTPROTECT, NULL, "unable to protect fractal heap direct block");

]=]
[=[
        HGOTO_ERROR(H5E_HEAP, H5E_CANTPROTECT, NULL, "unable to protect fractal heap direct block");
    if (dblock->hdr != hdr || dblock->size != dblock_size) {
        if (H5AC_unprotect(hdr->f, H5AC_FHEAP_DBLOCK, dblock_addr, dblock, H5AC__NO_FLAGS_SET) < 0)
            HDONE_ERROR(H5E_HEAP, H5E_CANTUNPROTECT, NULL, "unable to release fractal heap direct block");
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "fractal heap direct block belongs elsewhere");
    }

]=]
  src/H5HFiblock.c
[=[
            HGOTO_ERROR(H5E_HEAP, H5E_CANTPROTECT, NULL, "unable to protect fractal heap indirect block");

]=]
[=[
            HGOTO_ERROR(H5E_HEAP, H5E_CANTPROTECT, NULL, "unable to protect fractal heap indirect block");
        if (iblock->hdr != hdr || iblock->nrows != iblock_nrows || (NULL == par_iblock) != (iblock->block_off == 0)) {
            if (H5AC_unprotect(hdr->f, H5AC_FHEAP_IBLOCK, iblock_addr, iblock, H5AC__NO_FLAGS_SET) < 0)
                HDONE_ERROR(H5E_HEAP, H5E_CANTUNPROTECT, NULL, "unable to release fractal heap indirect block");
            HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "fractal heap indirect block belongs elsewhere");
        }

]=])
