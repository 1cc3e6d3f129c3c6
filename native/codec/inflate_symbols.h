// The literals and matches of one DEFLATE block. Knows neither Node nor HDF5.
#pragma once

#include "codec/inflate_stream.h"
#include "codec/inflate_tables.h"

namespace h5tracks::codec {

// Up to the end of the block. False: it is damaged, or has more than fits.
bool inflate_symbols(InflateStream& stream, const LiteralTable& literals, const DistanceTable& distances);

}  // namespace h5tracks::codec
