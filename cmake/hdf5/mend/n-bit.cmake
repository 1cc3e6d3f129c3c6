# N-bit: chunks too short for their values, and parameters that describe no datatype: HDF5 reads and overwrites memory beyond the
# chunk.
# Test: hostile/filters. Upstream: HDFGroup/hdf5#6489.
h5tracks_mend(
  src/H5Znbit.c
[=[
H5Z__filter_nbit(unsigned flags, size_t cd_nelmts, const unsigned cd_values[], size_t nbytes,
                 size_t *buf_size, void **buf)
{
]=]
[=[
H5Z__filter_nbit(unsigned flags, size_t cd_nelmts, const unsigned cd_values[], size_t nbytes,
                 size_t *buf_size, void **buf)
{
    uint64_t       bits;          /* how many an element has in the chunk */
    size_t         at = 4;        /* of the parameters of the datatype */
]=]
  src/H5Znbit.c
[=[
    if (cd_nelmts != cd_values[0])
]=]
[=[
    if (cd_nelmts < 2 || cd_nelmts != cd_values[0])
]=]
  src/H5Znbit.c
[=[
    d_nelmts = cd_values[2];

]=]
[=[
    if (cd_nelmts < 5)
        HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, "too few nbit parameters");
    d_nelmts = cd_values[2];
    if (0 == d_nelmts || H5Z_NBIT_NOOPTYPE == cd_values[3] ||
        0 == (bits = H5Z__nbit_bits(cd_values[3], cd_values, cd_nelmts, &at, 0)))
        HGOTO_ERROR(H5E_ARGS, H5E_BADVALUE, 0, "nbit parameters that make no datatype");
    if (flags & H5Z_FLAG_REVERSE ? bits > (uint64_t)nbytes * 8 / d_nelmts
                                 : nbytes != d_nelmts * (size_t)cd_values[4])
        HGOTO_ERROR(H5E_ARGS, H5E_BADSIZE, 0, "chunk does not have the size of its values");

]=]
  src/H5Znbit.c
[=[
static size_t H5Z__filter_nbit(unsigned flags, size_t cd_nelmts, const unsigned cd_values[], size_t nbytes,
                               size_t *buf_size, void **buf);
]=]
[=[
static size_t H5Z__filter_nbit(unsigned flags, size_t cd_nelmts, const unsigned cd_values[], size_t nbytes,
                               size_t *buf_size, void **buf);
static uint64_t H5Z__nbit_bits(unsigned cls, const unsigned parms[], size_t nparms, size_t *at, unsigned depth);
]=]
  src/H5Znbit.c
[=[
} /* end H5Z__filter_nbit() */
]=]
[=[
} /* end H5Z__filter_nbit() */

/* How many bits an element takes of the datatype whose size is `parms[*at]`; 0 where the parameters make none. */
static uint64_t
H5Z__nbit_bits(unsigned cls, const unsigned parms[], size_t nparms, size_t *at, unsigned depth)
{
    uint64_t size, bits = 0, used = 0;

    if (depth > 100 || nparms - *at < 2 || 0 == (size = parms[(*at)++]))
        return 0;
    switch (cls) {
        case H5Z_NBIT_ATOMIC:
            if (nparms - *at < 3)
                return 0;
            *at += 3;
            bits = parms[*at - 2];
            if ((parms[*at - 3] != H5Z_NBIT_ORDER_LE && parms[*at - 3] != H5Z_NBIT_ORDER_BE) ||
                bits + parms[*at - 1] > size * 8)
                return 0;
            return bits;

        case H5Z_NBIT_ARRAY: {
            unsigned base = parms[(*at)++];

            if (*at >= nparms)
                return 0;
            used = parms[*at];
            if (H5Z_NBIT_NOOPTYPE == base) {
                (*at)++;
                return size * 8;
            }
            bits = H5Z__nbit_bits(base, parms, nparms, at, depth + 1);
            return bits ? size / used * bits : 0;
        }

        case H5Z_NBIT_COMPOUND:
            for (unsigned left = parms[(*at)++]; left > 0; left--) {
                unsigned offset, member;
                uint64_t its;

                if (nparms - *at < 3)
                    return 0;
                offset = parms[(*at)++];
                member = parms[(*at)++];
                used += parms[*at];
                if (used > size || (uint64_t)offset + parms[*at] > size)
                    return 0;
                if (H5Z_NBIT_NOOPTYPE == member)
                    its = (uint64_t)parms[(*at)++] * 8;
                else
                    its = H5Z__nbit_bits(member, parms, nparms, at, depth + 1);
                if (0 == its)
                    return 0;
                bits += its;
            }
            return bits;

        default:
            return 0;
    }
}
]=])
