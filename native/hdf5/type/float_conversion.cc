#include "hdf5/type/float_conversion.h"

#include <cstring>
#include <new>

#include "hdf5/core/call.h"
#include "hdf5/type/float_format.h"
#include "hdf5/type/integer_format.h"

namespace h5tracks::hdf5 {

namespace {

template <typename From, typename To>
struct Path {
  From from;
  To to;
};

// HDF5 converts in place. If elements grow, their new places overlap later elements, so it goes from the last to the
// first.
template <typename Word, typename From, typename To, typename Convert>
void for_each(const Path<From, To>& path, std::size_t count, std::size_t stride, unsigned char* bytes,
              Convert convert) {
  const ElementBytes source = path.from.bytes(), destination = path.to.bytes();
  const std::size_t from = stride ? stride : source.size(), to = stride ? stride : destination.size();
  const bool backwards = to > from;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = backwards ? count - 1 - i : i;
    destination.store<Word>(convert(source.load<Word>(bytes + at * from)), bytes + at * to);
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

template <typename From, typename To>
void convert(const Path<From, To>& path, std::size_t count, std::size_t stride, unsigned char* bytes) {
  for_each<Uint128>(path, count, stride, bytes, [&](Uint128 word) { return path.to.encode(path.from.decode(word)); });
}

void convert(const Path<FloatFormat, FloatFormat>& path, std::size_t count, std::size_t stride, unsigned char* bytes) {
  const auto& [from, to] = path;
  if (from.is_binary64() && to.is_binary32()) return for_each<std::uint64_t>(path, count, stride, bytes, narrowed);
  if (from.is_binary32() && to.is_binary64()) return for_each<std::uint64_t>(path, count, stride, bytes, widened);
  convert<FloatFormat, FloatFormat>(path, count, stride, bytes);
}

template <typename From, typename To>
bool does_hdf5_well(const From&, const To&) {
  return false;
}

bool does_hdf5_well(const FloatFormat& from, const FloatFormat& to) { return from.differs_by_order(to); }

// -1 leaves the conversion to HDF5. Formats that we do not support are refused later instead, because HDF5's own
// functions write out of bounds for some of them.
template <typename From, typename To>
herr_t prepare(hid_t from, hid_t to, H5T_cdata_t* data) {
  const auto source = From::of(from);
  const auto destination = To::of(to);
  const bool known = source && destination;
  if (known && does_hdf5_well(*source, *destination)) return -1;
  data->need_bkg = H5T_BKG_NO;
  data->priv = known ? new (std::nothrow) Path<From, To>{*source, *destination} : nullptr;
  return 0;
}

template <typename From, typename To>
herr_t conversion(hid_t from, hid_t to, H5T_cdata_t* data, std::size_t count, std::size_t stride, std::size_t,
                  void* values, void*, hid_t) {
  using This = Path<From, To>;
  switch (data->command) {
    case H5T_CONV_INIT:
      return prepare<From, To>(from, to, data);
    case H5T_CONV_CONV:
      if (!data->priv) return -1;
      convert(*static_cast<const This*>(data->priv), count, stride, static_cast<unsigned char*>(values));
      return 0;
    case H5T_CONV_FREE:
      delete static_cast<This*>(data->priv);
      data->priv = nullptr;
      return 0;
  }
  return -1;
}

}  // namespace

void register_float_conversions() {
  constexpr auto* float_to_float = conversion<FloatFormat, FloatFormat>;
  call<H5Tregister>(H5T_PERS_SOFT, "h5tracks f_f", H5T_IEEE_F64LE, H5T_IEEE_F32LE, float_to_float);
  call<H5Tregister>(H5T_PERS_SOFT, "h5tracks f_i", H5T_IEEE_F64LE, H5T_STD_I32LE,
                    conversion<FloatFormat, IntegerFormat>);
  call<H5Tregister>(H5T_PERS_SOFT, "h5tracks i_f", H5T_STD_I32LE, H5T_IEEE_F64LE,
                    conversion<IntegerFormat, FloatFormat>);
  // HDF5 prefers conversions between the compiler's native types to the general ones, so those are replaced too.
  call<H5Tregister>(H5T_PERS_HARD, "h5tracks dbl_flt", H5T_NATIVE_DOUBLE, H5T_NATIVE_FLOAT, float_to_float);
  call<H5Tregister>(H5T_PERS_HARD, "h5tracks ldbl_flt", H5T_NATIVE_LDOUBLE, H5T_NATIVE_FLOAT, float_to_float);
  call<H5Tregister>(H5T_PERS_HARD, "h5tracks ldbl_dbl", H5T_NATIVE_LDOUBLE, H5T_NATIVE_DOUBLE, float_to_float);
}

}  // namespace h5tracks::hdf5
