// Files by their number: opening, what they are, their length, their names. A function that fails returns nothing or
// false, with errno set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace h5tracks::system {

// An open file: a descriptor, or a HANDLE on Windows. Child processes do not inherit it.
using FileNumber = std::intptr_t;
constexpr FileNumber kNoFile = -1;

// Bytes of the longest path, with its end.
#ifdef _WIN32
constexpr std::size_t kLongestPath = 32768;
#else
constexpr std::size_t kLongestPath = 4096;
#endif

// kCreate fails if the file exists.
enum class OpenMode { kRead, kReadWrite, kCreate, kReadWriteOrCreate };

struct OpenHow {
  bool is_private = false;    // a new file is only for the user of this process
  bool follows_links = true;  // false: a symbolic link is refused
};

// Does not wait for a FIFO. Other programs may read, write, rename and remove the file while it is open.
FileNumber open_file(const std::string& path, OpenMode mode, OpenHow how = {});
// Another number of the same open file: they share its locks.
FileNumber duplicate(FileNumber file);
bool close_file(FileNumber file);

// Closes the file when it is destroyed.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(FileNumber number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, kNoFile)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    Descriptor(std::move(other));
    return *this;
  }
  ~Descriptor() {
    if (number_ != kNoFile) close_file(number_);
  }

  FileNumber get() const { return number_; }
  FileNumber release() { return std::exchange(number_, kNoFile); }
  explicit operator bool() const { return number_ != kNoFile; }

 private:
  FileNumber number_ = kNoFile;
};

enum class FileKind { kRegular, kDirectory, kOther };

struct FileStatus {
  std::uint64_t device = 0, inode = 0;  // identify the file
  std::uint64_t bytes = 0;
  FileKind kind = FileKind::kOther;

  bool is_same_file(const FileStatus& other) const { return device == other.device && inode == other.inode; }
};

std::optional<FileStatus> status_of(FileNumber file);
std::optional<FileStatus> status_at(const std::string& path);
// Of a symbolic link itself.
std::optional<FileStatus> link_status_at(const std::string& path);

bool truncate_file(FileNumber file, std::uint64_t bytes);

// Removes the name at once, also if the file is open, where the system can do that; elsewhere when it is closed. No
// process may have the file mapped (Windows).
bool remove_file(const std::string& path);
// Removes an open file whose owner could not remove it while this process had it mapped (Windows); elsewhere the owner
// could.
void remove_left_behind(FileNumber file);
// Gives the file `from` the name `to`, also if there is a file `to`, which may be open. `let_go` closes what this
// process has open of that one; it is called if the system cannot replace an open file.
bool rename_file(const std::string& from, const std::string& to, const std::function<void()>& let_go = {});

// With the separator at its end; empty: the working directory.
std::string directory_of(const std::string& path);
// Syncs the directory, and with it the file's name. Windows keeps names safe by itself.
bool sync_directory_of(const std::string& path);
// Bytes that a file in the directory of `path` can still take.
std::optional<std::uint64_t> free_space_beside(const std::string& path);

}  // namespace h5tracks::system
