// Columns of every form that a layout may have: enums, floats of 2 bytes, strings and 64-bit integers are written,
// resumed and recovered byte by byte, and the checks of a batch find the first wrong value. The last line is "N passed,
// N failed".
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "hdf5/core/call.h"
#include "hdf5/dataset/open_dataset.h"
#include "make.h"
#include "stream/batches/batch.h"
#include "stream/blocks/block_writer.h"
#include "stream/blocks/journal_columns.h"
#include "stream/boxes/box_reader.h"
#include "stream/recovery/follower.h"
#include "stream/recovery/recover.h"
#include "support.h"

namespace {

using namespace h5tracks;
using namespace h5tracks::stream;
using hdf5::Element;
using test::Bytes;
using test::check;

constexpr std::size_t kRows = 16;
constexpr char kMarked[] = "/run";

// A dataset: its type in the file, and the typed array that holds a row.
struct Spec {
  std::string path;
  std::function<hid_t()> file_type;
  Element element;
  hsize_t values;        // of the dataset, in a row
  std::size_t each = 1;  // elements of a value
  double fill = 0;
  bool shuffle = false;

  std::size_t row_bytes() const { return values * each * hdf5::size_of(element); }
};

hid_t enum_type() {
  const hid_t type = hdf5::call<H5Tenum_create>(H5T_STD_I16LE);
  for (const auto& [name, value] : {std::pair{"idle", 0}, {"feeding", 1}, {"lost", -7}}) {
    const auto number = static_cast<std::int16_t>(value);
    hdf5::call<H5Tenum_insert>(type, name, static_cast<const void*>(&number));
  }
  return type;
}

hid_t string_type() {
  const hid_t type = hdf5::call<H5Tcopy>(H5T_C_S1);
  H5Tset_size(type, 5);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

hid_t copy_of(hid_t type) { return hdf5::call<H5Tcopy>(type); }

const std::vector<Spec>& specs() {
  static const std::vector<Spec> all = {
      {"/enum", enum_type, Element::kInt16, 3, 1, -7, true},
      {"/half", [] { return hdf5::half_type(false).release(); }, Element::kUint16, 4, 1, 0x7e00, true},
      {"/string", string_type, Element::kUint8, 2, 5, 0, false},
      {"/int64", [] { return copy_of(H5T_STD_I64LE); }, Element::kInt64, 1, 1, -1, true},
      {"/uint64", [] { return copy_of(H5T_STD_U64LE); }, Element::kUint64, 2, 1, 9007199254740992.0, true},
      {"/int8", [] { return copy_of(H5T_STD_I8LE); }, Element::kInt8, 7, 1, -1, false},
      {"/float64", [] { return copy_of(H5T_IEEE_F64LE); }, Element::kFloat64, 3, 1, NAN, true},
  };
  return all;
}

void make_dataset(const std::shared_ptr<hdf5::File>& file, const Spec& spec) {
  using namespace hdf5;
  std::shared_ptr<Object> root;
  const Lock lock;
  root = Object::root(file);
  const hsize_t shape[] = {0, spec.values}, most[] = {H5S_UNLIMITED, spec.values}, chunk[] = {kRows, spec.values};
  SpaceId space(H5Screate_simple(2, shape, most));
  PropertiesId properties(call<H5Pcreate>(H5P_DATASET_CREATE));
  call<H5Pset_chunk>(properties.get(), 2, static_cast<const hsize_t*>(chunk));
  if (spec.shuffle) call<H5Pset_shuffle>(properties.get());
  call<H5Pset_deflate>(properties.get(), 1U);
  TypeId type(spec.file_type());
  DatasetId(call<H5Dcreate2>(root->id(), spec.path.c_str(), type.get(), space.get(), H5P_DEFAULT, properties.get(),
                             H5P_DEFAULT));
}

std::vector<Column> columns_of(const std::vector<Spec>& all) {
  std::vector<Column> columns;
  for (const Spec& spec : all) {
    Column column;
    column.path = spec.path;
    column.type = spec.element;
    column.row_values = spec.values * spec.each;
    column.fill = spec.fill;
    const std::size_t bytes = hdf5::size_of(spec.element);
    column.filters = codec::Pipeline::usual(spec.shuffle ? std::optional(bytes) : std::nullopt, 1);
    column.effort = effort_of(bytes, column.row_bytes());
    columns.push_back(column);
  }
  return columns;
}

// Any bytes: of numbers that HDF5 would convert, of enums without a name, of strings with a NUL inside.
Bytes row_of(std::size_t row, std::size_t column) {
  std::mt19937 random(static_cast<unsigned>(row * 131 + column));
  Bytes bytes(specs()[column].row_bytes());
  for (auto& byte : bytes) byte = static_cast<unsigned char>(random());
  return bytes;
}

std::shared_ptr<BlockWriter> writer_of(const std::string& path, std::size_t before) {
  auto file = std::make_shared<hdf5::File>(path, before == 0 ? system::Access::kCreate : system::Access::kReadWrite);
  if (before == 0) {
    test::make_group(file, kMarked);
    for (const Spec& spec : specs()) make_dataset(file, spec);
  }
  WriterOptions options;
  options.streams.push_back({columns_of(specs()), kRows, 3, before / kRows * kRows, before % kRows});
  options.threads = 1;
  options.run.durability = Durability::kProcess;
  options.run.new_file = before == 0;
  options.run.marked = kMarked;
  return BlockWriter::open(std::move(file), std::move(options), nullptr);
}

void put_rows(BlockStream& writer, std::size_t from, std::size_t end) {
  for (std::size_t row = from; row < end; ++row) {
    Block& block = *writer.blocks()[writer.acquire()];
    const auto at = static_cast<std::size_t>(block.counted_rows());
    for (std::size_t i = 0; i < specs().size(); ++i) {
      const Bytes values = row_of(row, i);
      std::memcpy(block.data() + writer.layout().offsets[i] + at * values.size(), values.data(), values.size());
    }
    block.count(static_cast<std::int32_t>(at + 1));
    if (at + 1 == kRows) writer.submit(true);
  }
}

void close(BlockWriter& writer) {
  wait_for([&](Done done) { writer.close(std::move(done)); });
}

// A process that writes, is killed, and leaves a journal. Run before this process has threads.
void leave(const std::string& path) {
  if (const pid_t child = fork(); child != 0) {
    int status = 1;
    waitpid(child, &status, 0);
    check(status == 0, "a child process writes rows of every form and ends without closing the file");
    return;
  }
  const auto writer = writer_of(path, 0);
  put_rows(writer->stream(0), 0, 2 * kRows + 5);
  close(*writer);
  const auto resumed = writer_of(path, 2 * kRows + 5);
  put_rows(resumed->stream(0), 2 * kRows + 5, 4 * kRows + 3);
  wait_for([&](Done done) { resumed->drain(std::move(done)); });
  _exit(0);
}

bool follower_is_right(const std::string& path, std::size_t rows) {
  const auto follower = Follower::open(path);
  bool right = follower && follower->look().rows[0] == rows;
  for (std::size_t row = 0; right && row < rows; ++row) {
    std::vector<Bytes> values;
    Follower::Out out;
    for (const Spec& spec : specs()) values.emplace_back(spec.row_bytes());
    for (Bytes& column : values) out.push_back(column.data());
    if (!follower->copy(0, row, 1, out)) follower->load(0, row, 1, out);
    for (std::size_t i = 0; i < values.size(); ++i) right = right && values[i] == row_of(row, i);
  }
  return right;
}

bool file_is_right(const std::string& path, std::size_t rows) {
  hdf5::File file(path, system::Access::kRead);
  bool right = true;
  const auto cache = std::make_shared<ChunkCache>(std::size_t{1} << 18);
  for (std::size_t i = 0; i < specs().size(); ++i) {
    const Spec& spec = specs()[i];
    const auto stored = std::make_shared<StoredDataset>(hdf5::open_dataset(file, spec.path), cache);
    right = right && stored->shape.front() == rows && stored->type.stored &&
            stored->type.stored->element == spec.element && stored->type.stored->count == spec.each;
    Bytes values(rows * spec.row_bytes());
    if (!right) return false;
    wait_for([&](Done done) { read_all({{stored, {{0, 0}, {rows, spec.values}}, values.data()}}, std::move(done)); });
    for (std::size_t row = 0; row < rows; ++row) {
      const Bytes expected = row_of(row, i);
      right = right && std::equal(expected.begin(), expected.end(),
                                  values.begin() + static_cast<std::ptrdiff_t>(row * expected.size()));
    }
  }
  return right;
}

void test_recovery(const std::string& path) {
  constexpr std::size_t kAll = 4 * kRows + 3;
  check(follower_is_right(path, kAll), "a follower reads rows of every form, also those of a resumed block");
  check(recover(path).lost.empty(), "recovery loses nothing of a file with columns of every form");
  check(file_is_right(path, kAll), "a recovered file has the bytes of every row");
  const auto writer = writer_of(path, kAll);
  put_rows(writer->stream(0), kAll, 6 * kRows);
  close(*writer);
  check(file_is_right(path, 6 * kRows), "a recovered file can be resumed");
}

void test_other_form(const std::string& path) {
  auto file = std::make_shared<hdf5::File>(path, system::Access::kReadWrite);
  for (const bool other_type : {true, false}) {
    WriterOptions options;
    options.run.new_file = false;
    options.streams.push_back({columns_of({specs()[0]}), other_type ? kRows : kRows / 2, 2});
    if (other_type) options.streams[0].columns[0].type = Element::kUint16;
    std::string code;
    try {
      BlockWriter::open(file, std::move(options), nullptr);
    } catch (const Error& error) {
      code = error.code;
    }
    check(code == "ERR_FORMAT", "a writer refuses a dataset whose type or chunks differ from its column");
  }
  file->close();
}

template <typename T>
std::optional<Fault> fault_of(Element type, std::size_t row_values, double fill, const std::vector<T>& values,
                              ColumnRule rule) {
  Column column;
  column.type = type;
  column.row_values = row_values;
  column.fill = fill;
  const BlockLayout layout({column}, 4);
  Batch batch(layout, {reinterpret_cast<const unsigned char*>(values.data())}, values.size() / row_values);
  return batch.fault({std::nullopt, {std::move(rule)}});
}

bool is(const std::optional<Fault>& fault, Broken rule, std::size_t at) {
  return fault && fault->rule == rule && fault->at == at;
}

// The wrong value is behind many right ones, because values are checked piece by piece.
template <typename T>
void test_range(const char* type, Element element, double least, double most, const std::vector<T>& right,
                const std::vector<T>& wrong, double fill) {
  ColumnRule rule;
  rule.range = Range{least, most};
  for (const T bad : wrong) {
    for (const std::size_t before : {0U, 3U, 300U, 1000U}) {
      std::vector<T> values;
      for (std::size_t i = 0; i < before; ++i) values.push_back(right[i % right.size()]);
      check(!fault_of(element, 1, fill, values, rule), std::string(type) + ": values within the range are allowed");
      values.push_back(bad);
      values.insert(values.end(), right.begin(), right.end());
      check(is(fault_of(element, 1, fill, values, rule), Broken::kRange, before),
            std::string(type) + ": the first value outside the range is found, after " + std::to_string(before));
    }
  }
}

void test_ranges() {
  constexpr double kBig = 9007199254740992;  // 2^53
  const double inf = INFINITY;
  test_range<std::int8_t>("int8", Element::kInt8, -1, 100, {-1, 0, 100, -128}, {101, -2, 127}, -128);
  test_range<std::uint8_t>("uint8", Element::kUint8, 3, 200, {3, 200, 77}, {2, 201, 255}, 5);
  test_range<std::int8_t>("bool", Element::kBool, 0, 1, {0, 1}, {2, -1}, 0);
  test_range<std::int16_t>("int16", Element::kInt16, -2.5, 1e9, {-2, 32767}, {-3, -32768}, 0);
  test_range<std::uint16_t>("uint16", Element::kUint16, -9, 60000.9, {0, 60000}, {60001, 65535}, 0);
  test_range<std::int32_t>("int32", Element::kInt32, -1, 2147483647, {-1, 0, 2147483647}, {-2, -2147483648}, 0);
  test_range<std::uint32_t>("uint32", Element::kUint32, 1, inf, {1, 4294967295}, {0}, 7);
  test_range<std::int64_t>("int64", Element::kInt64, -kBig, kBig, {-(1LL << 53), 1LL << 53, 0, INT64_MIN},
                           {(1LL << 53) + 1, -(1LL << 53) - 1, INT64_MAX}, -9223372036854775808.0);
  test_range<std::uint64_t>("uint64", Element::kUint64, 0, kBig, {0, 1ULL << 53, 1ULL << 63},
                            {(1ULL << 53) + 1, UINT64_MAX}, 9223372036854775808.0);
  test_range<float>("float32", Element::kFloat32, -1, 0.1, {-1, 0, 0.0999F, NAN}, {0.1F, -1.0001F, INFINITY}, NAN);
  test_range<double>("float64", Element::kFloat64, 0, inf, {0, inf, -1}, {-0.5, NAN}, -1);
  test_range<std::uint8_t>("uint8 with an empty range", Element::kUint8, 0.2, 0.8, {5}, {0, 1}, 5);
}

void test_members() {
  ColumnRule rule;
  rule.members = {0, 1, 2, 1};
  const std::vector<std::int16_t> right = {0, 1, 2, -7};
  check(!fault_of(Element::kInt16, 1, -7, right, rule), "members of an enum and its fill value are allowed");
  check(is(fault_of<std::int16_t>(Element::kInt16, 1, -7, {0, 2, 3}, rule), Broken::kMember, 2),
        "a value that is no member of an enum is found");
  rule.members = {200, 3, 9};
  check(!fault_of<std::uint8_t>(Element::kUint8, 1, 3, {9, 200, 3}, rule), "members may have gaps between them");
  check(is(fault_of<std::uint8_t>(Element::kUint8, 1, 3, {9, 10}, rule), Broken::kMember, 1),
        "a value between two members is found");
}

void test_partial() {
  ColumnRule rule;
  rule.partial_within = 3;
  const float nan = NAN, inf = INFINITY;
  check(!fault_of<float>(Element::kFloat32, 6, NAN, {1, 2, 3, nan, nan, nan}, rule),
        "groups that are all finite or all NaN are allowed");
  check(is(fault_of<float>(Element::kFloat32, 6, NAN, {1, 2, 3, 4, nan, 5}, rule), Broken::kPartial, 4),
        "a NaN beside finite values is found");
  check(is(fault_of<float>(Element::kFloat32, 3, NAN, {nan, nan, nan, nan, nan, 1}, rule), Broken::kPartial, 3),
        "a finite value beside NaN is found");
  check(is(fault_of<double>(Element::kFloat64, 3, NAN, {1, 2, 3, inf, inf, inf}, rule), Broken::kPartial, 3),
        "infinities are found");
  check(!fault_of<std::int32_t>(Element::kInt32, 3, 0, {1, 2, 3}, rule), "integers are always finite");
}

void test_empty_cells() {
  Column keys, values;
  keys.row_values = 2;
  keys.fill = -1;
  values.type = Element::kFloat64;
  values.row_values = 4;
  values.fill = NAN;
  const BlockLayout layout({keys, values}, 4);
  const std::vector<std::int32_t> ids = {3, -1, 4, 9};
  std::vector<double> numbers = {1, 2, -NAN, NAN, 5, 6, 7, 8};
  ColumnRule per_cell;
  per_cell.per_cell = true;
  const auto found = [&](const std::vector<std::int32_t>& given) {
    return Batch(layout,
                 {reinterpret_cast<const unsigned char*>(given.data()),
                  reinterpret_cast<const unsigned char*>(numbers.data())},
                 2)
        .fault({0, {per_cell, per_cell}});
  };
  check(!found(ids), "an empty cell of float64 may hold any NaN, if that is the fill value");
  numbers[3] = 0;
  check(is(found(ids), Broken::kEmpty, 3), "a value in an empty cell is found");
  check(is(found({3, 3, 4, 9}), Broken::kKey, 1), "a key that does not ascend is found");
}

}  // namespace

int main() {
  char pattern[] = "/tmp/h5tracks-columns-XXXXXX";
  const std::string folder = mkdtemp(pattern);
  leave(folder + "/left.h5");
  test_recovery(folder + "/left.h5");
  test_other_form(folder + "/left.h5");
  test_ranges();
  test_members();
  test_partial();
  test_empty_cells();
  IoThread::instance().stop();
  std::filesystem::remove_all(folder);
  return test::report();
}
