// The addresses that native/hdf5 gives for a file are right: the bytes are read without HDF5. The last line is
// "N passed, N failed".
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "hdf5/core/lock.h"
#include "hdf5/dataset/open_dataset.h"
#include "hdf5/file/driver.h"
#include "hdf5/file/file.h"
#include "hdf5/object/attribute.h"
#include "make.h"
#include "system/byte_lock.h"

namespace {

using namespace h5tracks::hdf5;
using h5tracks::Error;
using h5tracks::system::Access;
using h5tracks::system::FileLock;
using h5tracks::system::Held;
using h5tracks::test::make_group;
using h5tracks::test::make_rows;

constexpr hsize_t kRows = 8, kValues = 3;

int passed = 0, failed = 0;

void expect(bool holds, const std::string& what) {
  ++(holds ? passed : failed);
  if (!holds) std::printf("FAILED: %s\n", what.c_str());
}

template <typename Action>
std::string code_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

std::vector<unsigned char> file_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::int32_t> chunk_values(std::size_t chunk) {
  std::vector<std::int32_t> values(kRows * kValues);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int32_t>(chunk * 1000003 + i);
  return values;
}

// Addresses stay valid while the chunk index splits several times.
void test_chunk_addresses(const std::string& path) {
  constexpr std::size_t kChunks = 200;
  std::vector<haddr_t> addresses;
  const std::size_t bytes = kRows * kValues * sizeof(std::int32_t);
  const auto made = std::make_shared<File>(path, Access::kCreate);
  File& file = *made;
  make_rows(made, {"/x", kRows, kValues, {}, {}});
  const auto dataset = open_dataset(file, "/x");
  bool at_once = true;
  {
    const Lock lock;
    for (std::size_t chunk = 0; chunk < kChunks; ++chunk) {
      dataset->set_rows((chunk + 1) * kRows);
      const auto values = chunk_values(chunk);
      addresses.push_back(dataset->write_chunk(chunk * kRows, values.data(), bytes));
      std::vector<std::int32_t> found(values.size());
      at_once = at_once && file.read_at(addresses.back(), found.data(), bytes) && found == values;
    }
    file.flush_locked();
    expect(file.image_locked() == file_bytes(path), "the image of a file has the same bytes as the file on disk");
    const auto places = dataset->chunks();
    bool same = places.size() == kChunks;
    for (std::size_t i = 0; same && i < kChunks; ++i) {
      same = places[i].row == i * kRows && places[i].address == addresses[i] && places[i].size == bytes;
    }
    expect(same, "HDF5 lists the chunks at the addresses that write_chunk returned");
  }
  expect(at_once, "the bytes of a chunk are at its address as soon as it is written");
  file.sync();
  file.close();
  const auto image = file_bytes(path);
  bool still = true;
  for (std::size_t chunk = 0; chunk < kChunks; ++chunk) {
    const auto values = chunk_values(chunk);
    still = still && std::memcmp(&image.at(addresses[chunk]), values.data(), bytes) == 0;
  }
  expect(still, "the bytes of a chunk are at its address after the file is closed");
  expect(code_of([&] { file.sync(); }) == "ERR_CLOSED", "syncing a closed file is ERR_CLOSED");
  char byte;
  expect(code_of([&] { file.read_at(0, &byte, 1); }) == "ERR_CLOSED", "reading a closed file is ERR_CLOSED");
}

void test_reading_beyond(const std::string& path) {
  File file(path, Access::kRead);
  char bytes[16];
  expect(file.read_at(file.size() - 16, bytes, 16), "read_at reads the last bytes of a file");
  expect(!file.read_at(file.size() - 15, bytes, 16), "read_at refuses a range that ends beyond the file");
}

// Makes a file as other programs may, with HDF5's own driver.
template <typename Fill>
void make_by_hand(const std::string& path, hid_t access, hsize_t user_block, Fill fill) {
  const Lock lock;
  PropertiesId creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_userblock(creation.get(), user_block);
  FileId file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access));
  expect(static_cast<bool>(file), "HDF5 creates " + path);
  fill(file.get());
}

