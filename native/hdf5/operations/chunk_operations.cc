// Operations on stored chunks.
#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/dataset/chunk_list.h"
#include "hdf5/file/file.h"
#include "hdf5/object/object.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

struct Walk {
  std::size_t rank;
  List chunks;
};

Map describe_chunk(const hsize_t* offset, std::size_t rank, unsigned skipped, haddr_t address, hsize_t size) {
  return {{"offset", DynamicValue::shape(Shape(offset, offset + rank))},
          {"address", DynamicValue::count(address)},
          {"size", DynamicValue::count(size)},
          {"filterMask", skipped}};
}

hid_t chunked(const DynamicValue& args) {
  const auto& dataset = args[0].object()->dataset();
  const hid_t id = dataset->values_id();
  PropertiesId properties(call<H5Dget_create_plist>(id));
  if (call<H5Pget_layout>(properties.get()) == H5D_CHUNKED) return id;
  throw Error("ERR_FORMAT", "'" + dataset->path + "' of '" + dataset->file_path + "' is not chunked");
}

// All stored chunks in one answer, because older versions of HDF5 walk through the whole index for each chunk.
DynamicValue list(const DynamicValue& args) {
  const hid_t id = chunked(args);
  SpaceId space(call<H5Dget_space>(id));
  Walk walk{static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space.get())), {}};
  const auto visit = [](const hsize_t* offset, unsigned skipped, haddr_t address, hsize_t size, void* into) {
    auto& walk = *static_cast<Walk*>(into);
    walk.chunks.push_back(describe_chunk(offset, walk.rank, skipped, address, size));
    return 0;
  };
  visit_chunks(id, visit, &walk);
  return std::move(walk.chunks);
}

struct Places {
  std::size_t rank;
  std::vector<double> numbers;
};

int visit_place(const hsize_t* offset, unsigned, haddr_t address, hsize_t size, void* into) {
  auto& found = *static_cast<Places*>(into);
  for (std::size_t axis = 0; axis < found.rank; ++axis) found.numbers.push_back(static_cast<double>(offset[axis]));
  found.numbers.push_back(static_cast<double>(address));
  found.numbers.push_back(static_cast<double>(size));
  return 0;
}

// { shape, chunk, places }: of each stored chunk the offset along each axis, the address and the size, as float64. A
// contiguous dataset has one place, and null for `chunk`. Null: the values have no places of their own in the file.
DynamicValue places(const DynamicValue& args) {
  const auto& dataset = args[0].object()->dataset();
  const hid_t id = dataset->values_id();
  PropertiesId properties(call<H5Dget_create_plist>(id));
  const H5D_layout_t layout = call<H5Pget_layout>(properties.get());
  const Shape shape = dataset->extents();
  Places found{shape.size(), {}};
  if (layout == H5D_CHUNKED) {
    visit_chunks(id, visit_place, &found);
  } else if (const haddr_t address = layout == H5D_CONTIGUOUS ? H5Dget_offset(id) : HADDR_UNDEF;
             address != HADDR_UNDEF) {
    visit_place(Shape(shape.size()).data(), 0, address, H5Dget_storage_size(id), &found);
  } else {
    H5Eclear2(H5E_DEFAULT);
    return {};
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(found.numbers.data());
  const auto& chunk = dataset->storage().chunks;
  return Map{{"shape", DynamicValue::shape(shape)},
             {"chunk", chunk ? DynamicValue::shape(*chunk) : DynamicValue{}},
             {"places", DynamicValue::bytes(Bytes(bytes, bytes + found.numbers.size() * sizeof(double)))}};
}

void check_offset(hid_t id, const Shape& offset, const std::string& path) {
  PropertiesId properties(call<H5Dget_create_plist>(id));
  SpaceId space(call<H5Dget_space>(id));
  Shape chunk(static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space.get()))), extent(chunk);
  call<H5Pget_chunk>(properties.get(), static_cast<int>(chunk.size()), chunk.data());
  call<H5Sget_simple_extent_dims>(space.get(), extent.data(), nullptr);
  bool right = offset.size() == chunk.size();
  for (std::size_t axis = 0; right && axis < chunk.size(); ++axis) {
    right = offset[axis] % chunk[axis] == 0 && offset[axis] < extent[axis];
  }
  if (!right) throw Error("ERR_OUT_OF_RANGE", "no chunk of '" + path + "' begins at that offset");
}

