// Decodes the literals and matches of one DEFLATE block. Knows neither Node nor HDF5.
#pragma once

#include "codec/inflate/inflate_stream.h"
#include "codec/inflate/inflate_tables.h"

namespace h5tracks::codec {

// Decodes to the end of the block. False: the block is damaged or has more bytes than fit.
bool inflate_symbols(InflateStream& stream, const LiteralTable& literals, const DistanceTable& distances);

}  // namespace h5tracks::codec
