// A decoder of zlib streams (RFC 1950 and 1951). It is made for shuffled numbers, whose codes are mostly one or two
// bits long: one table lookup yields several literals. Any input is safe, and it refuses what zlib refuses. Knows
// neither Node nor HDF5.
#pragma once

#include <cstddef>

#include "codec/inflate/inflate_stream.h"
#include "codec/inflate/inflate_tables.h"

namespace h5tracks::codec {

// Reusable; holds about 70 KB of tables. Not thread-safe.
class Inflater {
 public:
  // With this much space after the output, the fast loop decodes all of it.
  static constexpr std::size_t kSlack = kOutSlack;

  // Decodes exactly `bytes` bytes. Any of the `room` >= `bytes` bytes at `out` may be overwritten. False: the stream is
  // damaged or has a different length. Bytes after the stream are ignored.
  bool inflate(const unsigned char* in, std::size_t in_bytes, unsigned char* out, std::size_t bytes, std::size_t room);

 private:
  bool block(InflateStream& stream, bool& last);
  bool read_codes(InflateStream& stream);

  LiteralTable literals_;
  DistanceTable distances_;
};

}  // namespace h5tracks::codec
