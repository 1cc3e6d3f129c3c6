// Operations on the values of datasets, by HDF5. Plain values go straight to and from the caller's memory.
#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/dataset/filters.h"
#include "hdf5/description/columns.h"
#include "hdf5/description/selection.h"
#include "hdf5/description/type.h"
#include "hdf5/file/file.h"
#include "hdf5/object/object.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

// Small enough for a core's caches.
constexpr std::size_t kScratch = std::size_t{1} << 20;
// A small file must not make us allocate much memory: the limit is this, plus this many times the file's size.
constexpr hsize_t kAlwaysAllowed = hsize_t{64} << 20, kLargestRatio = 64;

std::size_t checked_bytes(hsize_t elements, std::size_t size) {
  if (size != 0 && elements > static_cast<hsize_t>(PTRDIFF_MAX) / size) throw std::bad_alloc();
  return static_cast<std::size_t>(elements * size);
}

void* allocate(std::size_t bytes, void* arena) { return static_cast<Arena*>(arena)->allocate(bytes); }
void leave(void*, void*) {}

struct Transfer {
  Transfer(const DynamicValue& args)
      : object(*args[0].object()),
        dataset(object.dataset()->values_id()),
        memory_type(make_type(args[1])),
        layout(column_layout_of(memory_type.get(), args[4].flag())),
        selection(SpaceId(call<H5Dget_space>(dataset)), args[2], dataset) {}

  void during(Error& error, const char* what) const {
    error.during(std::string(what) + " '" + object.path + "' of '" + object.file->path + "'");
  }

  const Object& object;
  const hid_t dataset;
  const TypeId memory_type;
  const ColumnLayout layout;
  const Selection selection;
};

class Reading : Transfer {
 public:
  explicit Reading(const DynamicValue& args) : Transfer(args), arena_(most()) {
    call<H5Pset_vlen_mem_manager>(properties_.get(), allocate, static_cast<void*>(&arena_), leave,
                                  static_cast<void*>(nullptr));
  }

  DynamicValue into(const View& out) {
    if (layout.kind != ColumnLayout::Kind::kPlain || out.size != checked_bytes(selection.elements(), layout.size)) {
      throw Error("ERR_INVALID_ARGUMENT", "'" + object.path + "' must be read into an array of " +
                                              std::to_string(selection.elements()) + " elements of " +
                                              std::to_string(layout.size) + " bytes");
    }
    selection.for_each_part([&](hid_t memory, hid_t file) { read(memory, file, out.data); });
    return {};
  }

  DynamicValue columns() {
    refuse_shared_references();
    Column column;
    if (selection.is_box()) {
      reserve(layout, selection.elements(), column);
      Bytes scratch;
      selection.for_each_run(std::max<hsize_t>(1, kScratch / std::max<std::size_t>(1, layout.size)),
                             [&](hid_t memory, hid_t file, hsize_t, hsize_t count) {
                               scratch.resize(checked_bytes(count, layout.size));
                               read(memory, file, scratch.data());
                               take(scratch, count, column);
                             });
    } else {
      Bytes scratch(checked_bytes(selection.elements(), layout.size));
      selection.for_each_part([&](hid_t memory, hid_t file) { read(memory, file, scratch.data()); });
      take(scratch, selection.elements(), column);
    }
    return to_dynamic_value(layout, std::move(column));
  }

 private:
  void take(Bytes& scratch, hsize_t count, Column& into) {
    try {
      gather(layout, scratch.data(), layout.size, count, into);
    } catch (Error& error) {
      drop_references(layout, scratch.data(), layout.size, count);
      during(error, "reading");
      throw;
    }
    drop_references(layout, scratch.data(), layout.size, count);
  }

  // HDF5 creates one reference for the fill value and puts it into every unwritten element; freeing them would free it
  // more than once.
  void refuse_shared_references() const {
    if (!has_references(layout)) return;
    PropertiesId properties(call<H5Dget_create_plist>(dataset));
    H5D_fill_value_t defined = H5D_FILL_VALUE_UNDEFINED;
    call<H5Pfill_value_defined>(properties.get(), &defined);
    if (defined != H5D_FILL_VALUE_USER_DEFINED) return;
    throw Error("ERR_UNSUPPORTED", "'" + object.path + "' of '" + object.file->path +
                                       "' has references and a fill value for them, which cannot be read");
  }

  // The limit guards against untrusted files, not against what the writer itself wrote.
  hsize_t most() const {
    if (object.file->writable()) return Arena::kUnlimited;
    return kAlwaysAllowed + kLargestRatio * object.file->size();
  }

  void read(hid_t memory, hid_t file, void* into) {
    try {
      call<H5Dread>(dataset, memory_type.get(), memory, file, properties_.get(), into);
    } catch (Error& error) {
      if (arena_.refused()) error.code = "ERR_TOO_LARGE";
      explain_unreadable(object.dataset()->storage().filters, error);
      during(error, "reading");
      throw;
    }
  }

  Arena arena_;
  const PropertiesId properties_{call<H5Pcreate>(H5P_DATASET_XFER)};
};

class Writing : Transfer {
 public:
  explicit Writing(const DynamicValue& args) : Transfer(args) {}

  void from(const DynamicValue& column) {
    if (layout.kind == ColumnLayout::Kind::kPlain) {
      const View values = column.view();
      if (values.size != checked_bytes(selection.elements(), layout.size)) {
        throw Error("ERR_INVALID_ARGUMENT", "'" + object.path + "' takes " + std::to_string(selection.elements()) +
                                                " elements of " + std::to_string(layout.size) + " bytes here, not " +
                                                std::to_string(values.size) + " bytes");
      }
      selection.for_each_part([&](hid_t memory, hid_t file) { write(memory, file, values.data); });
    } else if (selection.is_box()) {
      selection.for_each_run(std::max<hsize_t>(1, kScratch / std::max<std::size_t>(1, layout.size)),
                             [&](hid_t memory, hid_t file, hsize_t first, hsize_t count) {
                               const Scattered elements(layout, column, first, count, object.id());
                               write(memory, file, elements.memory.data());
                             });
    } else {
      const Scattered all(layout, column, 0, selection.elements(), object.id());
      selection.for_each_part([&](hid_t memory, hid_t file) { write(memory, file, all.memory.data()); });
    }
  }

 private:
  struct Scattered {
    Scattered(const ColumnLayout& layout, const DynamicValue& column, hsize_t first, hsize_t count, hid_t location)
        : memory(checked_bytes(count, layout.size)), references(location) {
      scatter(layout, column, first, count, memory.data(), layout.size, arena, references);
    }
    Bytes memory;
    Arena arena;
    References references;
  };

  void write(hid_t memory, hid_t file, const void* from) {
    object.dataset()->check_filters();
    object.dataset()->changed();
    try {
      call<H5Dwrite>(dataset, memory_type.get(), memory, file, H5P_DEFAULT, from);
    } catch (Error& error) {
      during(error, "writing");
      throw;
    }
  }
};

// (dataset, memory type, selection, the caller's memory or null, raw): null if that memory was filled, else the column.
DynamicValue read(const DynamicValue& args) {
  Reading reading(args);
  return args[3] ? reading.into(args[3].view()) : reading.columns();
}

// (dataset, memory type, selection, column, raw)
DynamicValue write(const DynamicValue& args) {
  Writing(args).from(args[3]);
  return {};
}

}  // namespace

const Operations& value_operations() {
  static const Operations operations = {{"dataset.read", read}, {"dataset.write", write, true}};
  return operations;
}

}  // namespace h5tracks::hdf5
