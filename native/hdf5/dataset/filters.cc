#include "hdf5/dataset/filters.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "hdf5/core/call.h"
#include "hdf5/file/plugins.h"

namespace h5tracks::hdf5 {

namespace {

void set_scale_offset(hid_t properties, int factor, hid_t type) {
  const H5T_class_t type_class = H5Tget_class(type);
  if (type_class != H5T_INTEGER && type_class != H5T_FLOAT && type_class != H5T_ENUM) {
    throw Error("ERR_INVALID_ARGUMENT", "scaleOffset is for integers and floats");
  }
  call<H5Pset_scaleoffset>(properties, type_class == H5T_FLOAT ? H5Z_SO_FLOAT_DSCALE : H5Z_SO_INT, factor);
}

bool has(H5Z_filter_t id, unsigned what) {
  unsigned config = 0;
  const bool known = H5Zfilter_avail(id) > 0 && H5Zget_filter_info(id, &config) >= 0;
  H5Eclear2(H5E_DEFAULT);
  return known && (config & what) != 0;
}

struct Known {
  H5Z_filter_t id;
  const char* name;
};

constexpr Known kKnown[] = {{H5Z_FILTER_DEFLATE, "deflate"},
                            {H5Z_FILTER_SZIP, "szip"},
                            {kLzf, "lzf"},
                            {32001, "blosc"},
                            {32004, "lz4"},
                            {32008, "bitshuffle"},
                            {32013, "zfp"},
                            {32015, "zstd"},
                            {32026, "blosc2"}};

std::string named(H5Z_filter_t id, const std::string& name = "") {
  const auto* known =
      std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& one) { return one.id == id; });
  const std::string word = known != std::end(kKnown) ? known->name : name;
  return "filter " + std::to_string(id) + (word.empty() ? "" : " (" + word + ")");
}

Error unsupported(H5Z_filter_t id, const std::string& name, bool writing) {
  if (writing && can_decode(id)) {
    return Error("ERR_UNSUPPORTED_FILTER",
                 named(id, name) + " can only be read here; write with another filter, such as deflate");
  }
  return Error("ERR_UNSUPPORTED_FILTER", named(id, name) + " is not available here; loadFilterPlugins may provide it");
}

void set_szip(hid_t properties, const DynamicValue& szip) {
  if (!can_encode(H5Z_FILTER_SZIP)) throw unsupported(H5Z_FILTER_SZIP, "szip", true);
  const bool entropy = szip["coding"] && szip["coding"].text() == "entropy";
  call<H5Pset_szip>(properties, static_cast<unsigned>(entropy ? H5_SZIP_EC_OPTION_MASK : H5_SZIP_NN_OPTION_MASK),
                    szip["pixelsPerBlock"] ? static_cast<unsigned>(szip["pixelsPerBlock"].integer()) : 16u);
}

// The options must not include values that HDF5 computes when the dataset is created, such as the size of an element.
void set_by_id(hid_t properties, const DynamicValue& filter) {
  const int id = filter["id"].integer();
  std::vector<unsigned> options;
  if (filter["options"]) {
    for (const DynamicValue& option : filter["options"].list())
      options.push_back(static_cast<unsigned>(option.count()));
  }
  const bool optional = filter["optional"].flag();
  if (!optional && !can_encode(id)) throw unsupported(id, "", true);
  call<H5Pset_filter>(properties, id, static_cast<unsigned>(optional ? H5Z_FLAG_OPTIONAL : H5Z_FLAG_MANDATORY),
                      options.size(), static_cast<const unsigned*>(options.data()));
}

}  // namespace

bool can_encode(H5Z_filter_t id) { return has(id, H5Z_FILTER_CONFIG_ENCODE_ENABLED); }
bool can_decode(H5Z_filter_t id) { return has(id, H5Z_FILTER_CONFIG_DECODE_ENABLED); }

void refuse_unwritable(const std::vector<FilterInfo>& filters, const std::string& path) {
  for (const FilterInfo& filter : filters) {
    if (filter.optional || can_encode(filter.id)) continue;
    Error error = unsupported(filter.id, filter.name, true);
    error.during("writing '" + path + "'");
    throw error;
  }
}

void explain_unreadable(const std::vector<FilterInfo>& filters, Error& error) {
  if (error.code != "ERR_HDF5") return;
  for (const FilterInfo& filter : filters) {
    if (can_decode(filter.id)) continue;
    Error own = unsupported(filter.id, filter.name, false);
    own.stack = std::move(error.stack);
    error = own;
    return;
  }
}

void set_filters(hid_t properties, const List& filters, hid_t type) {
  for (const DynamicValue& filter : filters) {
    if (filter["deflate"]) {
      call<H5Pset_deflate>(properties, static_cast<unsigned>(filter["deflate"].integer()));
    } else if (filter["shuffle"]) {
      call<H5Pset_shuffle>(properties);
    } else if (filter["fletcher32"]) {
      call<H5Pset_fletcher32>(properties);
    } else if (filter["nbit"]) {
      call<H5Pset_nbit>(properties);
    } else if (filter["scaleOffset"]) {
      set_scale_offset(properties, filter["scaleOffset"].integer(), type);
    } else if (filter["szip"]) {
      set_szip(properties, filter["szip"]);
    } else {
      set_by_id(properties, filter);
    }
  }
}

List describe_filters(hid_t properties) {
  List filters;
  const int count = call<H5Pget_nfilters>(properties);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, config = 0;
    std::vector<unsigned> options(64);
    std::size_t given = options.size();
    char name[256] = "";
    H5Z_filter_t id = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &given, options.data(), sizeof name,
                                     name, &config);
    if (id >= 0 && given > options.size()) {
      options.resize(given);
      id = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &given, options.data(), sizeof name, name,
                          &config);
    }
    if (id < 0) throw take_error();
    List values;
    for (std::size_t j = 0; j < given; ++j) values.emplace_back(options[j]);
    filters.push_back(Map{{"id", static_cast<int>(id)},
                          {"name", static_cast<const char*>(name)},
                          {"options", std::move(values)},
                          {"optional", (flags & H5Z_FLAG_OPTIONAL) != 0}});
  }
  return filters;
}

}  // namespace h5tracks::hdf5
