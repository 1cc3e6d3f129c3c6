#include "hdf5/description/creation.h"

#include <algorithm>
#include <iterator>

#include "hdf5/core/call.h"
#include "hdf5/core/words.h"
#include "hdf5/dataset/filters.h"
#include "hdf5/description/columns.h"
#include "hdf5/description/type.h"
#include "hdf5/description/virtual_dataset.h"

namespace h5tracks::hdf5 {

namespace {

constexpr Word<H5D_layout_t> kLayouts[] = {
    {H5D_COMPACT, "compact"}, {H5D_CONTIGUOUS, "contiguous"}, {H5D_CHUNKED, "chunked"}, {H5D_VIRTUAL, "virtual"}};
constexpr Word<H5D_fill_time_t> kFillTimes[] = {
    {H5D_FILL_TIME_IFSET, "ifset"}, {H5D_FILL_TIME_ALLOC, "alloc"}, {H5D_FILL_TIME_NEVER, "never"}};
constexpr Word<H5D_alloc_time_t> kAllocations[] = {{H5D_ALLOC_TIME_DEFAULT, "default"},
                                                   {H5D_ALLOC_TIME_EARLY, "early"},
                                                   {H5D_ALLOC_TIME_LATE, "late"},
                                                   {H5D_ALLOC_TIME_INCR, "incremental"}};

bool makes_oldest_format(hid_t near) {
  const FileId file(call<H5Iget_file_id>(near));
  const PropertiesId access(call<H5Fget_access_plist>(file.get()));
  H5F_libver_t low = H5F_LIBVER_EARLIEST, high = H5F_LIBVER_LATEST;
  call<H5Pget_libver_bounds>(access.get(), &low, &high);
  return low == H5F_LIBVER_EARLIEST;
}

void set_attributes(hid_t properties, const DynamicValue& options, hid_t near) {
  if (options["trackOrder"].flag()) {
    call<H5Pset_attr_creation_order>(properties, unsigned{H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED});
  }
  if (const DynamicValue& phase = options["attributePhase"]) {
    call<H5Pset_attr_phase_change>(properties, static_cast<unsigned>(phase[0].integer()),
                                   static_cast<unsigned>(phase[1].integer()));
    // The oldest format cannot store the phase change. Tracking the order of attributes makes HDF5 use a newer one.
    if (!options["trackOrder"].flag() && makes_oldest_format(near)) {
      call<H5Pset_attr_creation_order>(properties, unsigned{H5P_CRT_ORDER_TRACKED});
    }
  }
}

void set_external(hid_t properties, const DynamicValue& files) {
  for (const DynamicValue& file : files.list()) {
    call<H5Pset_external>(properties, file["file"].text().c_str(), static_cast<off_t>(file["offset"].number()),
                          file["size"] ? file["size"].count() : H5F_UNLIMITED);
  }
}

List external_of(hid_t properties) {
  List files;
  const int count = call<H5Pget_external_count>(properties);
  for (int i = 0; i < count; ++i) {
    char name[4096] = "";
    off_t offset = 0;
    hsize_t size = 0;
    call<H5Pget_external>(properties, static_cast<unsigned>(i), sizeof name - 1, static_cast<char*>(name), &offset,
                          &size);
    files.push_back(Map{{"file", static_cast<const char*>(name)},
                        {"offset", DynamicValue(static_cast<double>(offset))},
                        {"size", size == H5F_UNLIMITED ? DynamicValue() : DynamicValue::count(size)}});
  }
  return files;
}

// { type: in memory, column: one element }
void set_fill(hid_t properties, const DynamicValue& fill) {
  TypeId type = make_type(fill["type"]);
  const ColumnLayout layout = column_layout_of(type.get());
  // HDF5 writes such a fill value, but then cannot open the dataset again.
  if (has_references(layout))
    throw Error("ERR_UNSUPPORTED", "references of this kind cannot have a fill value: leave out fill");
  Bytes value(layout.size);
  Arena arena;
  References references(H5I_INVALID_HID);
  scatter(layout, fill["column"], 0, 1, value.data(), layout.size, arena, references);
  call<H5Pset_fill_value>(properties, type.get(), static_cast<const void*>(value.data()));
}

}  // namespace

PropertiesId group_creation(const DynamicValue& options, hid_t near) {
  PropertiesId properties(call<H5Pcreate>(H5P_GROUP_CREATE));
  if (options["trackOrder"].flag()) {
    call<H5Pset_link_creation_order>(properties.get(), unsigned{H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED});
  }
  set_attributes(properties.get(), options, near);
  return properties;
}

PropertiesId dataset_creation(const DynamicValue& spec, hid_t type, hid_t space, hid_t near) {
  if (!spec) return PropertiesId(H5P_DEFAULT);
  PropertiesId properties(call<H5Pcreate>(H5P_DATASET_CREATE));
  const hid_t id = properties.get();
  if (spec["layout"]) call<H5Pset_layout>(id, number_of(kLayouts, spec["layout"].text()));
  if (spec["chunks"]) {
    const Shape chunks = spec["chunks"].shape();
    call<H5Pset_chunk>(id, static_cast<int>(chunks.size()), chunks.data());
  }
  if (spec["fill"]) set_fill(id, spec["fill"]);
  if (spec["fillTime"]) call<H5Pset_fill_time>(id, number_of(kFillTimes, spec["fillTime"].text()));
  if (spec["allocation"]) call<H5Pset_alloc_time>(id, number_of(kAllocations, spec["allocation"].text()));
  if (spec["filters"]) set_filters(id, spec["filters"].list(), type);
  if (spec["external"]) set_external(id, spec["external"]);
  if (spec["virtual"]) set_virtual(id, spec["virtual"].list(), space);
  if (spec["trackTimes"]) call<H5Pset_obj_track_times>(id, static_cast<hbool_t>(spec["trackTimes"].flag()));
  set_attributes(id, spec, near);
  return properties;
}

Map describe_creation(hid_t properties) {
  const H5D_layout_t layout = call<H5Pget_layout>(properties);
  Map map{{"layout", word_of(kLayouts, layout)}};
  if (layout == H5D_CHUNKED) {
    hsize_t dims[H5S_MAX_RANK];
    const int rank = call<H5Pget_chunk>(properties, H5S_MAX_RANK, static_cast<hsize_t*>(dims));
    map.emplace_back("chunks", DynamicValue::shape(Shape(dims, dims + rank)));
  } else {
    map.emplace_back("chunks", DynamicValue());
  }
  map.emplace_back("filters", describe_filters(properties));
  int fill_time = H5D_FILL_TIME_IFSET;
  call<H5Pget_fill_time>(properties, reinterpret_cast<H5D_fill_time_t*>(&fill_time));
  map.emplace_back("fillTime", word_of(kFillTimes, fill_time));
  int allocation = H5D_ALLOC_TIME_DEFAULT;
  call<H5Pget_alloc_time>(properties, reinterpret_cast<H5D_alloc_time_t*>(&allocation));
  map.emplace_back("allocation", word_of(kAllocations, allocation));
  H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
  call<H5Pfill_value_defined>(properties, &defined);
  map.emplace_back("fillDefined", defined == H5D_FILL_VALUE_UNDEFINED ? "undefined"
                                  : defined == H5D_FILL_VALUE_DEFAULT ? "default"
                                                                      : "user");
  map.emplace_back("external", external_of(properties));
  map.emplace_back("virtual",
                   layout == H5D_VIRTUAL ? DynamicValue(describe_virtual(properties)) : DynamicValue(List()));
  unsigned order = 0, compact = 0, dense = 0;
  call<H5Pget_attr_creation_order>(properties, &order);
  map.emplace_back("trackOrder", (order & H5P_CRT_ORDER_TRACKED) != 0);
  call<H5Pget_attr_phase_change>(properties, &compact, &dense);
  map.emplace_back("attributePhase", List{compact, dense});
  hbool_t times = false;
  call<H5Pget_obj_track_times>(properties, &times);
  map.emplace_back("trackTimes", static_cast<bool>(times));
  return map;
}

}  // namespace h5tracks::hdf5
