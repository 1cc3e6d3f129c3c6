#include "hdf5/float_conversion.h"

#include <cstring>
#include <new>

#include "hdf5/call.h"
#include "hdf5/float_format.h"

namespace h5tracks::hdf5 {

namespace {

struct Path {
  FloatFormat from, to;
};

// The elements overlap: those of the larger size lie behind their place in the other, so the last comes first there.
template <typename Word, typename Convert>
void for_each(const Path& path, std::size_t count, std::size_t stride, unsigned char* bytes, Convert convert) {
  const std::size_t from = stride ? stride : path.from.size(), to = stride ? stride : path.to.size();
  const bool backwards = to > from;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = backwards ? count - 1 - i : i;
    path.to.store<Word>(convert(path.from.load<Word>(bytes + at * from)), bytes + at * to);
  }
}

template <typename To, typename From>
To same_bits(From value) {
  static_assert(sizeof(To) == sizeof(From));
  To bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

std::uint64_t narrowed(std::uint64_t word) {
  return same_bits<std::uint32_t>(static_cast<float>(same_bits<double>(word)));
}

std::uint64_t widened(std::uint64_t word) {
  return same_bits<std::uint64_t>(static_cast<double>(same_bits<float>(static_cast<std::uint32_t>(word))));
}

void convert(const Path& path, std::size_t count, std::size_t stride, unsigned char* bytes) {
  const auto& [from, to] = path;
  if (from.is_binary64() && to.is_binary32()) return for_each<std::uint64_t>(path, count, stride, bytes, narrowed);
  if (from.is_binary32() && to.is_binary64()) return for_each<std::uint64_t>(path, count, stride, bytes, widened);
  for_each<Uint128>(path, count, stride, bytes, [&](Uint128 word) { return to.encode(from.decode(word)); });
}

// What HDF5 does well itself is refused, and what is no float that we know.
herr_t prepare(hid_t from, hid_t to, H5T_cdata_t* data) {
  const auto source = FloatFormat::of(from), destination = FloatFormat::of(to);
  if (!source || !destination || source->differs_by_order(*destination)) return -1;
  data->need_bkg = H5T_BKG_NO;
  data->priv = new (std::nothrow) Path{*source, *destination};
  return data->priv ? 0 : -1;
}

herr_t float_to_float(hid_t from, hid_t to, H5T_cdata_t* data, std::size_t count, std::size_t stride, std::size_t,
                      void* values, void*, hid_t) {
  switch (data->command) {
    case H5T_CONV_INIT:
      return prepare(from, to, data);
    case H5T_CONV_CONV:
      convert(*static_cast<const Path*>(data->priv), count, stride, static_cast<unsigned char*>(values));
      return 0;
    case H5T_CONV_FREE:
      delete static_cast<Path*>(data->priv);
      data->priv = nullptr;
      return 0;
  }
  return -1;
}

}  // namespace

void register_float_conversions() {
  call<H5Tregister>(H5T_PERS_SOFT, "h5tracks f_f", H5T_IEEE_F64LE, H5T_IEEE_F32LE, float_to_float);
  // Those between the compiler's own types go before the ones that serve for all.
  call<H5Tregister>(H5T_PERS_HARD, "h5tracks dbl_flt", H5T_NATIVE_DOUBLE, H5T_NATIVE_FLOAT, float_to_float);
  call<H5Tregister>(H5T_PERS_HARD, "h5tracks ldbl_flt", H5T_NATIVE_LDOUBLE, H5T_NATIVE_FLOAT, float_to_float);
  call<H5Tregister>(H5T_PERS_HARD, "h5tracks ldbl_dbl", H5T_NATIVE_LDOUBLE, H5T_NATIVE_DOUBLE, float_to_float);
}

}  // namespace h5tracks::hdf5
