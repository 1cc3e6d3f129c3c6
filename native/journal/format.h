// The journal's layout on disk, which docs/journal.md describes. All numbers are little-endian. native/journal knows
// neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace h5tracks::journal {

constexpr char kMagic[8] = {'h', '5', 't', 'r', 'k', 'j', 'n', 'l'};
// A run has one or more streams of rows, each with columns, blocks and a pace of its own. Versions 1 and 3 have one
// stream, versions 2 and 4 several. In versions 3 and 4, chunks may have been stored without some of their filters.
constexpr std::uint32_t kOneStream = 1, kSeveralStreams = 2, kOneStreamSkips = 3, kSeveralStreamsSkip = 4;
constexpr bool has_several_streams(std::uint32_t version) { return version % 2 == 0; }
constexpr bool is_known(std::uint32_t version) { return version >= kOneStream && version <= kSeveralStreamsSkip; }
constexpr std::size_t kPage = 4096;
constexpr std::size_t kRunIdBytes = 32;  // hexadecimal digits
// Limit for the list of columns and for the list of names; a journal with more is damaged.
constexpr std::uint64_t kMostListBytes = std::uint64_t{256} << 20;

// At byte 0. Written once, before the journal gets its name.
struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t crc;  // of this header with crc 0
  char run_id[kRunIdBytes];
  char boot_id[40];             // of the boot during which the run began; zeros: unknown
  std::uint64_t device, inode;  // of the file
  std::uint64_t rows;  // rows in a block; with several streams, this and the next three are 0 and in StreamHead
  std::uint64_t slots, slot_bytes, slots_offset;
  std::uint64_t columns, columns_offset, columns_bytes;  // of all streams
  std::uint64_t texts_offset, texts_bytes;
  std::uint64_t skeleton_offset, skeleton_bytes;
  std::uint64_t records_offset, record_bytes;
  std::uint32_t columns_crc, texts_crc, skeleton_crc;
  std::uint32_t unused;
};

// Follows the header if there are several streams.
struct StreamsHeader {
  std::uint64_t streams, streams_offset;  // StreamHeads
  std::uint64_t lives_offset;             // StreamLives
  std::uint32_t streams_crc;
  std::uint32_t crc;  // of this struct with crc 0
};

// The shape of a stream, as in the header if there is only one.
struct StreamHead {
  std::uint64_t rows, slots, slot_bytes, slots_offset;
  std::uint64_t columns;  // the first ones in the list of columns that belong to no stream before it
};

// kClosing: all rows are in the file, and its run mark is being removed. kClosed: the file is complete, and the journal
// is about to be removed. No checksum guards these values, so they are far apart; any other value means kOpen.
enum class State : std::uint32_t { kOpen = 0, kClosing = 0x676e6c63, kClosed = 0x64736c63 };

// Rows of one slot that are known to be durable, with a checksum to prove it.
struct DurableRows {
  std::uint64_t sequence;
  std::uint64_t base;  // of the slot's block
  std::uint32_t slot, rows;
  std::uint32_t values_crc;
  std::uint32_t crc;  // of this struct with crc 0
};

// Where the file contains the run id.
struct RunMark {
  char run_id[kRunIdBytes];
  std::uint64_t address;  // of the run id in the file; 0: not known yet
  std::uint32_t crc;      // of this struct with crc 0
  std::uint32_t unused;
};

// The complete file with which recovery replaces the old one, identified by its size and first bytes.
struct Successor {
  std::uint64_t file_bytes;  // 0: none yet
  std::uint32_t head_crc;    // of the first kHeadBytes, or of all if there are fewer
  std::uint32_t crc;         // of this struct with crc 0
};
constexpr std::size_t kHeadBytes = std::size_t{64} << 10;

// At byte kPage: the data that change while the writer lives.
struct Live {
  std::uint32_t state;
  std::uint32_t unused;
  std::uint64_t committed_rows;  // rows described by records; 0 with several streams
  RunMark mark;                  // in the file
  Successor successor;
  DurableRows durable[2];  // written alternately; zeros with several streams
};

// The data of a stream that change while the writer lives, if there are several.
struct StreamLive {
  std::uint64_t committed_rows;
  DurableRows durable[2];
};

// At the beginning of a slot; the columns of the block follow.
struct SlotHead {
  std::int32_t counted_rows;  // stored last: the commit point of a row
  std::uint32_t unused;
  std::uint64_t base;        // the block's first row in the file
  std::uint64_t generation;  // incremented before the slot is reused
  std::uint64_t tally;       // a count for the whole file that the caller keeps, as of the last row that changed it
};

// Where the chunk of one column lies in the file.
struct ChunkPlace {
  std::uint64_t address, size;  // in the file
  std::uint32_t crc;
  std::uint16_t has_crc;  // 0: the chunk was written before this run
  std::uint16_t skipped;  // a bit for each filter of the dataset that was skipped; 0 in versions 1 and 2
};

// A committed block; its ChunkPlaces follow.
struct RecordHead {
  std::uint32_t crc;   // of the record with crc 0
  std::uint32_t rows;  // rows in the block
  std::uint64_t base;
};

// Follows a RecordHead if there are several streams, before the ChunkPlaces. All records are as long as the longest;
// zeros fill them up.
struct RecordStream {
  std::uint32_t stream;
  std::uint32_t unused;
};

static_assert(std::is_trivially_copyable_v<Header> && std::is_trivially_copyable_v<Live>);
static_assert(sizeof(Header) == 224 && sizeof(Header) + sizeof(StreamsHeader) <= kPage);
static_assert(sizeof(Live) <= kPage && sizeof(SlotHead) <= 64 && sizeof(StreamLive) % 8 == 0);

// All that is needed to make a column's chunks from the values in a slot.
struct Column {
  std::string path;
  std::uint8_t type = 0;  // a value of hdf5::Element
  std::uint8_t element_bytes = 0;
  bool shuffle = false;
  int deflate = -1;  // -1: no deflate
  std::uint64_t row_values = 0;
  double fill = 0;
  std::uint64_t offset = 0;  // in a slot

  std::uint64_t row_bytes() const { return row_values * element_bytes; }
};

struct Record {
  std::uint64_t base = 0;
  std::uint32_t rows = 0;
  std::vector<ChunkPlace> chunks;  // one for each column
  std::uint32_t stream = 0;
};

// `columns`: of the stream that has most.
constexpr std::size_t record_bytes(std::uint32_t version, std::size_t columns) {
  return sizeof(RecordHead) + (has_several_streams(version) ? sizeof(RecordStream) : 0) + columns * sizeof(ChunkPlace);
}

std::uint32_t crc32(const void* bytes, std::size_t size, std::uint32_t before = 0);

// The checksum of a struct whose member `crc` counts as 0.
template <typename T>
std::uint32_t self_crc(T value) {
  value.crc = 0;
  return crc32(&value, sizeof value);
}

}  // namespace h5tracks::journal
