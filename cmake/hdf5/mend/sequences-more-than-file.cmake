# Sequences that together claim more bytes than the file has (a base type of half a GiB, or one value of the heap shared by every
# element): HDF5 fills the buffers for them with zeros before it reads the heap. The limit is four times the size of the file,
# since references take less space in a file than their type says.
# Test: hostile/types. Upstream: not known.
h5tracks_mend(
  src/H5Tconv_vlen.c
[=[
#include "H5Eprivate.h"
]=]
[=[
#include "H5Eprivate.h"
#include "H5Fprivate.h"
]=]
  src/H5Tconv_vlen.c
[=[
    size_t                conv_buf_size = 0;     /* Size of conversion buffer in bytes */
]=]
[=[
    size_t                conv_buf_size = 0;     /* Size of conversion buffer in bytes */
    haddr_t               claimed       = 0;     /* Bytes of all sequences */
]=]
  src/H5Tconv_vlen.c
[=[
                            src_size = seq_len * src_base_size;
]=]
[=[
                            if (H5T_LOC_DISK == src->shared->u.vlen.loc && src->shared->u.vlen.file) {
                                haddr_t most = 4 * H5F_get_eoa((const H5F_t *)H5VL_object_data(src->shared->u.vlen.file),
                                                               H5FD_MEM_DEFAULT);

                                if (seq_len > (most - claimed) / MAX(src_base_size, 1))
                                    HGOTO_ERROR(H5E_DATATYPE, H5E_BADSIZE, FAIL,
                                                "sequences claim more bytes than their file has");
                                claimed += (haddr_t)seq_len * src_base_size;
                            }
                            src_size = seq_len * src_base_size;
]=])
