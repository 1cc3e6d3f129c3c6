// Whether a dataset takes the chunks that are made for a column: they are copied as bytes, without a conversion.
#pragma once

#include "hdf5/dataset/dataset.h"
#include "hdf5/type/element.h"

namespace h5tracks::stream {

// Whether each row has `row_values` elements of the type as they are stored, little-endian, and whether one chunk holds
// `rows` whole rows.
bool has_rows_of(const hdf5::DatasetInfo& info, hdf5::Element type, std::uint64_t row_values, std::uint64_t rows);

// Whether the dataset's filters are shuffle, if `shuffle`, and deflate, if `deflate`, and nothing else. Shuffle must
// work on elements of `element_bytes`: HDF5 shuffles a string as one element.
bool has_filters(const hdf5::DatasetInfo& info, bool shuffle, bool deflate, std::size_t element_bytes);

}  // namespace h5tracks::stream
