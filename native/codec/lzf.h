// LZF, as h5py's filter of that name has it: decoding only.
#pragma once

#include <cstddef>
#include <optional>

namespace h5tracks::codec {

// Bytes that came out; none where `from` is no LZF, or more comes of it than there is room for.
std::optional<std::size_t> decode_lzf(const unsigned char* from, std::size_t size, unsigned char* into,
                                      std::size_t room);

}  // namespace h5tracks::codec
