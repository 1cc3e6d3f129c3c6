#include "hdf5/dataset/dataset.h"

#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"
#include "hdf5/dataset/external_values.h"
#include "hdf5/dataset/filters.h"
#include "hdf5/dataset/sanity_checks.h"
#include "hdf5/file/driver.h"

namespace h5tracks::hdf5 {

namespace {

// HDF5 reports an error, and not size 0, if this chunk is missing among others, or exists only in its chunk cache.
bool is_absence(const Error& error) {
  if (error.stack.empty()) return false;
  const std::string& text = error.stack.back().text;
  return text == "chunk storage is not allocated" || text == "chunk address isn't defined";
}

// In bytes; 0: the chunk is not stored.
hsize_t stored_size(hid_t dataset, const hsize_t* offset) {
  hsize_t size = 0;
  if (H5Dget_chunk_storage_size(dataset, offset, &size) >= 0) return size;
  const Error error = take_error();
  if (is_absence(error)) return 0;
  throw error;
}

}  // namespace

Dataset::Dataset(DatasetId id, const File& file, const std::string& path, std::optional<Storage> storage)
    : file_path(file.path),
      path(path),
      id_(std::move(id)),
      contained_(file.contained()),
      late_error_(file.late_error()),
      remote_(file.remote()),
      storage_(std::move(storage)) {}

Dataset::~Dataset() {
  if (!open_) return;
  const Lock lock;
  close_reporting_to(*late_error_);
}

void Dataset::close() {
  const Lock lock;
  close_locked();
}

void Dataset::close_locked() {
  open_ = false;
  if (!id_ || H5Dclose(id_.release()) >= 0) return;
  Error error = take_error();
  if (!late_error_->can_lose) return;
  error.during("closing '" + path + "' of '" + file_path + "': not all values in its cache could be written");
  throw error;
}

hid_t Dataset::id() const {
  if (!id_) throw Error("ERR_CLOSED", "dataset '" + path + "' is closed");
  return id_.get();
}

const Storage& Dataset::storage() const {
  if (!storage_) storage_ = storage_of(id());
  return *storage_;
}

hid_t Dataset::values_id() const {
  if (contained_ && !values_checked_) {
    refuse_external_values(storage(), file_path, path);
    refuse_impossible(id(), storage(), file_path, path);
  }
  values_checked_ = true;
  return id();
}

hid_t Dataset::extent_id() const {
  if (contained_ && !extent_checked_) {
    refuse_external_extent(storage(), file_path, path);
    refuse_impossible(id(), storage(), file_path, path);
  }
  extent_checked_ = true;
  return id();
}

DatasetInfo Dataset::info() const {
  const Lock lock;
  DatasetInfo info;
  info.type = type();
  // Another handle in this process may have extended the dataset.
  SpaceId space(call<H5Dget_space>(values_id()));
  if (call<H5Sget_simple_extent_type>(space.get()) != H5S_NULL) {
    const int rank = call<H5Sget_simple_extent_ndims>(space.get());
    info.shape.emplace(rank);
    info.max_shape.emplace(rank);
    call<H5Sget_simple_extent_dims>(space.get(), info.shape->data(), info.max_shape->data());
  }
  info.chunks = storage().chunks;
  info.filters = storage().filters;
  return info;
}

void Dataset::read(Element element, const Shape& start, const Shape& count, void* out) const {
  const Lock lock;
  if (std::find(count.begin(), count.end(), hsize_t{0}) != count.end()) return;
  const Box box(start, count);
  box.check(extents(), path);
  const TypeId type(call<H5Dget_type>(id()));
  read(MemoryLayout(type.get(), memory_type(element)), box, MemoryPlace::of(box), out);
}

std::vector<RowRange> Dataset::unstored_rows(hsize_t first, hsize_t end) const {
  const Lock lock;
  const Shape dims = extents();
  end = std::min(end, dims.empty() ? hsize_t{0} : dims[0]);
  std::vector<RowRange> runs;
  // The rows of a virtual dataset are stored in its sources.
  if (first >= end || storage().layout == H5D_VIRTUAL) return runs;
  const auto& chunk = storage().chunks;
  if (!chunk) {
    H5D_space_status_t status = H5D_SPACE_STATUS_ALLOCATED;
    call<H5Dget_space_status>(id(), &status);
    if (status == H5D_SPACE_STATUS_NOT_ALLOCATED) runs.push_back({first, end});
    return runs;
  }
  const hsize_t rows = chunk->front();
  for (hsize_t row = first / rows * rows, next = 0; row < end; row = next) {
    next = rows < end - row ? row + rows : end;
    if (has_all_chunks(row, *chunk, dims)) continue;
    if (!runs.empty() && runs.back().end == row) {
      runs.back().end = next;
    } else {
      runs.push_back({std::max(first, row), next});
    }
  }
  return runs;
}

// Checks all chunks that begin at row `row`.
bool Dataset::has_all_chunks(hsize_t row, const Shape& chunk, const Shape& dims) const {
  if (std::find(dims.begin(), dims.end(), hsize_t{0}) != dims.end()) return true;
  Shape offset(dims.size());
  offset[0] = row;
  for (;;) {
    if (stored_size(id(), offset.data()) == 0) return false;
    std::size_t axis = dims.size() - 1;
    while (axis > 0 && dims[axis] - offset[axis] <= chunk[axis]) offset[axis--] = 0;
    if (axis == 0) return true;
    offset[axis] += chunk[axis];
  }
}

Shape Dataset::extents() const {
  SpaceId space(call<H5Dget_space>(id()));
  Shape dims(call<H5Sget_simple_extent_ndims>(space.get()));
  call<H5Sget_simple_extent_dims>(space.get(), dims.data(), nullptr);
  return dims;
}

const TypeInfo& Dataset::type() const {
  if (!type_) type_ = describe(TypeId(call<H5Dget_type>(id())).get());
  return *type_;
}

hsize_t Dataset::rows() const { return extents().at(0); }

void Dataset::set_rows(hsize_t rows) {
  Shape dims = extents();
  if (dims[0] == rows) return;
  dims[0] = rows;
  call<H5Dset_extent>(id(), dims.data());
}

MemoryLayout Dataset::native_memory_layout() const {
  if (type().element) return MemoryLayout::native(*type().element, type().big_endian);
  const TypeId type(call<H5Dget_type>(id()));
  return MemoryLayout::native(type.get());
}

void Dataset::read(const MemoryLayout& layout, const Box& box, const MemoryPlace& place, void* out) const {
  try {
    read_box(id(), layout.memory(), box, place, out);
  } catch (Error& error) {
    explain_unreadable(storage().filters, error);
    error.during("reading '" + path + "' of '" + file_path + "'");
    throw;
  }
}

void Dataset::write(const MemoryLayout& layout, const Box& box, const MemoryPlace& place, const void* in) {
  try {
    check_filters();
    write_box(id(), layout.memory(), box, place, in);
    changed();
  } catch (Error& error) {
    changed();
    error.during("writing '" + path + "' of '" + file_path + "'");
    throw;
  }
}

const std::shared_ptr<ChangeCount>& Dataset::change_count() {
  // Only chunks are cached, so only chunked datasets need a shared count.
  if (!change_count_) change_count_ = storage().chunks ? change_count_of(id()) : std::make_shared<ChangeCount>(0);
  return change_count_;
}

void Dataset::check_filters() {
  if (!writable_) refuse_unwritable(storage().filters, path);
  writable_ = true;
}

void Dataset::changed() { ++*change_count(); }

// HDF5 caches the address of the last chunk, even if it then failed to write that chunk and did not add it to the
// index. A second attempt would then not add it either, and the rows could not be removed. Asking for another chunk
// clears that cache.
void Dataset::forget_chunk(const hsize_t* offset) noexcept {
  try {
    const Shape before = extents(), chunk = storage().chunks.value();
    Shape other(before.size());
    std::size_t axis = 0;
    const auto elsewhere = [&] { return offset[axis] == 0 ? chunk[axis] : 0; };
    while (axis + 1 < before.size() && elsewhere() >= before[axis]) ++axis;
    if (elsewhere() >= before[axis]) axis = 0;
    other[axis] = elsewhere();
    Shape wide = before;
    wide[axis] = std::max(before[axis], other[axis] + 1);
    if (wide != before) call<H5Dset_extent>(id(), wide.data());
    hsize_t size = 0;
    H5Dget_chunk_storage_size(id(), other.data(), &size);
    H5Eclear2(H5E_DEFAULT);
    if (wide != before) call<H5Dset_extent>(id(), before.data());
  } catch (const std::exception&) {
    // Report the first error.
  }
}

void Dataset::write_chunk_at(const hsize_t* offset, const void* bytes, std::size_t size, std::uint32_t skipped) {
  try {
    call<H5Dwrite_chunk>(id(), H5P_DEFAULT, skipped, offset, size, bytes);
  } catch (const Error&) {
    forget_chunk(offset);
    throw;
  }
}

haddr_t Dataset::write_chunk(hsize_t row, const void* bytes, std::size_t size, std::uint32_t skipped) {
  const hsize_t offset[H5S_MAX_RANK] = {row};
  // Asking HDF5 for the address of one chunk would walk through all of them.
  const WriteWatch watch(bytes);
  write_chunk_at(offset, bytes, size, skipped);
  if (!watch.address()) {
    throw Error("ERR_HDF5",
                "HDF5 did not write the chunk at row " + std::to_string(row) + " of '" + path + "' as one write");
  }
  return *watch.address();
}

std::vector<ChunkPlace> Dataset::chunks() const { return list_chunks(id(), path); }

std::optional<StoredChunk> Dataset::read_chunk(const hsize_t* offset, StoredBytes& into) const {
  try {
    auto size = static_cast<std::size_t>(stored_size(id(), offset));
    if (size == 0) return std::nullopt;
    refuse_longer_than_file(id(), size, path);
    StoredChunk chunk{into.size, size};
    void* room = into.more(size);
#if H5_VERSION_GE(2, 0, 0)
    call<H5Dread_chunk2>(id(), H5P_DEFAULT, offset, &chunk.skipped, room, &size);
#else
    call<H5Dread_chunk>(id(), H5P_DEFAULT, offset, &chunk.skipped, room);
#endif
    into.size += size;
    return chunk;
  } catch (Error& error) {
    if (is_absence(error)) return std::nullopt;
    error.during("reading '" + path + "' of '" + file_path + "'");
    throw;
  }
}

std::vector<unsigned char> Dataset::fill_bytes() const {
  const PropertiesId properties(call<H5Dget_create_plist>(id()));
  const TypeId type(call<H5Dget_type>(id()));
  std::vector<unsigned char> bytes(H5Tget_size(type.get()));
  H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
  call<H5Pfill_value_defined>(properties.get(), &defined);
  if (defined != H5D_FILL_VALUE_UNDEFINED) {
    call<H5Pget_fill_value>(properties.get(), type.get(), static_cast<void*>(bytes.data()));
  }
  return bytes;
}

unsigned char* StoredBytes::more(std::size_t count) {
  if (room - size < count) {
    const std::size_t enough = std::max(size + count, 2 * room);
    std::unique_ptr<unsigned char[]> larger(new unsigned char[enough]);
    if (size > 0) std::copy_n(bytes.get(), size, larger.get());
    bytes = std::move(larger);
    room = enough;
  }
  return bytes.get() + size;
}

}  // namespace h5tracks::hdf5
