# A fractal heap whose parameters make none: no columns, blocks that are no power of two, more rows than its addresses have, identifiers
# longer than the records that keep them, and a "tiny" object that is longer than its identifier. Tables are overrun by all of them.
# Test: hostile/heaps. Upstream: not known; creating a heap checks some of them in debug builds.
h5tracks_mend(
  src/H5HFcache.c
[=[
    /* Finish initialization of heap header */
    if (H5HF__hdr_finish_init(hdr) < 0)
        HGOTO_ERROR(H5E_RESOURCE, H5E_CANTINIT, NULL, "can't finish initializing shared fractal heap header");
]=]
[=[
    if (H5HF__cache_hdr_verify(hdr) < 0)
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "impossible fractal heap");

    /* Finish initialization of heap header */
    if (H5HF__hdr_finish_init(hdr) < 0)
        HGOTO_ERROR(H5E_RESOURCE, H5E_CANTINIT, NULL, "can't finish initializing shared fractal heap header");
    if (hdr->man_dtable.curr_root_rows > hdr->man_dtable.max_root_rows ||
        hdr->man_dtable.cparam.start_root_rows > hdr->man_dtable.max_root_rows)
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "fractal heap has more rows than its addresses");
    if (hdr->man_dtable.cparam.start_block_size <= (hsize_t)H5HF_MAN_ABS_DIRECT_OVERHEAD(hdr))
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "fractal heap has blocks without room");
    if (hdr->id_len < 1 + (unsigned)hdr->heap_off_size + hdr->heap_len_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "fractal heap has identifiers that are too short");
]=]
  src/H5HFcache.c
[=[
static void *
H5HF__cache_hdr_deserialize(const void *_image, size_t len, void *_udata, bool H5_ATTR_UNUSED *dirty)
{
]=]
[=[
static herr_t
H5HF__cache_hdr_verify(const H5HF_hdr_t *hdr)
{
    const H5HF_dtable_cparam_t *cparam    = &hdr->man_dtable.cparam;
    herr_t                      ret_value = SUCCEED;

    FUNC_ENTER_PACKAGE

    if (!POWER_OF_TWO(cparam->width))
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, FAIL, "width of the heap is not a power of two");
    if (!POWER_OF_TWO(cparam->start_block_size) || !POWER_OF_TWO(cparam->max_direct_size) ||
        cparam->start_block_size > cparam->max_direct_size ||
        cparam->max_direct_size > (hsize_t)2 * 1024 * 1024 * 1024 || hdr->max_man_size > cparam->max_direct_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, FAIL, "blocks of the heap have impossible sizes");
    if (cparam->max_index > 8 * (unsigned)hdr->sizeof_size ||
        cparam->max_index < H5VM_log2_gen(cparam->start_block_size) + H5VM_log2_gen(cparam->width))
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, FAIL, "addresses of the heap have an impossible size");
    if (cparam->max_index < 64 && hdr->man_size > (hsize_t)1 << cparam->max_index)
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, FAIL, "heap is larger than its addresses");
    /* What keeps identifiers has room for no more: attributes, links, shared messages */
    if (0 == hdr->id_len || hdr->id_len > H5O_FHEAP_ID_LEN)
        HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, FAIL, "identifiers of the heap have an impossible length");

done:
    FUNC_LEAVE_NOAPI(ret_value)
}

static void *
H5HF__cache_hdr_deserialize(const void *_image, size_t len, void *_udata, bool H5_ATTR_UNUSED *dirty)
{
]=]
  src/H5HFman.c
[=[
    if (obj_off > hdr->man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object offset too large");
    if (obj_len == 0)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "invalid fractal heap object size");
    if (obj_len > hdr->man_dtable.cparam.max_direct_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object size too large for direct block");
    if (obj_len > hdr->max_man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object should be standalone");

    /* Check for root direct block */
    if (hdr->man_dtable.curr_root_rows == 0) {
        /* Set direct block info */
        dblock_addr =]=]
[=[
    if (obj_off >= hdr->man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object offset too large");
    if (obj_len == 0)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "invalid fractal heap object size");
    if (obj_len > hdr->man_dtable.cparam.max_direct_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object size too large for direct block");
    if (obj_len > hdr->max_man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object should be standalone");

    /* Check for root direct block */
    if (hdr->man_dtable.curr_root_rows == 0) {
        /* Set direct block info */
        dblock_addr =]=]
  src/H5HFman.c
[=[
    if (obj_off > hdr->man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object offset too large");
    if (obj_len == 0)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "invalid fractal heap object size");
    if (obj_len > hdr->man_dtable.cparam.max_direct_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object size too large for direct block");
    if (obj_len > hdr->max_man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object should be standalone");

    /* Check for root direct block */
    if (hdr->man_dtable.curr_root_rows == 0) {
        /* Set direct block info */
        dblock_size      =]=]
[=[
    if (obj_off >= hdr->man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object offset too large");
    if (obj_len == 0)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "invalid fractal heap object size");
    if (obj_len > hdr->man_dtable.cparam.max_direct_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object size too large for direct block");
    if (obj_len > hdr->max_man_size)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "fractal heap object should be standalone");

    /* Check for root direct block */
    if (hdr->man_dtable.curr_root_rows == 0) {
        /* Set direct block info */
        dblock_size      =]=]
  src/H5HFtiny.c
[=[
    ret_value = H5HF__tiny_get_obj_len(hdr, id, &enc_obj_size);

    /* Advance past flag byte(s) */
]=]
[=[
    ret_value = H5HF__tiny_get_obj_len(hdr, id, &enc_obj_size);
    if (enc_obj_size > hdr->tiny_max_len)
        HGOTO_ERROR(H5E_HEAP, H5E_BADRANGE, FAIL, "tiny object is longer than its identifier");

    /* Advance past flag byte(s) */
]=]
  src/H5HFcache.c
[=[
#include "H5MMprivate.h" /* Memory management			*/
]=]
[=[
#include "H5MMprivate.h" /* Memory management			*/
#include "H5Oprivate.h"  /* Object headers			*/
#include "H5VMprivate.h" /* Vectors and arrays			*/
]=])
