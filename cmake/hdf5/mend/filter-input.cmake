# Chunks shorter than a Fletcher32 checksum or szip's header, of which HDF5 then reads nearly 2^64 bytes, and chunks of another
# size than the scale-offset filter that writes them expects.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5Zfletcher32.c
[=[
    if (flags & H5Z_FLAG_REVERSE) { /* Read */
        /* Do checksum if it's enabled for read; otherwise skip it
]=]
[=[
    if (flags & H5Z_FLAG_REVERSE) { /* Read */
        if (nbytes < FLETCHER_LEN)
            HGOTO_ERROR(H5E_STORAGE, H5E_READERROR, 0, "data is shorter than its Fletcher32 checksum");

        /* Do checksum if it's enabled for read; otherwise skip it
]=]
  src/H5Zszip.c
[=[
        /* Get the size of the uncompressed buffer */
        newbuf = (unsigned char *)(*buf);
]=]
[=[
        if (nbytes < 4)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, "chunk is shorter than its szip header");

        /* Get the size of the uncompressed buffer */
        newbuf = (unsigned char *)(*buf);
]=]
  src/H5Zscaleoffset.c
[=[
        assert(nbytes == d_nelmts * p.size);
]=]
[=[
        if (nbytes != d_nelmts * (size_t)p.size)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, "chunk does not have the size that its filter was made for");
]=])
