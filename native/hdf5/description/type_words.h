// The words for the constants with which HDF5 describes a datatype.
#pragma once

#include <hdf5.h>

#include "hdf5/core/words.h"

namespace h5tracks::hdf5 {

inline constexpr Word<H5T_order_t> kOrders[] = {
    {H5T_ORDER_LE, "little"}, {H5T_ORDER_BE, "big"}, {H5T_ORDER_VAX, "vax"}};
inline constexpr Word<H5T_pad_t> kPads[] = {
    {H5T_PAD_ZERO, "zero"}, {H5T_PAD_ONE, "one"}, {H5T_PAD_BACKGROUND, "background"}};
inline constexpr Word<H5T_norm_t> kNorms[] = {
    {H5T_NORM_IMPLIED, "implied"}, {H5T_NORM_MSBSET, "msbset"}, {H5T_NORM_NONE, "none"}};
inline constexpr Word<H5T_str_t> kStringPads[] = {
    {H5T_STR_NULLTERM, "null-terminated"}, {H5T_STR_NULLPAD, "null-padded"}, {H5T_STR_SPACEPAD, "space-padded"}};
inline constexpr Word<H5T_cset_t> kCharsets[] = {{H5T_CSET_ASCII, "ascii"}, {H5T_CSET_UTF8, "utf-8"}};

}  // namespace h5tracks::hdf5
