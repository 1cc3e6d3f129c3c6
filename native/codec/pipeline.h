// Chains of HDF5's own filters {shuffle, deflate, fletcher32}, in whichever order a dataset has them: a chunk's values
// to the bytes that stand in the file, and back. Knows neither Node nor HDF5.
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

  // In the order in which they are applied to values. None: a chain that is not made here (deflate twice).
  static std::optional<Pipeline> of(std::vector<Step> steps);

  // The chain of most datasets. `shuffled`: the bytes of an element; none: not shuffled.
  static Pipeline usual(std::optional<std::size_t> shuffled, std::optional<int> level);

  const std::vector<Step>& steps() const { return steps_; }
  bool shuffles() const;
  // The level of its deflate; none: nothing is made smaller.
  std::optional<int> level() const;
  // Without the steps whose bits are set, as HDF5 notes them for a chunk that a filter could not be applied to.
  Pipeline without(std::uint32_t skipped) const;

  // Exactly `bytes` values of `encoded`. False: these are not the bytes of such a chunk.
  bool decode(const unsigned char* encoded, std::size_t encoded_bytes, unsigned char* values, std::size_t bytes) const;

  // `effort` is for its deflate, whose level it does not ask for again.
  Bytes encode(const unsigned char* values, std::size_t bytes, const Effort& effort) const;

 private:
  bool decode_from(std::size_t steps, const unsigned char* in, std::size_t in_bytes, unsigned char* out,
                   std::size_t bytes) const;
  std::size_t bytes_before(std::size_t step, std::size_t bytes) const;
  bool is(std::size_t step, Step::Kind kind) const { return step < steps_.size() && steps_[step].kind == kind; }

  std::vector<Step> steps_;
};

// As HDF5 counts it.
std::uint32_t fletcher32(const unsigned char* bytes, std::size_t count);

}  // namespace h5tracks::codec
