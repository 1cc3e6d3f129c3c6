#include "hdf5/description/virtual_dataset.h"

#include <string>

#include "hdf5/core/call.h"
#include "hdf5/description/selection.h"

namespace h5tracks::hdf5 {

namespace {

SpaceId simple(const Shape& shape) {
  if (shape.empty()) return SpaceId(call<H5Screate>(H5S_SCALAR));
  return SpaceId(call<H5Screate_simple>(static_cast<int>(shape.size()), shape.data(), nullptr));
}

template <auto Get>
std::string text(hid_t properties, std::size_t index) {
  const ssize_t length = call<Get>(properties, index, static_cast<char*>(nullptr), std::size_t{0});
  std::string name(static_cast<std::size_t>(length) + 1, '\0');
  call<Get>(properties, index, name.data(), name.size());
  name.pop_back();
  return name;
}

DynamicValue blocks_of(hid_t space) {
  if (call<H5Sget_select_type>(space) != H5S_SEL_HYPERSLABS) return {};
  const auto rank = static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space));
  Shape start(rank), step(rank), count(rank), block(rank);
  if (H5Sis_regular_hyperslab(space) > 0) {
    call<H5Sget_regular_hyperslab>(space, start.data(), step.data(), count.data(), block.data());
    return Map{{"start", DynamicValue::shape(start)},
               {"step", DynamicValue::shape(step)},
               {"count", DynamicValue::shape(count)},
               {"block", DynamicValue::shape(block)}};
  }
  const hssize_t blocks = call<H5Sget_select_hyper_nblocks>(space);
  Shape corners(static_cast<std::size_t>(blocks) * 2 * rank);
  call<H5Sget_select_hyper_blocklist>(space, hsize_t{0}, static_cast<hsize_t>(blocks), corners.data());
  return Map{{"corners", DynamicValue::shape(corners)}};
}

}  // namespace

void set_virtual(hid_t properties, const List& sources, hid_t space) {
  for (const DynamicValue& source : sources) {
    const Selection from(simple(source["sourceShape"].shape()), source["source"], H5I_INVALID_HID);
    const Selection to(SpaceId(call<H5Scopy>(space)), source["at"], H5I_INVALID_HID);
    if (from.elements() != to.elements()) {
      throw Error("ERR_INVALID_ARGUMENT", "'" + source["path"].text() + "' provides " +
                                              std::to_string(from.elements()) + " elements for a part of " +
                                              std::to_string(to.elements()) + " elements");
    }
    call<H5Pset_virtual>(properties, to.file_selection().get(), source["file"].text().c_str(),
                         source["path"].text().c_str(), from.file_selection().get());
  }
}

List describe_virtual(hid_t properties) {
  List sources;
  std::size_t count = 0;
  call<H5Pget_virtual_count>(properties, &count);
  for (std::size_t i = 0; i < count; ++i) {
    SpaceId at(call<H5Pget_virtual_vspace>(properties, i)), source(call<H5Pget_virtual_srcspace>(properties, i));
    sources.push_back(Map{{"file", text<H5Pget_virtual_filename>(properties, i)},
                          {"path", text<H5Pget_virtual_dsetname>(properties, i)},
                          {"source", blocks_of(source.get())},
                          {"at", blocks_of(at.get())}});
  }
  return sources;
}

}  // namespace h5tracks::hdf5