// (dataset, offset): null if the chunk is not stored
DynamicValue info(const DynamicValue& args) {
  const hid_t id = chunked(args);
  const Shape offset = args[1].shape();
  check_offset(id, offset, args[0].object()->path);
  const auto found = find_chunk(id, offset);
  if (!found) return {};
  return describe_chunk(offset.data(), offset.size(), found->skipped, found->address, found->size);
}

// (dataset, offset): { data, filterMask }, or null if the chunk is not stored
DynamicValue read(const DynamicValue& args) {
  const hid_t id = chunked(args);
  const Shape offset = args[1].shape();
  check_offset(id, offset, args[0].object()->path);
  // Flushes chunks that are only in HDF5's cache.
  if (args[0].object()->file->writable()) call<H5Dflush>(id);
  StoredBytes stored;
  const auto chunk = args[0].object()->dataset()->read_chunk(offset.data(), stored);
  if (!chunk) return {};
  const unsigned char* begin = stored.bytes.get() + chunk->at;
  return Map{{"data", DynamicValue::bytes(Bytes(begin, begin + chunk->size))},
             {"filterMask", unsigned{chunk->skipped}}};
}

// (dataset, offset, bytes, filter mask)
DynamicValue write(const DynamicValue& args) {
  const hid_t id = chunked(args);
  const Shape offset = args[1].shape();
  check_offset(id, offset, args[0].object()->path);
  const View bytes = args[2].view();
  args[0].object()->dataset()->changed();
  call<H5Dwrite_chunk>(id, H5P_DEFAULT, static_cast<uint32_t>(args[3].count()), offset.data(), bytes.size,
                       static_cast<const void*>(bytes.data));
  return {};
}

// Copies the encoded chunks that begin at the rows `first` to `end` of one dataset to another that has the same chunks
// and filters. A chunk at row r goes to row `at` + r - `first`.
void copy_rows(const Dataset& from, Dataset& to, hsize_t first, hsize_t end, hsize_t at, StoredBytes& stored) {
  const Shape extent = from.extents(), chunk = from.storage().chunks.value();
  if (std::find(extent.begin(), extent.end(), hsize_t{0}) != extent.end()) return;
  Shape offset(extent.size());
  offset[0] = first;
  while (offset[0] < std::min(end, extent[0])) {
    stored.size = 0;
    const auto found = from.read_chunk(offset.data(), stored);
    if (!found) {
      throw Error("ERR_FORMAT", "rows " + std::to_string(offset[0]) + " to " +
                                    std::to_string(std::min(offset[0] + chunk[0], extent[0]) - 1) + " of '" +
                                    from.path + "' are not stored in '" + from.file_path + "'");
    }
    Shape target = offset;
    target[0] += at - first;
    to.write_chunk_at(target.data(), stored.bytes.get() + found->at, found->size, found->skipped);
    std::size_t axis = offset.size() - 1;
    while (axis > 0 && extent[axis] - offset[axis] <= chunk[axis]) offset[axis--] = 0;
    offset[axis] += chunk[axis];
  }
}

// (dataset of the file to write, targets, sources, rows of a chunk, first row, end, first row in the targets): copies
// in the order of rows, as a writer stores blocks
DynamicValue copy(const DynamicValue& args) {
  const List &targets = args[1].list(), &sources = args[2].list();
  const hsize_t step = args[3].count(), first = args[4].count(), end = args[5].count(), at = args[6].count();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    chunked(List{targets[i]});
    chunked(List{sources[i]});
    targets[i].object()->dataset()->changed();
  }
  StoredBytes stored;
  for (hsize_t row = first; row < end; row += step) {
    const hsize_t next = std::min(end, row + step);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      copy_rows(*sources[i].object()->dataset(), *targets[i].object()->dataset(), row, next, at + row - first, stored);
    }
  }
  return {};
}

}  // namespace

const Operations& chunk_operations() {
  static const Operations operations = {{"chunks.list", list},         {"chunks.places", places},
                                        {"chunks.info", info},         {"chunks.read", read},
                                        {"chunks.write", write, true}, {"chunks.copy", copy, true}};
  return operations;
}

}  // namespace h5tracks::hdf5
