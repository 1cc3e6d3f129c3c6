// Boxes of datasets, read and written by native/stream with chunks of any shape, filters in any order and elements of
// many types, compared with an array in memory and with what HDF5 reads; also requests of several threads. Runs under
// ThreadSanitizer and AddressSanitizer; the last line is "N passed, N failed".
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <thread>

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"
#include "hdf5/dataset/open_dataset.h"
#include "stream/boxes/box_reader.h"
#include "stream/boxes/box_writer.h"
#include "stream/threads/request_queue.h"
#include "stream/threads/threads.h"
#include "support.h"

namespace {

using namespace h5tracks::hdf5;
using h5tracks::system::Access;
using namespace h5tracks::stream;
using h5tracks::test::below;
using h5tracks::test::check;

struct ElementKind {
  const char* name;
  std::size_t size;
  std::function<TypeId()> stored;
};

TypeId copy_of(hid_t type) { return TypeId(call<H5Tcopy>(type)); }

TypeId pair_type() {
  TypeId type(call<H5Tcreate>(H5T_COMPOUND, std::size_t{12}));
  call<H5Tinsert>(type.get(), "x", std::size_t{0}, H5T_IEEE_F64LE);
  call<H5Tinsert>(type.get(), "n", std::size_t{8}, H5T_STD_I32BE);
  return type;
}

TypeId color_type() {
  TypeId type(call<H5Tenum_create>(H5T_STD_I16LE));
  const char* names[] = {"red", "green", "blue"};
  for (short i = 0; i < 3; ++i) call<H5Tenum_insert>(type.get(), names[i], &i);
  return type;
}

const std::vector<ElementKind>& element_kinds() {
  static const std::vector<ElementKind> all = {
      {"uint8", 1, [] { return copy_of(H5T_STD_U8LE); }},
      {"int16", 2, [] { return copy_of(H5T_STD_I16LE); }},
      {"big-endian int16", 2, [] { return copy_of(H5T_STD_I16BE); }},
      {"float32", 4, [] { return copy_of(H5T_IEEE_F32LE); }},
      {"float64", 8, [] { return copy_of(H5T_IEEE_F64LE); }},
      {"big-endian float64", 8, [] { return copy_of(H5T_IEEE_F64BE); }},
      {"opaque", 3, [] { return TypeId(call<H5Tcreate>(H5T_OPAQUE, std::size_t{3})); }},
      {"compound", 12, pair_type},
      {"enum", 2, color_type},
  };
  return all;
}

// The properties of a dataset, and its values in memory.
struct Model {
  explicit Model(std::mt19937& random) : kind(element_kinds()[below(random, element_kinds().size())]) {
    const std::size_t rank = 1 + below(random, 4);
    const std::size_t longest[] = {4000, 70, 20, 9};
    for (std::size_t axis = 0; axis < rank; ++axis) {
      shape.push_back(1 + below(random, longest[rank - 1]));
      chunk.push_back(1 + below(random, random() % 2 == 0 ? shape[axis] : std::min<hsize_t>(shape[axis], 12)));
    }
    for (unsigned filters = below(random, 4); filters > 0; --filters) {
      const int filter = static_cast<int>(below(random, 3));
      const bool again = std::find(pipeline.begin(), pipeline.end(), filter) != pipeline.end();
      if (!again) pipeline.push_back(filter);
    }
    level = random() % 2 == 0 ? 4 : below(random, 10);
    has_fill = random() % 2 == 0;
    values.assign(elements() * kind.size, 0);
    if (has_fill) std::fill(values.begin(), values.end(), kFill);
  }

  static constexpr unsigned char kFill = 1;

  hsize_t elements() const { return std::accumulate(shape.begin(), shape.end(), hsize_t{1}, std::multiplies<>()); }

  void create(hid_t file, const char* path) const {
    const TypeId type = kind.stored();
    const SpaceId space(call<H5Screate_simple>(static_cast<int>(shape.size()), shape.data(), nullptr));
    const PropertiesId properties(call<H5Pcreate>(H5P_DATASET_CREATE));
    call<H5Pset_chunk>(properties.get(), static_cast<int>(chunk.size()), chunk.data());
    for (const int filter : pipeline) {
      if (filter == 0) call<H5Pset_shuffle>(properties.get());
      if (filter == 1) call<H5Pset_deflate>(properties.get(), level);
      if (filter == 2) call<H5Pset_fletcher32>(properties.get());
    }
    const std::vector<unsigned char> fill(kind.size, kFill);
    if (has_fill) call<H5Pset_fill_value>(properties.get(), type.get(), fill.data());
    DatasetId(call<H5Dcreate2>(file, path, type.get(), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT));
  }

