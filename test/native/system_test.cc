// What native/system promises, on the system that this is built for. Needs neither HDF5 nor Node. The last line is "N
// passed, N failed".
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "system/advisory_lock.h"
#include "system/byte_lock.h"
#include "system/file.h"
#include "system/file_lock.h"
#include "system/io.h"
#include "system/lock_holder.h"
#include "system/mapping.h"
#include "system/memory.h"
#include "system/process/identity.h"
#include "system/process/threads.h"
#include "system/real_path.h"
#include "system/replacement.h"
#include "system/rights.h"

namespace {

using namespace h5tracks::system;
using h5tracks::Error;

int passed = 0, failed = 0;

void expect(bool holds, const std::string& what) {
  ++(holds ? passed : failed);
  if (!holds) std::printf("FAILED (errno %d): %s\n", errno, what.c_str());
}

Descriptor made(const std::string& path, const std::string& text) {
  Descriptor file(open_file(path, OpenMode::kReadWriteOrCreate));
  write_fully(file.get(), text.data(), text.size(), 0);
  return file;
}

std::string text_of(const std::string& path) {
  const Descriptor file(open_file(path, OpenMode::kRead));
  if (!file) return "";
  char text[64];
  const auto got = read_fully(file.get(), text, sizeof text, 0);
  return got < 0 ? "" : std::string(text, static_cast<std::size_t>(got));
}

void test_files(const std::string& folder) {
  const std::string path = folder + "/file", other = folder + "/other";
  {
    const Descriptor file(open_file(path, OpenMode::kCreate));
    expect(static_cast<bool>(file), "a file is created");
    expect(write_fully(file.get(), "hello", 5, 3), "bytes are written");
    char bytes[16];
    expect(read_fully(file.get(), bytes, 16, 0) == 8, "a read ends with the file");
    expect(std::memcmp(bytes, "\0\0\0hello", 8) == 0, "a gap reads as zeros");
    expect(sync_data(file.get()), "a file is synced");
    expect(truncate_file(file.get(), 5) && status_of(file.get())->bytes == 5, "a file is truncated");
    const Descriptor copy(duplicate(file.get()));
    expect(copy && status_of(copy.get())->is_same_file(*status_of(file.get())), "a duplicate is the same file");
  }
  expect(open_file(path, OpenMode::kCreate) == kNoFile && errno == EEXIST, "an existing file is not created again");
  expect(open_file(other, OpenMode::kRead) == kNoFile && errno == ENOENT, "a missing file is not opened");
  expect(status_at(folder)->kind == FileKind::kDirectory, "a directory is known as one");
  expect(status_at(path)->kind == FileKind::kRegular && status_at(path)->bytes == 5, "a file is known as one");
  expect(free_space_beside(path).value_or(0) > 0, "there is free space");
  expect(sync_directory_of(path), "a directory is synced");
  expect(!status_at(other), "a missing file has no status");
  expect(remove_file(path) && !status_at(path), "a file is removed");
  expect(!remove_file(path) && errno == ENOENT, "a missing file is not removed");
}

void test_names(const std::string& folder) {
  const std::string from = folder + "/from", to = folder + "/to";
  made(from, "new");
  made(to, "old");
  expect(rename_file(from, to) && text_of(to) == "new" && !status_at(from), "a file replaces another one");
  {
    auto open = made(from, "newer");
    Descriptor old(open_file(to, OpenMode::kReadWrite));
    expect(rename_file(from, to, [&] { old = Descriptor(); }) && text_of(to) == "newer", "an open file is replaced");
  }
  {
    auto open = made(to, "newer");
    expect(remove_file(to), "an open file is removed");
  }
  expect(!status_at(to), "an open file that was removed is gone once it is closed");
  const std::string strange = folder + "/n\xc3\xa4me \xe2\x82\xac \xf0\x9f\x90\x9f";
  made(strange, "fish");
  expect(text_of(strange) == "fish" && status_at(real_path(strange)), "a name has any characters of Unicode");
  expect(remove_file(strange), "such a file is removed");
}

void test_paths(const std::string& folder) {
  const std::string path = folder + "/real";
  made(path, "x");
  const std::string real = real_path(path);
  expect(status_at(real) && status_at(real)->is_same_file(*status_at(path)), "a real path names the same file");
  expect(real_path(real) == real, "a real path is its own real path");
  const std::string missing = real_path(folder + "/missing");
  expect(directory_of(missing) == directory_of(real), "a missing file has a real path in its directory");
  bool refused = false;
  try {
    real_path(folder + "/none/missing");
  } catch (const Error& error) {
    refused = error.code == "ENOENT";
  }
  expect(refused, "a file in a missing directory has no real path");
  remove_file(path);
}

void test_locks(const std::string& folder) {
  const std::string path = folder + "/locked";
  auto one = made(path, "x");
  const Descriptor other(open_file(path, OpenMode::kReadWrite)), third(open_file(path, OpenMode::kRead));
  expect(lock_file(one.get(), false) == 0 && lock_file(third.get(), false) == 0, "readers share a lock");
  expect(lock_file(other.get(), true) == EAGAIN, "a writer is refused while readers have the lock");
  unlock_file(third.get(), false);
  unlock_file(one.get(), false);
  expect(lock_file(one.get(), true) == 0, "a writer gets the lock when the readers have left");
  expect(lock_file(third.get(), false) == EAGAIN, "a reader is refused while a writer has the lock");
  const auto holders = lock_holders(third.get());
  expect(holders.size() == 1 && holders.front().pid == process_id(), "the holder of the lock is found");
  char byte = 0;
  expect(read_fully(third.get(), &byte, 1, 0) == 1 && byte == 'x', "a lock keeps nobody from reading");
  const Descriptor copy(duplicate(one.get()));
  unlock_file(one.get(), true);
  expect(lock_file(third.get(), false) == 0, "unlocking holds for duplicates too");
  expect(hold(one.get()) == 0 && hold(other.get()) == EAGAIN, "one of two holds a file");
  expect(held_elsewhere(third.get()) == Held::kYes, "another one sees that it is held");
  one = Descriptor();
  expect(held_elsewhere(third.get()) == Held::kYes, "a duplicate keeps the hold");
}

void test_mapping(const std::string& folder) {
  const std::string path = folder + "/mapped";
  constexpr std::size_t kBytes = std::size_t{3} << 20;
  {
    const Descriptor file(open_file(path, OpenMode::kReadWriteOrCreate));
    expect(allocate(file.get(), 0, kBytes) && status_of(file.get())->bytes == kBytes, "space is allocated");
    Mapping writer = Mapping::of(file.get(), kBytes, Mapping::Access::kReadWrite);
    const Descriptor again(open_file(path, OpenMode::kRead));
    Mapping reader = Mapping::of(again.get(), kBytes, Mapping::Access::kRead);
    expect(writer && reader, "a file is mapped twice");
    expect(reader.data()[kBytes - 1] == 0, "allocated space reads as zeros");
    writer.data()[kBytes - 1] = 7;
    expect(reader.data()[kBytes - 1] == 7, "one mapping shows what is stored in the other");
    unsigned char byte = 0;
    expect(read_fully(again.get(), &byte, 1, kBytes - 1) == 1 && byte == 7, "so does a read");
    expect(write_fully(file.get(), "\x08", 1, 4096) && reader.data()[4096] == 8, "a mapping shows what is written");
    expect(writer.pass_on() && sync_data(file.get()), "what is stored is synced");
    expect(allocate(file.get(), kBytes, 2 * kBytes), "a mapped file grows");
    expect(reserve_beyond(file.get(), 2 * kBytes, 3 * kBytes) && status_of(file.get())->bytes == 2 * kBytes,
           "reserving space does not change the size");
    writer.detach();
    writer.data()[0] = 1;
    writer.data()[kBytes - 1] = 1;
    expect(true, "the memory of a detached mapping can be written");
    expect(remove_file(path) && !status_at(path), "the name of a file that is mapped elsewhere is free at once");
    made(path, "new");
    expect(reader.data()[4096] == 8, "its mapping keeps what was in it");
    reader = Mapping();
    remove_left_behind(again.get());
  }
  expect(text_of(path) == "new", "another file has the name meanwhile");
  remove_file(path);
}

void test_replacement(const std::string& folder) {
  const std::string path = folder + "/replaced";
  made(path, "old");
  const std::string real = real_path(path);
  Replacement replacement(path, real);
  {
    const auto file = replacement.make();
    write_fully(file->number(), "new", 3, 0);
    expect(text_of(path) == "old", "the old file stays until the new one takes its name");
    bool refused = false;
    try {
      const FileLock second(path, Access::kReadWrite);
    } catch (const Error& error) {
      refused = error.code == "ERR_LOCKED";
    }
    expect(refused, "nobody writes the old file meanwhile");
    replacement.take_name();
  }
  expect(text_of(path) == "new" && !status_at(replacement.temporary), "the new file has taken the name");
  remove_file(path);
}

void test_rights(const std::string& folder) {
  auto one = made(folder + "/one", "x"), other = made(folder + "/two", "y");
  const auto rights = rights_of(one.get());
  expect(rights && give_rights(other.get(), *rights), "a file gets the rights of another one");
  share_as(other.get(), *rights);
  expect(text_of(folder + "/two") == "y", "its user can read it");
}

void test_process() {
  expect(process_id() > 0, "a process has an id");
  expect(!boot_id().empty() && boot_id().size() < 40 && boot_id() == boot_id(), "the start of the machine has an id");
  unsigned char a[16] = {}, b[16] = {};
  expect(random_bytes(a, 16) && random_bytes(b, 16) && std::memcmp(a, b, 16) != 0, "random bytes differ");
  std::atomic<int> ran{0};
  start_detached(
      [](void* count) {
        yield_to_others();
        volatile char stack[std::size_t{4} << 20];
        stack[0] = stack[sizeof stack - 1] = 1;
        ++*static_cast<std::atomic<int>*>(count);
      },
      &ran, "h5tracks-test");
  for (int i = 0; i < 5000 && ran == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  expect(ran == 1, "a thread runs and has a large stack");
}

void test_memory() {
  constexpr std::size_t kBytes = std::size_t{5} << 20;
  const auto memory = large_memory(kBytes);
  expect(memory.get()[0] == 0 && memory.get()[kBytes - 1] == 0, "memory begins with zeros");
  std::memset(memory.get(), 1, kBytes);
  give_back(memory.get(), kBytes);
  expect(memory.get()[kBytes / 2] == 0, "memory that was given back reads as zeros");
  memory.get()[kBytes / 2] = 1;
}

}  // namespace

int main() {
  const auto place = std::filesystem::temp_directory_path() / ("h5tracks-system-" + std::to_string(process_id()));
  std::filesystem::create_directory(place);
  const std::string folder = place.u8string();
  test_files(folder);
  test_names(folder);
  test_paths(folder);
  test_locks(folder);
  test_mapping(folder);
  test_replacement(folder);
  test_rights(folder);
  test_process();
  test_memory();
  std::filesystem::remove_all(place);
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
