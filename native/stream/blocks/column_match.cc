#include "stream/blocks/column_match.h"

namespace h5tracks::stream {

bool has_rows_of(const hdf5::DatasetInfo& info, hdf5::Element type, std::uint64_t row_values, std::uint64_t rows) {
  const auto& stored = info.type.stored;
  if (!stored || stored->element != type || info.type.big_endian) return false;
  if (!info.shape || !info.chunks || info.max_shape->front() != H5S_UNLIMITED || info.chunks->front() != rows)
    return false;
  std::uint64_t values = stored->count;
  for (std::size_t axis = 1; axis < info.chunks->size(); ++axis) {
    if ((*info.chunks)[axis] != (*info.shape)[axis]) return false;
    values *= (*info.chunks)[axis];
  }
  return values == row_values;
}

bool has_filters(const hdf5::DatasetInfo& info, bool shuffle, bool deflate, std::size_t element_bytes) {
  std::vector<int> wanted;
  if (shuffle) wanted.push_back(H5Z_FILTER_SHUFFLE);
  if (deflate) wanted.push_back(H5Z_FILTER_DEFLATE);
  std::vector<int> ids;
  for (const hdf5::FilterInfo& filter : info.filters) {
    ids.push_back(filter.id);
    const bool sized = filter.id == H5Z_FILTER_SHUFFLE && !filter.options.empty();
    if (sized && filter.options.front() != element_bytes) return false;
  }
  return ids == wanted;
}

}  // namespace h5tracks::stream