  Box any_box(std::mt19937& random) const {
    Box box;
    for (const hsize_t extent : shape) {
      const hsize_t start = random() % 3 == 0 ? 0 : below(random, extent);
      const hsize_t stride = random() % 3 == 0 ? 1 + below(random, extent) : 1;
      const hsize_t most = (extent - start - 1) / stride + 1;
      box.start.push_back(start);
      box.stride.push_back(stride);
      box.count.push_back(random() % 3 == 0 ? most : 1 + below(random, most));
    }
    return box;
  }

  // Visits the bytes of every element of the box, in order.
  template <typename Visit>
  void for_each(const Box& box, Visit visit) {
    for (hsize_t number = 0; number < box.elements(); ++number) {
      hsize_t rest = number, at = 0, step = 1;
      for (std::size_t axis = shape.size(); axis-- > 0;) {
        at += (box.start[axis] + rest % box.count[axis] * box.stride[axis]) * step;
        rest /= box.count[axis];
        step *= shape[axis];
      }
      visit(number * kind.size, values.data() + at * kind.size);
    }
  }

  std::string description() const {
    std::string text = std::string(kind.name) + " [";
    for (const hsize_t n : shape) text += std::to_string(n) + " ";
    text += "] chunks [";
    for (const hsize_t n : chunk) text += std::to_string(n) + " ";
    text += "] filters";
    for (const int filter : pipeline) text += filter == 0 ? " shuffle" : filter == 1 ? " deflate" : " fletcher32";
    return text;
  }

  const ElementKind& kind;
  Shape shape, chunk;
  std::vector<int> pipeline;
  unsigned level;
  bool has_fill;
  std::vector<unsigned char> values;
};

using Bytes = h5tracks::test::Bytes;

Bytes random_bytes(std::mt19937& random, std::size_t count) {
  Bytes bytes(count);
  const auto& kinds = h5tracks::test::kinds();
  kinds[below(random, kinds.size())].fill(random, bytes, 1 + below(random, 64));
  return bytes;
}

Bytes read(const std::shared_ptr<StoredDataset>& from, const Box& box) {
  const auto memory = std::make_unique<unsigned char[]>(box.elements() * from->memory_layout.size);
  const std::vector<ReadRequest> requests{{from, box, memory.get()}};
  if (!read_from_cache(requests)) wait_for([&](Done done) { read_all(requests, std::move(done), Caller::kWaits); });
  return Bytes(memory.get(), memory.get() + box.elements() * from->memory_layout.size);
}

void write(const std::shared_ptr<File>& file, const std::shared_ptr<StoredDataset>& to, const Box& box,
           const Bytes& bytes) {
  const auto memory = h5tracks::test::exactly(bytes);
  wait_for([&](Done done) { write_all({file, to, box, memory.get()}, std::move(done)); });
}

Box whole(const Shape& shape) { return {Shape(shape.size(), 0), shape}; }

Bytes read_by_hdf5(const std::shared_ptr<StoredDataset>& from, const Shape& shape) {
  const Box box = whole(shape);
  Bytes bytes(box.elements() * from->memory_layout.size);
  const Lock lock;
  from->dataset->read(from->memory_layout, box, MemoryPlace::of(box), bytes.data());
  return bytes;
}

Bytes expected(Model& model, const Box& box) {
  Bytes bytes(box.elements() * model.kind.size);
  model.for_each(box, [&](std::size_t at, const unsigned char* element) {
    std::copy_n(element, model.kind.size, bytes.begin() + static_cast<std::ptrdiff_t>(at));
  });
  return bytes;
}

// All bytes of the fill value are equal, so the byte order does not matter.
void one_dataset(const std::string& path, unsigned seed) {
  std::mt19937 random(seed);
  Model model(random);
  {
    const Lock lock;
    const FileId raw(call<H5Fcreate>(path.c_str(), unsigned{H5F_ACC_TRUNC}, H5P_DEFAULT, H5P_DEFAULT));
    model.create(raw.get(), "/x");
  }
  const auto file = std::make_shared<File>(path, Access::kReadWrite);
  const auto cache = std::make_shared<ChunkCache>(std::size_t{1} << (10 + random() % 10));
  const auto stored = std::make_shared<StoredDataset>(open_dataset(*file, "/x"), cache);
  const std::string about = "seed " + std::to_string(seed) + ", " + model.description();
  check(stored->chunks.has_value(), about + ": the dataset is read in chunks");
  for (int round = 0; round < 12; ++round) {
    const Box box = random() % 5 == 0 ? whole(model.shape) : model.any_box(random);
    if (random() % 3 == 0) {
      const Bytes bytes = random_bytes(random, box.elements() * model.kind.size);
      write(file, stored, box, bytes);
      model.for_each(box, [&](std::size_t at, unsigned char* element) {
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), model.kind.size, element);
      });
    }
    const Box asked = random() % 2 == 0 ? box : model.any_box(random);
    const bool equal = read(stored, asked) == expected(model, asked) && read(stored, asked) == expected(model, asked);
    if (!check(equal, about + ": reads give the values of the model in round " + std::to_string(round))) return;
  }
  check(read_by_hdf5(stored, model.shape) == model.values, about + ": HDF5 reads the values of the model");
  file->close();
  // HDF5's cache holds nothing that is not in the file: after reopening the values are the same.
  const auto again = std::make_shared<File>(path, Access::kRead);
  const auto reopened = std::make_shared<StoredDataset>(open_dataset(*again, "/x"), cache);
  check(read(reopened, whole(model.shape)) == model.values, about + ": the reopened file has the values of the model");
  check(read_by_hdf5(reopened, model.shape) == model.values,
        about + ": HDF5 reads the values of the model from the reopened file");
}

