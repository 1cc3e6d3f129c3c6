// Chains of HDF5's filters shuffle, deflate and fletcher32, in any order that a dataset may have: encode a chunk's
// values to the bytes in the file, and decode them. Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codec/shuffled_deflate.h"

namespace h5tracks::codec {

class Pipeline {
 public:
  struct Step {
    enum class Kind { kShuffle, kDeflate, kFletcher32 } kind;
    unsigned option = 0;  // shuffle: bytes of an element, at least 1; deflate: the level, 0-9
  };

  // In the order in which they are applied to values. None: a chain that is not supported here (deflate twice).
  static std::optional<Pipeline> of(std::vector<Step> steps);

  // The chain of most datasets. `shuffled`: bytes of an element; none: no shuffle.
  static Pipeline usual(std::optional<std::size_t> shuffled, std::optional<int> level);

  const std::vector<Step>& steps() const { return steps_; }
  bool shuffles() const;
  // The level of its deflate; none: the chain does not compress.
  std::optional<int> level() const;
  // Without the steps whose bits are set: HDF5's filter mask of a chunk, for filters that were skipped.
  Pipeline without(std::uint32_t skipped) const;

  // Decodes to exactly `bytes` bytes of values. False: `encoded` is not such a chunk.
  bool decode(const unsigned char* encoded, std::size_t encoded_bytes, unsigned char* values, std::size_t bytes) const;

  // `effort` replaces the level of the chain's deflate.
  Bytes encode(const unsigned char* values, std::size_t bytes, const Effort& effort) const;

 private:
  bool decode_from(std::size_t steps, const unsigned char* in, std::size_t in_bytes, unsigned char* out,
                   std::size_t bytes) const;
  std::size_t bytes_before(std::size_t step, std::size_t bytes) const;
  bool is(std::size_t step, Step::Kind kind) const { return step < steps_.size() && steps_[step].kind == kind; }

  std::vector<Step> steps_;
};

// HDF5's variant of the checksum.
std::uint32_t fletcher32(const unsigned char* bytes, std::size_t count);

}  // namespace h5tracks::codec
