#include "stream/recovery/rebuild.h"

#include <cstring>

#include "hdf5/core/lock.h"
#include "hdf5/dataset/open_dataset.h"
#include "stream/blocks/column_match.h"
#include "stream/blocks/journal_columns.h"
#include "stream/run_state/run_marks.h"

namespace h5tracks::stream {

namespace {

using journal::Damaged;

void write_image(const std::string& path, const unsigned char* image, std::size_t bytes) {
  // Private until recovery sets the owner and mode.
  const system::Descriptor file(system::open_file(path, system::OpenMode::kCreate, {true}));
  if (!file) journal::throw_errno("open", path);
  try {
    journal::write_fully(file.get(), image, bytes, 0);
  } catch (journal::SystemError& error) {
    system::remove_file(path);
    error.path = path;
    throw;
  }
}

// Compares the journal's description of a dataset with the dataset in the skeleton, because chunks are copied as bytes.
void check(const hdf5::DatasetInfo& info, const journal::Column& column, std::uint64_t rows) {
  const auto& stored = info.type.stored;
  const bool known = stored && static_cast<std::uint8_t>(stored->element) == column.type &&
                     can_hold(stored->element, column.fill) && hdf5::size_of(stored->element) == column.element_bytes &&
                     has_rows_of(info, stored->element, column.row_values, rows) && info.shape->front() == 0 &&
                     has_filters(info, column.shuffle, column.deflate >= 0, column.element_bytes);
  if (!known) throw Damaged("'" + column.path + "' in its copy of the empty file does not match its list of datasets");
}

// If HDF5 refuses the skeleton, the journal is damaged; a system error is passed on.
template <typename Action>
void on_skeleton(Action action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.error_number != 0) throw;
    throw Damaged(std::string("its copy of the empty file cannot be used: ") + error.what());
  }
}

}  // namespace

Rebuild::Rebuild(const std::string& path, const journal::Reader& journal, std::vector<std::string>& lost)
    : path_(path), journal_(journal), lost_(lost) {
  write_image(path, journal.skeleton(), journal.header().skeleton_bytes);
  try {
    on_skeleton([&] {
      file_ = std::make_unique<hdf5::File>(path, system::Access::kReadWrite);
      for (const journal::StreamReader& stream : journal.streams()) streams_.push_back(open_stream(stream));
    });
  } catch (...) {
    system::remove_file(path);
    throw;
  }
}

Rebuild::~Rebuild() {
  if (!kept_) system::remove_file(path_);
}

Rebuild::Stream Rebuild::open_stream(const journal::StreamReader& journal) const {
  Stream stream{journal, {}, {}};
  for (const journal::Column& column : journal.columns()) {
    stream.filters.push_back(filters_of(column));
    stream.datasets.push_back(open_dataset(*file_, column.path));
    check(stream.datasets.back()->info(), column, journal.rows());
  }
  return stream;
}

bool Rebuild::take_chunks(const system::FileLock& old, const journal::Record& record) {
  Stream& stream = streams_[record.stream];
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < record.chunks.size(); ++i) {
    const std::uint64_t bytes = stream.journal.rows() * stream.journal.columns()[i].row_bytes();
    auto chunk = take_chunk(old, bytes, record.chunks[i]);
    if (!chunk) return false;
    chunks.push_back({std::move(*chunk), record.chunks[i].skipped});
  }
  report_damage(stream, record, chunks);
  write(stream, record.base, record.rows, chunks);
  return true;
}

// Chunks without a checksum are older than the run.
void Rebuild::report_damage(const Stream& stream, const journal::Record& record, const std::vector<Chunk>& chunks) {
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (record.chunks[i].has_crc) continue;
    const journal::Column& column = stream.journal.columns()[i];
    codec::Bytes values(stream.journal.rows() * column.row_bytes());
    const codec::Pipeline filters = stream.filters[i].without(chunks[i].skipped);
    if (filters.decode(chunks[i].bytes.data(), chunks[i].bytes.size(), values.data(), values.size())) continue;
    lost_.push_back("rows " + std::to_string(record.base) + " to " + std::to_string(record.base + record.rows - 1) +
                    " of '" + column.path +
                    "': their chunk was written before the run and is damaged; it was copied as it is");
  }
}

std::optional<codec::Bytes> Rebuild::take_chunk(const system::FileLock& old, std::uint64_t bytes,
                                                const journal::ChunkPlace& place) {
  const auto end = static_cast<std::uint64_t>(old.size());
  // Checked before anything is allocated. Chunks do not overlap, so together they cannot be larger than the file.
  if (place.size > end || place.address > end - place.size || !is_possible_size(place.size, bytes)) return std::nullopt;
  if (bytes_taken_ > end - place.size) return std::nullopt;
  bytes_taken_ += place.size;
  codec::Bytes chunk(place.size);
  if (old.read_at(place.address, chunk.data(), chunk.size()) != chunk.size()) return std::nullopt;
  if (place.has_crc && journal::crc32(chunk.data(), chunk.size()) != place.crc) return std::nullopt;
  return chunk;
}

void Rebuild::take_rows(std::size_t index, const unsigned char* slot, std::uint64_t base, std::uint64_t rows) {
  Stream& stream = streams_[index];
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < stream.datasets.size(); ++i) {
    const journal::Column& column = stream.journal.columns()[i];
    codec::Bytes values(stream.journal.rows() * column.row_bytes());
    const std::size_t taken = rows * column.row_bytes();
    std::memcpy(values.data(), slot + column.offset, taken);
    // The slot may contain values of a row that was never accepted.
    fill(static_cast<hdf5::Element>(column.type), values.data() + taken, values.size() - taken, column.fill);
    chunks.push_back({stream.filters[i].encode(values.data(), values.size(), effort_of(column)), 0});
  }
  write(stream, base, rows, chunks);
}

void Rebuild::write(Stream& stream, std::uint64_t base, std::uint64_t rows, const std::vector<Chunk>& chunks) {
  on_skeleton([&] {
    const hdf5::Lock lock;
    for (std::size_t i = 0; i < stream.datasets.size(); ++i) {
      stream.datasets[i]->set_rows(base + rows);
      stream.datasets[i]->write_chunk(base, chunks[i].bytes.data(), chunks[i].bytes.size(), chunks[i].skipped);
    }
  });
  stream.rows = base + rows;
}

void Rebuild::add_loss(const std::string& text) {
  on_skeleton([&] { stream::add_loss(*file_, journal_.marked(), text); });
}

journal::Successor Rebuild::finish() {
  on_skeleton([&] {
    mark_closed(*file_, journal_.marked(), journal_.tally());
    file_->close([this] {
      // With this run id in its bytes, the new file would be taken for the old one.
      if (const auto mark = journal_.mark()) file_->erase_at(mark->address, journal_.run_id());
      file_->sync();
    });
  });
  const system::Descriptor file(system::open_file(path_, system::OpenMode::kRead));
  if (!file) journal::throw_errno("open", path_);
  return journal::fingerprint(file.get());
}

}  // namespace h5tracks::stream
