#include "stream/boxes/stored_dataset.h"

#include "hdf5/core/lock.h"
#include "stream/boxes/byte_swap.h"

namespace h5tracks::stream {

namespace {

std::optional<codec::Pipeline> pipeline_of(const std::vector<hdf5::FilterInfo>& filters, std::size_t element_bytes) {
  using Kind = codec::Pipeline::Step::Kind;
  std::vector<codec::Pipeline::Step> steps;
  for (const auto& filter : filters) {
    const bool has_options = !filter.options.empty();
    switch (filter.id) {
      case H5Z_FILTER_SHUFFLE:
        steps.push_back({Kind::kShuffle, has_options ? filter.options[0] : static_cast<unsigned>(element_bytes)});
        if (steps.back().option == 0) return std::nullopt;
        break;
      case H5Z_FILTER_DEFLATE:
        steps.push_back({Kind::kDeflate, has_options ? filter.options[0] : 0});
        if (steps.back().option > 9) return std::nullopt;
        break;
      case H5Z_FILTER_FLETCHER32:
        steps.push_back({Kind::kFletcher32});
        break;
      default:
        return std::nullopt;
    }
  }
  return codec::Pipeline::of(std::move(steps));
}

// See StoredDataset::row_bytes.
std::size_t row_bytes_of(const std::optional<StoredDataset::Chunks>& chunks, const hdf5::Shape& shape,
                         std::size_t element_bytes) {
  if (!chunks || shape.empty()) return 0;
  std::size_t bytes = element_bytes;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    if (chunks->shape[axis] != shape[axis]) return 0;
    bytes *= shape[axis];
  }
  return bytes;
}

}  // namespace

struct StoredDataset::Known {
  // The caller must hold the Lock.
  Known(hdf5::Dataset& dataset, std::optional<hdf5::MemoryLayout> given)
      : type(dataset.type()),
        memory_layout(given ? std::move(*given) : dataset.native_memory_layout()),
        change_count(dataset.change_count()) {
    dataset.values_id();
    shape = dataset.extents();
    const hdf5::Storage& stored = dataset.storage();
    if (!memory_layout.swapped || !stored.chunks || shape.size() != stored.chunks->size()) return;
    auto filters = pipeline_of(stored.filters, type.size);
    if (!filters) return;
    std::size_t bytes = memory_layout.size;
    for (const hsize_t extent : *stored.chunks) bytes *= extent;
    const bool filtered_edges = stored.filters.empty() || stored.filters_edges;
    auto encoder = std::make_shared<ChunkEncoder>(*filters, memory_layout.size, *stored.chunks);
    chunks = Chunks{*stored.chunks, bytes, std::move(*filters), filtered_edges, std::move(encoder)};
  }

  // Takes the lock once for all properties.
  static Known of(hdf5::Dataset& dataset, std::optional<hdf5::MemoryLayout> memory_layout) {
    const hdf5::Lock lock;
    return Known(dataset, std::move(memory_layout));
  }

  hdf5::TypeInfo type;
  hdf5::Shape shape;
  hdf5::MemoryLayout memory_layout;
  std::optional<Chunks> chunks;
  std::shared_ptr<hdf5::ChangeCount> change_count;
};

StoredDataset::StoredDataset(std::shared_ptr<hdf5::Dataset> given, std::shared_ptr<ChunkCache> cache,
                             std::optional<hdf5::MemoryLayout> memory_layout)
    : StoredDataset(given, std::move(cache), Known::of(*given, std::move(memory_layout))) {}

StoredDataset::StoredDataset(std::shared_ptr<hdf5::Dataset> given, std::shared_ptr<ChunkCache> cache, Known known)
    : dataset(std::move(given)),
      cache(std::move(cache)),
      type(std::move(known.type)),
      shape(std::move(known.shape)),
      memory_layout(std::move(known.memory_layout)),
      chunks(std::move(known.chunks)),
      row_bytes(row_bytes_of(chunks, shape, memory_layout.size)),
      change_count(std::move(known.change_count)) {}

StoredDataset::~StoredDataset() {
  if (chunks) cache->forget(*dataset);
}

const std::vector<unsigned char>& StoredDataset::fill() const {
  const hdf5::Lock lock;
  if (!fill_) {
    fill_ = dataset->fill_bytes();
    swap_bytes(fill_->data(), fill_->size(), memory_layout.swapped.value_or(0));
  }
  return *fill_;
}

}  // namespace h5tracks::stream