DatasetId dataset_by_hand(hid_t file, const char* path, Shape shape, Shape chunks, bool deflate) {
  PropertiesId properties(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(properties.get(), false);
  if (!chunks.empty()) H5Pset_chunk(properties.get(), static_cast<int>(chunks.size()), chunks.data());
  if (deflate) H5Pset_deflate(properties.get(), 1);
  SpaceId space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr));
  return DatasetId(H5Dcreate2(file, path, H5T_STD_I32LE, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT));
}

void test_chunks_of_others(const std::string& folder) {
  const auto values = chunk_values(7);
  const hsize_t origin[2] = {0, 0};
  make_by_hand(folder + "/others.h5", H5P_DEFAULT, 0, [&](hid_t file) {
    DatasetId(dataset_by_hand(file, "/empty", {kRows, kValues}, {kRows, kValues}, false));
    const auto parts = dataset_by_hand(file, "/parts", {kRows, kValues}, {kRows, 1}, false);
    H5Dwrite(parts.get(), H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    const auto raw = dataset_by_hand(file, "/raw", {kRows, kValues}, {kRows, kValues}, true);
    H5Dwrite_chunk(raw.get(), H5P_DEFAULT, 1, origin, values.size() * sizeof values[0], values.data());
  });
  {
    File file(folder + "/others.h5", Access::kRead);
    const auto empty = open_dataset(file, "/empty"), parts = open_dataset(file, "/parts"),
               raw = open_dataset(file, "/raw");
    const Lock lock;
    expect(empty->chunks().empty(), "a dataset without chunks lists none");
    expect(code_of([&] { parts->chunks(); }) == "ERR_FORMAT", "chunks of parts of rows are refused");
    const auto skipping = raw->chunks();
    expect(skipping.size() == 1 && skipping[0].skipped == 1, "a chunk that skipped a filter is listed with its mask");
  }
  make_by_hand(folder + "/behind.h5", H5P_DEFAULT, 512, [&](hid_t file) {
    const auto plain = dataset_by_hand(file, "/x", {kRows, kValues}, {kRows, kValues}, false);
    H5Dwrite(plain.get(), H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  });
  File file(folder + "/behind.h5", Access::kRead);
  const auto dataset = open_dataset(file, "/x");
  std::vector<ChunkPlace> places;
  const std::string code = code_of([&] {
    const Lock lock;
    places = dataset->chunks();
  });
  std::vector<std::int32_t> found(values.size());
  const bool right = places.size() == 1 && file.read_at(places[0].address, found.data(), places[0].size);
  expect(code == "ERR_FORMAT" || (right && found == values),
         "chunks in a file with a user block have the right addresses or are refused");
}

// The same calls through HDF5's driver and through ours leave the same bytes.
void test_same_bytes(const std::string& folder) {
  const auto fill = [](hid_t file) {
    for (int i = 0; i < 30; ++i) {
      const std::string name = std::to_string(i);
      const auto values = chunk_values(static_cast<std::size_t>(i));
      const bool chunked = i % 3 != 0;
      const auto dataset = dataset_by_hand(file, ("/x" + name).c_str(), {kRows, kValues},
                                           chunked ? Shape{kRows / 4, kValues} : Shape{}, i % 3 == 2);
      H5Dwrite(dataset.get(), H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
      const auto put = [&](hid_t object, const std::string& attribute) {
        SpaceId scalar(H5Screate(H5S_SCALAR));
        AttributeId made(H5Acreate2(object, attribute.c_str(), H5T_STD_I32LE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT));
        H5Awrite(made.get(), H5T_NATIVE_INT32, values.data());
      };
      for (int n = 0; n < i; ++n) put(dataset.get(), "a" + std::to_string(n));
      if (i % 7 == 6) H5Ldelete(file, ("/x" + std::to_string(i - 1)).c_str(), H5P_DEFAULT);
      if (i % 10 == 9) H5Fflush(file, H5F_SCOPE_LOCAL);
    }
  };
  const std::string plain = folder + "/plain.h5", driven = folder + "/driven.h5";
  make_by_hand(plain, H5P_DEFAULT, 0, fill);
  const FileLock descriptor(driven, Access::kCreate);
  PropertiesId access;
  {
    const Lock lock;
    access = PropertiesId(H5Pcreate(H5P_FILE_ACCESS));
    use_driver(access.get(), descriptor.number(), driven, false, false);
  }
  make_by_hand(driven, access.get(), 0, fill);
  const auto bytes = file_bytes(plain);
  expect(bytes.size() > 10000 && bytes == file_bytes(driven), "our driver writes the same bytes as HDF5's own driver");
  const Lock lock;
  access.reset();
}

// The address of a marker is known although the header that contains it grows and moves.
void test_marker(const std::string& path) {
  const std::string first(32, 'm'), second = "0123456789abcdef0123456789abcdef";
  const auto made = std::make_shared<File>(path, Access::kCreate);
  File& file = *made;
  make_group(made, "/g");
  const auto put = [&](const std::string& name, const std::string& value) {
    write_attribute(file, "/g", name, {value.size()}, Element::kInt8, value.data());
  };
  const auto place = [&] {
    const Lock lock;
    return file.watched_at_locked();
  };
  const auto watch = [&](const std::string& marker) {
    const Lock lock;
    file.watch_locked(marker);
  };
  const auto is_at = [&](const std::optional<haddr_t>& address, const std::string& marker) {
    std::string found(marker.size(), ' ');
    return address && file.read_at(*address, found.data(), found.size()) && found == marker;
  };
  expect(!place(), "a marker has no address before it is watched");
  watch(first);
  expect(!place(), "a watched marker has no address before it is written");
  put("a", first);
  expect(is_at(place(), first), "a watched marker is at the address where it was written");
  bool always = true;
  for (int i = 0; i < 40; ++i) {
    put("more" + std::to_string(i), std::string(200, 'x'));
    always = always && is_at(place(), first);
  }
  expect(always, "a watched marker is at its address after other attributes are written");
  watch(second);
  put("a", second);
  expect(is_at(place(), second), "another watched marker is found in the place of the first");
  write_attribute(file, "/g", "a", {}, Strings{first});
  expect(!place(), "a marker that was overwritten has no address");
  watch(first);
  expect(!place(), "a marker that was written before it was watched has no address");
  write_attribute(file, "/g", "b", {}, Strings{first});
  expect(is_at(place(), first), "a marker in a string of variable length is found");
  watch("");
  expect(!place(), "a marker that is no longer watched has no address");
}

void test_sharing(const std::string& path) {
  const auto writer = std::make_shared<File>(path, Access::kReplace);
  make_rows(writer, {"/x", kRows, kValues, {}, {}});
  // Not flushed: the reader sees the dataset only because HDF5 shares the writer's file.
  File reader(path, Access::kRead);
  expect(code_of([&] { open_dataset(reader, "/x"); }).empty(),
         "a reader in this process sees a dataset that was not flushed");
  expect(code_of([&] { File(path, Access::kReplace); }) == "ERR_LOCKED", "a second writer of a file is refused");
  writer->close();
  // HDF5 continues with a duplicate of the writer's descriptor, which must not keep the lock.
  const int other = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  expect(::flock(other, LOCK_EX | LOCK_NB) == 0, "a closed writer holds no lock while a reader is open");
  ::close(other);
  expect(code_of([&] { open_dataset(reader, "/x"); }).empty(), "a reader still reads after the writer was closed");
}

// An error has the system's number and code only when the system failed.
void test_errors(const std::string& path) {
  const auto made = std::make_shared<File>(path, Access::kCreate);
  File& file = *made;
  make_rows(made, {"/x", kRows, kValues, {}, {}});
  const auto dataset = open_dataset(file, "/x");
  file.flush();
  const auto values = chunk_values(1);
  struct rlimit before {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  struct rlimit small = before;
  small.rlim_cur = static_cast<rlim_t>(file.size());
  ::signal(SIGXFSZ, SIG_IGN);
  const Lock lock;
  for (const hsize_t row : {hsize_t{0}, kRows, 2 * kRows}) {
    dataset->set_rows(row + kRows);
    const auto put = [&] { dataset->write_chunk(row, values.data(), values.size() * sizeof values[0]); };
    ::setrlimit(RLIMIT_FSIZE, &small);
    try {
      put();
      expect(false, "a write beyond the file size limit throws");
    } catch (const Error& error) {
      expect(error.code == "EFBIG" && error.error_number == EFBIG && error.syscall == "write" && !error.stack.empty(),
             "a write beyond the file size limit is EFBIG, not " + error.code + " of " + error.syscall);
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    expect(code_of([&] { open_dataset(file, "/absent"); }) == "ERR_HDF5",
           "an error of HDF5 after a system error is ERR_HDF5");
    expect(code_of([&] { dataset->set_rows(row); }).empty(), "the rows of a failed write can be removed");
    dataset->set_rows(row + kRows);
    put();
    expect(dataset->chunks().size() == row / kRows + 1, "a failed write can be repeated");
    file.flush_locked();
    small.rlim_cur = static_cast<rlim_t>(file.size());
  }
}

void test_no_descriptor_left(const std::string& path) {
  struct rlimit before {};
  ::getrlimit(RLIMIT_NOFILE, &before);
  struct rlimit small = before;
  const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(next);
  small.rlim_cur = static_cast<rlim_t>(next) + 1;
  ::setrlimit(RLIMIT_NOFILE, &small);
  const std::string code = code_of([&] { File(path, Access::kRead); });
  ::setrlimit(RLIMIT_NOFILE, &before);
  expect(code == "EMFILE", "opening a file without a free descriptor is EMFILE, not " + code);
  const int then = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(then);
  expect(then == next, "a failed opening leaks no descriptor");
}

// One thread syncs while another closes.
void test_sync_beside_close(const std::string& path) {
  bool right = true;
  for (int round = 0; round < 20; ++round) {
    File file(path, Access::kReplace);
    std::string code;
    std::thread syncing([&] {
      code = code_of([&] {
        for (;;) file.sync();
      });
    });
    file.close();
    syncing.join();
    right = right && code == "ERR_CLOSED" && code_of([&] { File(path, Access::kReadWrite); }).empty();
  }
  expect(right, "a sync ends with ERR_CLOSED when the file is closed, and keeps no lock");
}

void test_holding(const std::string& path) {
  using h5tracks::system::held_elsewhere;
  using h5tracks::system::hold;
  const auto open = [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666); };
  const int one = open(), other = open();
  expect(held_elsewhere(other) == Held::kNo, "a new file has no holder");
  expect(hold(one) == 0, "a descriptor can hold a file");
  expect(held_elsewhere(other) == Held::kYes, "another descriptor sees that the file is held");
  expect(held_elsewhere(one) == Held::kNo, "the holder does not see itself as another holder");
  expect(hold(other) == EAGAIN, "a second holder is refused with EAGAIN");
  const pid_t child = ::fork();
  if (child == 0) ::_exit(held_elsewhere(::open(path.c_str(), O_RDONLY)) == Held::kYes ? 0 : 1);
  int status = 1;
  ::waitpid(child, &status, 0);
  expect(status == 0, "another process sees the holder by a descriptor for reading");
  // Unlike traditional POSIX locks, the lock does not end when the process closes another descriptor of the file.
  ::close(open());
  expect(held_elsewhere(other) == Held::kYes, "closing another descriptor does not end the hold");
  ::close(one);
  expect(held_elsewhere(other) == Held::kNo, "closing the descriptor of the holder ends the hold");
  ::close(other);
}

}  // namespace

int main() {
  char pattern[] = "/tmp/h5tracks-file-XXXXXX";
  const std::string folder = mkdtemp(pattern);
  test_chunk_addresses(folder + "/chunks.h5");
  test_reading_beyond(folder + "/chunks.h5");
  test_no_descriptor_left(folder + "/chunks.h5");
  test_chunks_of_others(folder);
  test_same_bytes(folder);
  test_marker(folder + "/marker.h5");
  test_sharing(folder + "/shared.h5");
  test_errors(folder + "/errors.h5");
  test_sync_beside_close(folder + "/sync.h5");
  test_holding(folder + "/held");
  std::filesystem::remove_all(folder);
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
