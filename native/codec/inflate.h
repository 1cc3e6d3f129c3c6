// What a zlib stream holds (RFC 1950 and 1951). Made for shuffled numbers, whose codes have mostly one bit or two: its
// tables answer with several literals at once. Any input is safe, and what zlib refuses is refused.
// Knows neither Node nor HDF5.
#pragma once

#include <cstddef>

#include "codec/inflate_stream.h"
#include "codec/inflate_tables.h"

namespace h5tracks::codec {

// Holds some 70 KB of tables, to be used again. Not for two threads at once.
class Inflater {
 public:
  // Room behind what is asked for with which all of it is inflated fast.
  static constexpr std::size_t kSlack = 320;

  // Exactly `bytes` bytes to `out`, which has `room` >= `bytes` for any of them to be written to meanwhile. False: the
  // stream is damaged, or holds another number of bytes. What comes behind it is not looked at.
  bool inflate(const unsigned char* in, std::size_t in_bytes, unsigned char* out, std::size_t bytes, std::size_t room);

 private:
  bool block(InflateStream& stream, bool& last);
  bool read_codes(InflateStream& stream);
  void make_fixed_codes();

  LiteralTable literals_;
  DistanceTable distances_;
  bool fixed_ = false;  // the tables are those of the fixed codes
};

}  // namespace h5tracks::codec