// Requests of several threads to one file: each read sees a whole write or nothing of it, and all writes posted before.
void test_request_queue(const std::string& path) {
  constexpr hsize_t kRows = 600, kRow = 40;
  {
    const Lock lock;
    const FileId raw(call<H5Fcreate>(path.c_str(), unsigned{H5F_ACC_TRUNC}, H5P_DEFAULT, H5P_DEFAULT));
    const hsize_t shape[] = {kRows, kRow}, chunk[] = {64, 16};
    const SpaceId space(call<H5Screate_simple>(2, static_cast<const hsize_t*>(shape), nullptr));
    const PropertiesId properties(call<H5Pcreate>(H5P_DATASET_CREATE));
    call<H5Pset_chunk>(properties.get(), 2, static_cast<const hsize_t*>(chunk));
    call<H5Pset_deflate>(properties.get(), 4U);
    DatasetId(
        call<H5Dcreate2>(raw.get(), "/x", H5T_STD_I32LE, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT));
  }
  const auto file = std::make_shared<File>(path, Access::kReadWrite);
  const auto cache = std::make_shared<ChunkCache>(std::size_t{1} << 20);
  const auto stored = std::make_shared<StoredDataset>(open_dataset(*file, "/x"), cache);
  const auto order = std::make_shared<RequestQueue>();
  std::atomic<std::int32_t> posted{0};
  std::atomic<bool> writing{true};
  std::mutex posting;
  const Box all = whole({kRows, kRow});

  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&, i] {
      std::mt19937 random(static_cast<unsigned>(i));
      do {
        const Box box{{below(random, kRows), 0}, {1, kRow}};
        const bool small = random() % 2 == 0;
        std::vector<std::int32_t> values(small ? kRow : kRows * kRow);
        std::int32_t least = 0;
        const std::vector<ReadRequest> requests{
            {stored, small ? box : all, reinterpret_cast<unsigned char*>(values.data())}};
        {
          const std::lock_guard<std::mutex> guard(posting);
          least = posted;
        }
        if (!(order->is_quiet() && read_from_cache(requests))) {
          order->run(Use::kReads, [&](Done done) { read_all(requests, std::move(done)); });
        }
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        check(*low == *high && *low >= least, "a read sees whole writes, and all that were posted before it");
      } while (writing);
    });
  }
  std::vector<std::vector<std::int32_t>> written;
  for (std::int32_t value = 1; value <= 40; ++value) written.emplace_back(kRows * kRow, value);
  for (std::int32_t value = 1; value <= 40; ++value) {
    const WriteRequest request{
        file, stored, all, reinterpret_cast<const unsigned char*>(written[static_cast<std::size_t>(value - 1)].data())};
    const auto start = [request](Done done) { write_all(request, std::move(done)); };
    if (value % 2 == 0) {
      order->run(Use::kChanges, start);
      posted = value;
    } else {
      const std::lock_guard<std::mutex> guard(posting);
      order->post(Use::kChanges, start, [](const auto& failure) { check(!failure, "a posted write succeeds"); });
      posted = value;
    }
  }
  order->run(Use::kReads, [](Done done) { done(std::nullopt); });
  writing = false;
  for (auto& reader : readers) reader.join();
}

}  // namespace

int main(int count, char** arguments) {
  char pattern[] = "/tmp/h5tracks-box-XXXXXX";
  const std::string folder = mkdtemp(pattern);
  const unsigned first = count > 1 ? static_cast<unsigned>(std::stoul(arguments[1])) : 1;
  const unsigned datasets = count > 2 ? static_cast<unsigned>(std::stoul(arguments[2])) : 250;
  for (unsigned seed = first; seed < first + datasets; ++seed) one_dataset(folder + "/one.h5", seed);
  test_request_queue(folder + "/requests.h5");
  IoThread::instance().stop();
  std::filesystem::remove_all(folder);
  return h5tracks::test::report();
}
