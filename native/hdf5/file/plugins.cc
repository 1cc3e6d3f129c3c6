#include "hdf5/file/plugins.h"

#include <algorithm>
#include <cstdlib>

#include "codec/lzf.h"
#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

// The options of h5py's filter are its version, that of LZF, and the bytes of a chunk.
constexpr std::size_t kChunkBytes = 2;
constexpr std::size_t kLargestRatio = 256;

std::size_t read_lzf(unsigned flags, std::size_t count, const unsigned options[], std::size_t size,
                     std::size_t* buffer_size, void** buffer) {
  if (!(flags & H5Z_FLAG_REVERSE)) return 0;
  std::size_t room = count > kChunkBytes ? options[kChunkBytes] : 0;
  // LZF cannot expand its input further, whatever the options say.
  if (room == 0 || room / kLargestRatio > size) room = size * kLargestRatio;
  auto* values = static_cast<unsigned char*>(H5allocate_memory(room, false));
  if (!values) return 0;
  const auto decoded = codec::decode_lzf(static_cast<const unsigned char*>(*buffer), size, values, room);
  if (!decoded) {
    H5free_memory(values);
    return 0;
  }
  H5free_memory(*buffer);
  // Shrinks the buffer to the values: if it had the size of a chunk, H5Ocopy would clear all of it.
  void* fitting = H5resize_memory(values, std::max<std::size_t>(*decoded, 1));
  *buffer = fitting ? fitting : values;
  *buffer_size = *decoded;
  return *decoded;
}

}  // namespace

void register_lzf() {
  H5Z_class2_t lzf{};
  lzf.version = H5Z_CLASS_T_VERS;
  lzf.id = kLzf;
  lzf.encoder_present = 0;
  lzf.decoder_present = 1;
  lzf.name = "lzf";
  lzf.filter = read_lzf;
  H5Zregister(&lzf);
}

void load_plugins_from(const std::string& directory) {
  unsigned paths = 0;
  call<H5PLsize>(&paths);
  for (; paths > 0; --paths) call<H5PLremove>(0u);
  call<H5PLappend>(directory.c_str());
  call<H5PLset_loading_state>(unsigned{H5PL_FILTER_PLUGIN});
}

}  // namespace h5tracks::hdf5
