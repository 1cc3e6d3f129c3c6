#include "codec/shuffle.h"

#include <cstring>

namespace h5tracks::codec {

namespace {

// With the size known to the compiler the inner loops unroll and vectorise.
template <std::size_t Size>
void shuffle_sized(const unsigned char* in, std::size_t count, unsigned char* out) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t byte = 0; byte < Size; ++byte) out[byte * count + i] = in[i * Size + byte];
  }
}

template <std::size_t Size>
void unshuffle_sized(const unsigned char* in, std::size_t count, unsigned char* out) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t byte = 0; byte < Size; ++byte) out[i * Size + byte] = in[byte * count + i];
  }
}

}  // namespace

void shuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out) {
  const std::size_t count = bytes / element_size;
  switch (element_size) {
    case 1:
      std::memcpy(out, in, bytes);
      return;
    case 2:
      return shuffle_sized<2>(in, count, out);
    case 4:
      return shuffle_sized<4>(in, count, out);
    case 8:
      return shuffle_sized<8>(in, count, out);
    default:
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t byte = 0; byte < element_size; ++byte) {
          out[byte * count + i] = in[i * element_size + byte];
        }
      }
  }
}

void unshuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out) {
  const std::size_t count = bytes / element_size;
  switch (element_size) {
    case 1:
      std::memcpy(out, in, bytes);
      return;
    case 2:
      return unshuffle_sized<2>(in, count, out);
    case 4:
      return unshuffle_sized<4>(in, count, out);
    case 8:
      return unshuffle_sized<8>(in, count, out);
    default:
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t byte = 0; byte < element_size; ++byte) {
          out[i * element_size + byte] = in[byte * count + i];
        }
      }
  }
}

}  // namespace h5tracks::codec
