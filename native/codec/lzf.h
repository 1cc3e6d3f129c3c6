// A decoder of LZF as h5py's filter writes it. Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <optional>

namespace h5tracks::codec {

// The number of decoded bytes. None: `from` is not LZF, or its data do not fit into `room` bytes.
std::optional<std::size_t> decode_lzf(const unsigned char* from, std::size_t size, unsigned char* into,
                                      std::size_t room);

}  // namespace h5tracks::codec
