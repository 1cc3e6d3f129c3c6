// The writer's side of the journal: a memory-mapped file beside the output, whose slots are the blocks that JavaScript
// fills. Rows outlive the process because they are in the page cache. Throws SystemError. Not thread-safe, except for
// the slots.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "journal/format.h"
#include "journal/system_error.h"
#include "system/mapping.h"
#include "system/rights.h"

namespace h5tracks::journal {

// The path of the journal of an HDF5 file, given the file's real path.
std::string path_beside(const std::string& file);
std::string new_run_id();

struct PlannedStream {
  std::uint64_t rows = 0, slots = 0, slot_bytes = 0;
  std::vector<Column> columns;
  std::vector<Record> before;  // blocks that are already in the file
};

// What a new run needs to know.
struct Plan {
  std::string file;  // real path
  std::string run_id;
  std::uint64_t device = 0, inode = 0;  // of the file
  // Of the file; the journal gets the same, because it contains the file's data.
  system::Rights rights;
  std::vector<PlannedStream> streams;   // one or more
  bool skips = false;                   // chunks may be stored without some of their filters
  std::string marked;                   // path of the object in the file that carries the run id
  std::vector<std::string> lost;        // what the skeleton lacks of the file
  std::vector<unsigned char> skeleton;  // the HDF5 file without rows
};

class Journal {
 public:
  // Reserves disk space for everything but later records, and locks the journal for this process. Throws EEXIST if the
  // existing journal holds a run, EBUSY if a living process has it.
  explicit Journal(const Plan& plan);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  unsigned char* slot(std::size_t stream, std::size_t index) const;
  // From one slot to the next.
  std::size_t slot_bytes(std::size_t stream) const { return streams_[stream].head.slot_bytes; }
  // Writes bytes into a stream's slots, `offset` bytes from the first one on. write() and not a store, because the
  // system then caches them in pages as large as the piece, where it can. Thread-safe; does nothing once the journal is
  // released.
  void fill_slots(std::size_t stream, std::size_t offset, const void* bytes, std::size_t size);
  // Makes the journal valid; until then, readers ignore it.
  void begin();
  // Notes where the file contains the run id. From now on recovery can check that the two belong together.
  void set_mark(std::uint64_t address);
  // Appends the record of a committed block. If it throws, the record does not count.
  void append(const Record& record);
  // Notes rows of a slot that the next sync() makes durable.
  void note_durable(std::size_t stream, std::size_t slot, std::uint64_t base, std::uint32_t rows,
                    std::uint32_t values_crc);
  void sync();
  // Syncs the journal's name too; called once, at the beginning.
  void sync_with_name();
  // All rows are in the file, and its run mark is about to be removed.
  void set_closing();
  // Removes the journal at the end of a successful run. `for_good`: also syncs the directory, so that a loss of power
  // does not bring it back.
  void remove(bool for_good);
  // Closes the file; later calls do nothing. The slots' memory stays, with meaningless contents, because JavaScript may
  // still use it.
  void release();

  const std::string path;

 private:
  struct Stream {
    StreamHead head;
    std::size_t committed_at = 0, durable_at = 0;  // where the data that change are
    std::uint64_t durable_sequence = 0;
  };

  void place_streams(const Plan& plan);
  std::size_t place_lists(const Plan& plan, std::size_t columns_bytes, std::size_t texts_bytes);
  void write_lists(const Plan& plan);
  void write_streams();
  template <typename T>
  T* at(std::size_t offset) const {
    return reinterpret_cast<T*>(mapping_.data() + offset);
  }
  Live& live() const { return *reinterpret_cast<Live*>(mapping_.data() + kPage); }
  void set_state(State state);
  void reserve(std::size_t end);
  std::uint32_t put(const std::vector<unsigned char>& bytes, std::size_t offset);

  std::mutex filling_;  // guards the file against threads that fill slots
  system::Descriptor file_;
  Header header_{};
  bool settled_ = false;  // begun, or removed
  system::Mapping mapping_;
  StreamsHeader streams_header_{};  // if there are several streams
  std::vector<Stream> streams_;
  std::size_t end_ = 0, reserved_ = 0;  // of the records
};

// Removes the journal of a dead writer. Throws EBUSY if the writer lives.
void discard(const std::string& path);

// Used by the writer and the reader.
void encode(const std::vector<Column>& columns, std::vector<unsigned char>& into);
std::vector<unsigned char> encode(const Record& record, std::uint32_t version, std::size_t record_bytes);
std::vector<unsigned char> encode(const std::vector<std::string>& texts);

}  // namespace h5tracks::journal
