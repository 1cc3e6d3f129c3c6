#include "hdf5/description/number_type.h"

#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/description/type_words.h"
#include "hdf5/type/element.h"

namespace h5tracks::hdf5 {

namespace {

hid_t ieee(std::size_t size, bool big_endian) {
  if (size == 2) return half_type(big_endian).get();
  if (size == 4) return big_endian ? H5T_IEEE_F32BE : H5T_IEEE_F32LE;
  if (size == 8) return big_endian ? H5T_IEEE_F64BE : H5T_IEEE_F64LE;
  return H5I_INVALID_HID;
}

}  // namespace

void describe_bits(hid_t type, std::size_t size, Map& map) {
  const std::size_t precision = H5Tget_precision(type);
  const int offset = call<H5Tget_offset>(type);
  if (precision != 8 * size) map.emplace_back("precision", DynamicValue::count(precision));
  if (offset != 0) map.emplace_back("offset", offset);
  H5T_pad_t low = H5T_PAD_ZERO, high = H5T_PAD_ZERO;
  call<H5Tget_pad>(type, &low, &high);
  if (low != H5T_PAD_ZERO || high != H5T_PAD_ZERO) {
    map.emplace_back("padding", List{word_of(kPads, low), word_of(kPads, high)});
  }
}

void make_bits(hid_t type, const DynamicValue& given) {
  const std::size_t size = given["size"].count();
  call<H5Tset_size>(type, size);
  call<H5Tset_order>(type, number_of(kOrders, given["order"].text()));
  call<H5Tset_precision>(type, given["precision"] ? given["precision"].count() : 8 * size);
  if (given["offset"]) call<H5Tset_offset>(type, given["offset"].count());
  if (const DynamicValue& padding = given["padding"]) {
    call<H5Tset_pad>(type, number_of(kPads, padding[0].text()), number_of(kPads, padding[1].text()));
  }
  // Setting precision and offset may have enlarged the type.
  call<H5Tset_size>(type, size);
}

Map describe_float(hid_t type, std::size_t size) {
  const H5T_order_t order = H5Tget_order(type);
  Map map{{"class", "float"}, {"size", DynamicValue::count(size)}, {"order", word_of(kOrders, order)}};
  const hid_t usual = ieee(size, order == H5T_ORDER_BE);
  if (usual >= 0 && call<H5Tequal>(type, usual) > 0) return map;
  std::size_t sign = 0, exponent = 0, exponent_bits = 0, mantissa = 0, mantissa_bits = 0;
  call<H5Tget_fields>(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits);
  Map layout{{"precision", DynamicValue::count(H5Tget_precision(type))},
             {"offset", call<H5Tget_offset>(type)},
             {"sign", DynamicValue::count(sign)},
             {"exponent", Map{{"at", DynamicValue::count(exponent)}, {"bits", DynamicValue::count(exponent_bits)}}},
             {"mantissa", Map{{"at", DynamicValue::count(mantissa)}, {"bits", DynamicValue::count(mantissa_bits)}}},
             {"bias", DynamicValue::count(H5Tget_ebias(type))},
             {"normalization", word_of(kNorms, H5Tget_norm(type))},
             {"inner", word_of(kPads, H5Tget_inpad(type))}};
  H5T_pad_t low = H5T_PAD_ZERO, high = H5T_PAD_ZERO;
  call<H5Tget_pad>(type, &low, &high);
  layout.emplace_back("padding", List{word_of(kPads, low), word_of(kPads, high)});
  map.emplace_back("layout", std::move(layout));
  return map;
}

TypeId make_float(const DynamicValue& given) {
  const std::size_t size = given["size"].count();
  const H5T_order_t order = number_of(kOrders, given["order"].text());
  const DynamicValue& layout = given["layout"];
  if (!layout) {
    const hid_t usual = ieee(size, order == H5T_ORDER_BE);
    if (usual >= 0 && order != H5T_ORDER_VAX) return TypeId(call<H5Tcopy>(usual));
    throw Error("ERR_INVALID_ARGUMENT", "a float of " + std::to_string(size) + " bytes needs a layout");
  }
  TypeId type(call<H5Tcopy>(H5T_IEEE_F64LE));
  // Enlarges the type first, because HDF5 checks every intermediate state.
  call<H5Tset_size>(type.get(), std::max(size, std::size_t{16}));
  call<H5Tset_precision>(type.get(), 8 * std::max(size, std::size_t{16}));
  call<H5Tset_fields>(type.get(), layout["sign"].count(), layout["exponent"]["at"].count(),
                      layout["exponent"]["bits"].count(), layout["mantissa"]["at"].count(),
                      layout["mantissa"]["bits"].count());
  call<H5Tset_ebias>(type.get(), layout["bias"].count());
  call<H5Tset_norm>(type.get(), number_of(kNorms, layout["normalization"].text()));
  call<H5Tset_inpad>(type.get(), number_of(kPads, layout["inner"].text()));
  call<H5Tset_offset>(type.get(), layout["offset"].count());
  call<H5Tset_precision>(type.get(), layout["precision"].count());
  call<H5Tset_size>(type.get(), size);
  const DynamicValue& padding = layout["padding"];
  call<H5Tset_pad>(type.get(), number_of(kPads, padding[0].text()), number_of(kPads, padding[1].text()));
  call<H5Tset_order>(type.get(), order);
  return type;
}

}  // namespace h5tracks::hdf5
