# Chunks shorter than a Fletcher32 checksum or szip's header, of which HDF5 then reads nearly 2^64 bytes, and chunks of another
# size than the scale-offset filter that writes them expects. Szip parameters out of the bounds of the szip library, and chunks that claim to
# become gigabytes: libaec overruns its buffers or takes the memory. 64 blocks of at most 128 bytes take 7 bits or more.
# Test: hostile/filters. Upstream: HDFGroup/hdf5#6488, HDFGroup/hdf5#6490, HDFGroup/hdf5#6585.
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
  src/H5Zszip.c
[=[
        /* Allocate space for the uncompressed buffer */
]=]
[=[
        if (nalloc / 16384 > nbytes)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, "chunk is shorter than its values need");

        /* Allocate space for the uncompressed buffer */
]=]
  src/H5Zszip.c
[=[
        HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, "invalid number of filter parameters");
]=]
[=[
        HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, "invalid number of filter parameters");
    if (0 == cd_values[H5Z_SZIP_PARM_PPB] || cd_values[H5Z_SZIP_PARM_PPB] % 2 != 0 ||
        cd_values[H5Z_SZIP_PARM_PPB] > SZ_MAX_PIXELS_PER_BLOCK ||
        cd_values[H5Z_SZIP_PARM_PPS] < cd_values[H5Z_SZIP_PARM_PPB] ||
        cd_values[H5Z_SZIP_PARM_PPS] > SZ_MAX_PIXELS_PER_SCANLINE ||
        cd_values[H5Z_SZIP_PARM_PPS] > cd_values[H5Z_SZIP_PARM_PPB] * SZ_MAX_BLOCKS_PER_SCANLINE ||
        0 == cd_values[H5Z_SZIP_PARM_BPP] ||
        (cd_values[H5Z_SZIP_PARM_BPP] > 32 && cd_values[H5Z_SZIP_PARM_BPP] != 64))
        HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, "szip parameters out of range");
]=]
  src/H5Zscaleoffset.c
[=[
        assert(nbytes == d_nelmts * p.size);
]=]
[=[
        if (nbytes != d_nelmts * (size_t)p.size)
            HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, "chunk does not have the size that its filter was made for");
]=])
