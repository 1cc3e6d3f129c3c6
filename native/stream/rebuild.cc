#include "stream/rebuild.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "hdf5/lock.h"
#include "stream/marks.h"

namespace h5tracks::stream {

namespace {

using journal::Damaged;

void write_image(const std::string& path, const std::vector<unsigned char>& image) {
  // Nobody else's until it is whole.
  const journal::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) journal::throw_errno("open");
  journal::write_fully(file.get(), image.data(), image.size(), 0);
}

codec::ChunkFilters filters_of(const journal::Column& column) {
  codec::ChunkFilters filters;
  filters.shuffle = column.shuffle;
  if (column.deflate >= 0) filters.deflate = column.deflate;
  filters.encoder = codec::Encoder::kFast;
  filters.row_bytes = column.row_bytes();
  return filters;
}

// The journal's word about a dataset, against what the empty file has.
void check(const hdf5::DatasetInfo& info, const journal::Column& column, std::uint64_t rows) {
  const bool known = info.type.element && static_cast<std::uint8_t>(*info.type.element) == column.type &&
                     info.type.size == column.element_bytes && info.shape && info.chunks;
  std::uint64_t values = 1;
  for (std::size_t axis = 1; known && axis < info.chunks->size(); ++axis) values *= (*info.chunks)[axis];
  if (known && info.chunks->front() == rows && values == column.row_values) return;
  throw Damaged("'" + column.path + "' is not what its list of datasets says");
}

}  // namespace

Rebuild::Rebuild(const std::string& path, const journal::Reader& journal) : path_(path), journal_(journal) {
  write_image(path, journal.skeleton());
  try {
    file_ = std::make_unique<hdf5::File>(path, hdf5::Access::kReadWrite);
    for (const journal::Column& column : journal.columns()) {
      filters_.push_back(filters_of(column));
      datasets_.push_back(file_->open_dataset(column.path));
      check(datasets_.back()->info(), column, journal.header().rows);
    }
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
}

Rebuild::~Rebuild() {
  if (!finished_) ::unlink(path_.c_str());
}

bool Rebuild::take_chunks(int old_file, const journal::Record& record) {
  std::vector<codec::Bytes> chunks(record.chunks.size());
  const off_t end = ::lseek(old_file, 0, SEEK_END);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const journal::ChunkPlace& place = record.chunks[i];
    const journal::Column& column = journal_.columns()[i];
    // Before anything is allocated: no file holds more than its size.
    if (end < 0 || place.size > static_cast<std::uint64_t>(end)) return false;
    chunks[i].resize(place.size);
    if (!journal::read_fully(old_file, chunks[i].data(), place.size, place.address)) return false;
    if (place.has_crc && journal::crc32(chunks[i].data(), place.size) != place.crc) return false;
    if (place.has_crc) continue;
    codec::Bytes values(journal_.header().rows * column.row_bytes());
    if (!codec::decode_chunk(chunks[i], column.element_bytes, filters_[i], values.data(), values.size())) return false;
  }
  write(record.base, record.rows, chunks);
  return true;
}

void Rebuild::take_rows(const unsigned char* slot, std::uint64_t base, std::uint64_t rows) {
  std::vector<codec::Bytes> chunks;
  for (std::size_t i = 0; i < datasets_.size(); ++i) {
    const journal::Column& column = journal_.columns()[i];
    codec::Bytes values(journal_.header().rows * column.row_bytes());
    const std::size_t taken = rows * column.row_bytes();
    std::memcpy(values.data(), slot + column.offset, taken);
    // Beyond the counted rows there may be the beginning of one that was never accepted.
    fill(static_cast<hdf5::Element>(column.type), values.data() + taken, values.size() - taken, column.fill);
    chunks.push_back(codec::encode_chunk(values.data(), values.size(), column.element_bytes, filters_[i]));
  }
  write(base, rows, chunks);
}

void Rebuild::write(std::uint64_t base, std::uint64_t rows, const std::vector<codec::Bytes>& chunks) {
  const hdf5::Lock lock;
  for (std::size_t i = 0; i < datasets_.size(); ++i) {
    datasets_[i]->set_rows(base + rows);
    datasets_[i]->write_chunk(base, chunks[i].data(), chunks[i].size());
  }
  rows_ = base + rows;
}

journal::Successor Rebuild::finish() {
  mark_closed(*file_, journal_.marked());
  file_->close([this] { file_->sync(); });
  const journal::Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) journal::throw_errno("open");
  const auto successor = journal::fingerprint(file.get());
  finished_ = true;
  return successor;
}

}  // namespace h5tracks::stream
