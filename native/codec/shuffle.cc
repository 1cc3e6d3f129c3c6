#include "codec/shuffle.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <cstring>

namespace h5tracks::codec {

namespace {

// If the compiler knows the size, it unrolls and vectorises the inner loops.
template <std::size_t Size>
void shuffle_sized(const unsigned char* in, std::size_t count, unsigned char* out, std::size_t first = 0) {
  for (std::size_t i = first; i < count; ++i) {
    for (std::size_t byte = 0; byte < Size; ++byte) out[byte * count + i] = in[i * Size + byte];
  }
}

template <std::size_t Size>
void unshuffle_sized(const unsigned char* in, std::size_t count, unsigned char* out, std::size_t first = 0) {
  for (std::size_t i = first; i < count; ++i) {
    for (std::size_t byte = 0; byte < Size; ++byte) out[i * Size + byte] = in[byte * count + i];
  }
}

#ifdef __SSE2__

constexpr std::size_t kAtOnce = 16;  // elements of 4 bytes

__m128i load(const unsigned char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }
void store(unsigned char* at, __m128i value) { _mm_storeu_si128(reinterpret_cast<__m128i*>(at), value); }

// The even and the odd bytes of two registers.
__m128i even(__m128i a, __m128i b) {
  const __m128i low = _mm_set1_epi16(0xff);
  return _mm_packus_epi16(_mm_and_si128(a, low), _mm_and_si128(b, low));
}
__m128i odd(__m128i a, __m128i b) { return _mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8)); }

// Most values have 4 bytes, and compilers do not vectorise this case well. Returns the number of elements shuffled.
std::size_t shuffle_fours(const unsigned char* in, std::size_t count, unsigned char* out) {
  std::size_t i = 0;
  for (; i + kAtOnce <= count; i += kAtOnce) {
    const __m128i a = load(in + 4 * i), b = load(in + 4 * i + 16), c = load(in + 4 * i + 32), d = load(in + 4 * i + 48);
    const __m128i even_front = even(a, b), even_back = even(c, d), odd_front = odd(a, b), odd_back = odd(c, d);
    store(out + i, even(even_front, even_back));
    store(out + count + i, even(odd_front, odd_back));
    store(out + 2 * count + i, odd(even_front, even_back));
    store(out + 3 * count + i, odd(odd_front, odd_back));
  }
  return i;
}

std::size_t unshuffle_fours(const unsigned char* in, std::size_t count, unsigned char* out) {
  std::size_t i = 0;
  for (; i + kAtOnce <= count; i += kAtOnce) {
    const __m128i a = load(in + i), b = load(in + count + i), c = load(in + 2 * count + i),
                  d = load(in + 3 * count + i);
    const __m128i ab_front = _mm_unpacklo_epi8(a, b), ab_back = _mm_unpackhi_epi8(a, b);
    const __m128i cd_front = _mm_unpacklo_epi8(c, d), cd_back = _mm_unpackhi_epi8(c, d);
    store(out + 4 * i, _mm_unpacklo_epi16(ab_front, cd_front));
    store(out + 4 * i + 16, _mm_unpackhi_epi16(ab_front, cd_front));
    store(out + 4 * i + 32, _mm_unpacklo_epi16(ab_back, cd_back));
    store(out + 4 * i + 48, _mm_unpackhi_epi16(ab_back, cd_back));
  }
  return i;
}

#else

std::size_t shuffle_fours(const unsigned char*, std::size_t, unsigned char*) { return 0; }
std::size_t unshuffle_fours(const unsigned char*, std::size_t, unsigned char*) { return 0; }

#endif

// Bytes after the last whole element, such as a checksum, stay where they are.
void copy_rest(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out) {
  const std::size_t whole = bytes / element_size * element_size;
  if (whole < bytes) std::memcpy(out + whole, in + whole, bytes - whole);
}

}  // namespace

void shuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out) {
  const std::size_t count = bytes / element_size;
  copy_rest(in, bytes, element_size, out);
  switch (element_size) {
    case 1:
      std::memcpy(out, in, bytes);
      return;
    case 2:
      return shuffle_sized<2>(in, count, out);
    case 4:
      return shuffle_sized<4>(in, count, out, shuffle_fours(in, count, out));
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
  copy_rest(in, bytes, element_size, out);
  switch (element_size) {
    case 1:
      std::memcpy(out, in, bytes);
      return;
    case 2:
      return unshuffle_sized<2>(in, count, out);
    case 4:
      return unshuffle_sized<4>(in, count, out, unshuffle_fours(in, count, out));
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
