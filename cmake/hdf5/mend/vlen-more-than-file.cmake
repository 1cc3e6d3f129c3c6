# A variable-length value that claims more elements than the file has bytes: HDF5 fills memory for all of them with zeros before
# it finds that the value in the heap is shorter.
# Test: hostile/mutants. Upstream: not known.
h5tracks_mend(
  src/H5Tvlen.c
[=[
#include "H5Eprivate.h"  /* Error handling       */
#include "H5Iprivate.h"  /* IDs                  */
]=]
[=[
#include "H5Eprivate.h"  /* Error handling       */
#include "H5Fprivate.h"
#include "H5Iprivate.h"  /* IDs                  */
]=]
  src/H5Tvlen.c
[=[
static herr_t
H5T__vlen_disk_getlen(H5VL_object_t H5_ATTR_UNUSED *file, const void *_vl, size_t *seq_len)
{
    const uint8_t *vl = (const uint8_t *)_vl; /* Pointer to the user's hvl_t information */

    FUNC_ENTER_PACKAGE_NOERR

]=]
[=[
static herr_t
H5T__vlen_disk_getlen(H5VL_object_t *file, const void *_vl, size_t *seq_len)
{
    const uint8_t *vl = (const uint8_t *)_vl; /* Pointer to the user's hvl_t information */
    const H5F_t   *f;
    herr_t         ret_value = SUCCEED;

    FUNC_ENTER_PACKAGE

]=]
  src/H5Tvlen.c
[=[
    UINT32DECODE(vl, *seq_len);

    FUNC_LEAVE_NOAPI(SUCCEED)
} /* end H5T__vlen_disk_getlen() */
]=]
[=[
    UINT32DECODE(vl, *seq_len);
    if (file && NULL != (f = (const H5F_t *)H5VL_object_data(file)) && *seq_len > H5F_get_eoa(f, H5FD_MEM_DEFAULT))
        HGOTO_ERROR(H5E_DATATYPE, H5E_BADSIZE, FAIL, "sequence claims more elements than its file has bytes");

done:
    FUNC_LEAVE_NOAPI(ret_value)
} /* end H5T__vlen_disk_getlen() */
]=])
