// A journal as its writer keeps it: a file beside the output, mapped into memory, whose slots are the blocks that
// JavaScript fills. Nothing of a row is lost with the process, because the page cache outlives it.
// Throws SystemError. Used by one thread at a time, except for the slots.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "journal/format.h"
#include "journal/mapping.h"

namespace h5tracks::journal {

// The journal of an HDF5 file, by the file's real path.
std::string path_beside(const std::string& file);
// Of this start of the machine; empty where the system does not tell.
std::string current_boot_id();
std::string new_run_id();

// What a run is about to do.
struct Plan {
  std::string file;  // real path
  std::string run_id;
  std::uint64_t device = 0, inode = 0;           // of the file
  std::uint32_t owner = 0, group = 0, mode = 0;  // of the file: the journal holds nothing else than that will
  std::uint64_t rows = 0, slots = 0, slot_bytes = 0;
  std::vector<Column> columns;
  std::string marked;                   // object in the file that says which run it is of
  std::vector<std::string> lost;        // what the skeleton does not have of the file
  std::vector<unsigned char> skeleton;  // the HDF5 file without rows
  std::vector<Record> before;           // blocks that are in the file already
};

class Journal {
 public:
  // Reserves the room on the disk for everything but later records, and holds the journal for this process.
  // EEXIST where there is one that holds a run, EBUSY where a process that lives has it.
  explicit Journal(const Plan& plan);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  unsigned char* slot(std::size_t index) const;
  // From one to the next.
  std::size_t slot_bytes() const { return header_.slot_bytes; }
  // Puts bytes into the slots, `offset` from the first on. Written and not stored, for the system then keeps them in
  // pages that are as large as the piece, where it can. On any thread; does nothing once the journal is released.
  void fill_slots(std::size_t offset, const void* bytes, std::size_t size);
  // From now on it counts; before, it is as if it were not there.
  void begin();
  // Where the file says which run it is of: from now on the file and the journal know each other.
  void set_mark(std::uint64_t address);
  // The record of a block that is in the file. Throws while nothing of it counts.
  void append(const Record& record);
  // Rows of a slot that the next sync() makes durable.
  void note_durable(std::size_t slot, std::uint64_t base, std::uint32_t rows, std::uint32_t values_crc);
  void sync();
  // The name too: once, in the beginning.
  void sync_with_name();
  // All rows are in the file, which forgets from now on whose it is.
  void set_closing();
  // The run has ended well: the journal goes; `for_good`: also if power is lost next.
  void remove(bool for_good);
  // Gives up the file; once is enough. The slots' memory stays, without meaning, for those who still have it.
  void release();

  const std::string path;

 private:
  Live& live() const { return *reinterpret_cast<Live*>(mapping_.data() + kPage); }
  void set_state(State state);
  void reserve(std::size_t end);
  std::uint32_t put(const std::vector<unsigned char>& bytes, std::size_t offset);

  std::mutex filling_;  // the descriptor, with those who fill slots
  Descriptor descriptor_;
  Header header_{};
  bool settled_ = false;  // begun, or removed
  Mapping mapping_;
  std::size_t end_ = 0, reserved_ = 0;  // of the records
  std::uint64_t durable_sequence_ = 0;
};

// Throws one away whose writer is dead; EBUSY where it lives.
void discard(const std::string& path);

// For both sides of the format.
std::vector<unsigned char> encode(const std::vector<Column>& columns);
std::vector<unsigned char> encode(const Record& record);
std::vector<unsigned char> encode(const std::vector<std::string>& texts);

}  // namespace h5tracks::journal
