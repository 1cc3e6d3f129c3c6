#include "hdf5/object/skeleton.h"

#include <algorithm>
#include <map>

#include "hdf5/core/call.h"
#include "hdf5/dataset/external_values.h"
#include "hdf5/file/image.h"
#include "hdf5/object/reference_copy.h"

namespace h5tracks::hdf5 {

namespace {

// Limit for the values of all other datasets together: the skeleton is held in memory and in the journal.
constexpr hsize_t kMostValues = hsize_t{64} << 20;
// Limit for groups within groups; only a damaged file has more.
constexpr int kMostDepth = 200;

constexpr char kReferences[] = "references into the old file";

herr_t collect_link(hid_t, const char* name, const H5L_info_t*, void* into) {
  static_cast<std::vector<std::string>*>(into)->emplace_back(name);
  return 0;
}

herr_t collect_attribute(hid_t, const char* name, const H5A_info_t*, void* into) {
  static_cast<std::vector<std::string>*>(into)->emplace_back(name);
  return 0;
}

class Copier {
  // An attribute with references, whose values are copied last.
  struct Referring {
    std::string path, name;  // of its object, and its own
    AttributeId copy;
  };

 public:
  Copier(hid_t from, hid_t to, const Emptied& emptied, const VirtualCopies& virtual_copies,
         std::vector<std::string>& lost)
      : from_(from), to_(to), emptied_(emptied), virtual_copies_(virtual_copies), lost_(lost) {}

  void copy_file() {
    PropertiesId properties(call<H5Fget_create_plist>(from_));
    hsize_t foreign = 0;
    call<H5Pget_userblock>(properties.get(), &foreign);
    if (foreign > 0) lost_.push_back("the " + std::to_string(foreign) + " foreign bytes before the HDF5 file");
    remember(GroupId(call<H5Gopen2>(from_, "/", H5P_DEFAULT)).get(), "/");
    copy_group("/");
    // Once all objects that they may refer to are there.
    for (const Referring& attribute : referring_) copy_references(attribute);
  }

 private:
  void copy_group(const std::string& path) {
    GroupId source(call<H5Gopen2>(from_, path.c_str(), H5P_DEFAULT));
    copy_attributes(source.get(), path);
    std::vector<std::string> names;
    hsize_t at = 0;
    call<H5Literate>(source.get(), H5_INDEX_NAME, H5_ITER_INC, &at, collect_link, static_cast<void*>(&names));
    for (const std::string& name : names) {
      const std::string child = (path == "/" ? "" : path) + "/" + name;
      try {
        copy_link(child);
      } catch (const Error& error) {
        lost_.push_back(child + ": " + error.what());
      }
    }
  }

  void copy_link(const std::string& path) {
    H5L_info_t info;
    call<H5Lget_info>(from_, path.c_str(), &info, H5P_DEFAULT);
    std::vector<char> target(info.type == H5L_TYPE_HARD ? 0 : info.u.val_size + 1);
    if (!target.empty()) {
      call<H5Lget_val>(from_, path.c_str(), static_cast<void*>(target.data()), info.u.val_size, H5P_DEFAULT);
    }
    if (info.type == H5L_TYPE_SOFT) {
      call<H5Lcreate_soft>(target.data(), to_, path.c_str(), links_.get(), H5P_DEFAULT);
    } else if (info.type == H5L_TYPE_EXTERNAL) {
      const char *file = nullptr, *object = nullptr;
      unsigned flags = 0;
      call<H5Lunpack_elink_val>(static_cast<const void*>(target.data()), info.u.val_size, &flags, &file, &object);
      call<H5Lcreate_external>(file, object, to_, path.c_str(), links_.get(), H5P_DEFAULT);
    } else if (info.type == H5L_TYPE_HARD) {
      copy_object(path);
    } else {
      lost_.push_back(path + ": a link of an unknown kind");
    }
  }

  void copy_object(const std::string& path) {
    ObjectId source(call<H5Oopen>(from_, path.c_str(), H5P_DEFAULT));
    // The object was copied before, under another path: hard links may form cycles.
    const std::string known = remember(source.get(), path);
    if (!known.empty()) {
      call<H5Lcreate_hard>(to_, known.c_str(), to_, path.c_str(), links_.get(), H5P_DEFAULT);
      return;
    }
    switch (call<H5Iget_type>(source.get())) {
      case H5I_GROUP: {
        PropertiesId properties(call<H5Gget_create_plist>(source.get()));
        GroupId(call<H5Gcreate2>(to_, path.c_str(), links_.get(), properties.get(), H5P_DEFAULT));
        if (std::count(path.begin(), path.end(), '/') > kMostDepth)
          throw Error("ERR_FORMAT", "groups are nested more than " + std::to_string(kMostDepth) + " deep");
        return copy_group(path);
      }
      case H5I_DATASET:
        return copy_dataset(source.get(), path);
      default:
        return copy_whole(source.get(), path);
    }
  }

  // Copies attributes separately: H5Ocopy would silently make null references of references in them.
  void copy_whole(hid_t source, const std::string& path) {
    call<H5Ocopy>(from_, path.c_str(), to_, path.c_str(), without_attributes_.get(), links_.get());
    copy_attributes(source, path);
  }

  std::string remember(hid_t object, const std::string& path) {
    ObjectToken token = token_of(object);
    const auto [known, is_new] = seen_.emplace(token, path);
    return is_new ? "" : known->second;
  }

  void copy_empty(hid_t source, const std::string& path, hsize_t chunk_rows) {
    TypeId type(call<H5Dget_type>(source));
    SpaceId space(call<H5Dget_space>(source));
    PropertiesId properties(call<H5Dget_create_plist>(source));
    std::vector<hsize_t> extent(static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space.get())));
    std::vector<hsize_t> most(extent);
    call<H5Sget_simple_extent_dims>(space.get(), extent.data(), most.data());
    if (chunk_rows > 0) set_chunk(properties.get(), extent, most, chunk_rows);
    extent[0] = 0;
    SpaceId empty(call<H5Screate_simple>(static_cast<int>(extent.size()), extent.data(), most.data()));
    DatasetId(
        call<H5Dcreate2>(to_, path.c_str(), type.get(), empty.get(), links_.get(), properties.get(), H5P_DEFAULT));
    copy_attributes(source, path);
  }

  void copy_virtual(hid_t source, const std::string& path, const VirtualCopy& copy) {
    TypeId type(call<H5Dget_type>(source));
    SpaceId space(call<H5Screate_simple>(static_cast<int>(copy.shape.size()), copy.shape.data(), nullptr));
    PropertiesId properties(call<H5Dget_create_plist>(source));
    if (call<H5Pget_nfilters>(properties.get()) > 0) call<H5Premove_filter>(properties.get(), H5Z_FILTER_ALL);
    call<H5Pset_layout>(properties.get(), H5D_VIRTUAL);
    call<H5Pset_alloc_time>(properties.get(), H5D_ALLOC_TIME_DEFAULT);
    copy.add_sources(properties.get(), space.get());
    DatasetId(
        call<H5Dcreate2>(to_, path.c_str(), type.get(), space.get(), links_.get(), properties.get(), H5P_DEFAULT));
    copy_attributes(source, path);
  }

  // Chunks of whole rows, which are not stored before they are written.
  static void set_chunk(hid_t properties, std::vector<hsize_t> chunk, const std::vector<hsize_t>& most, hsize_t rows) {
    chunk[0] = most[0] == H5S_UNLIMITED ? rows : std::min(rows, most[0]);
    for (hsize_t& length : chunk) length = std::max<hsize_t>(length, 1);
    call<H5Pset_chunk>(properties, static_cast<int>(chunk.size()), chunk.data());
    call<H5Pset_alloc_time>(properties, H5D_ALLOC_TIME_INCR);
  }

  void copy_dataset(hid_t source, const std::string& path) {
    if (const auto empty = emptied_.find(path); empty != emptied_.end()) return copy_empty(source, path, empty->second);
    if (const auto copy = virtual_copies_.find(path); copy != virtual_copies_.end())
      return copy_virtual(source, path, copy->second);
    const hsize_t bytes = H5Dget_storage_size(source);
    if (bytes > kMostValues - std::min(taken_, kMostValues)) {
      lost_.push_back(path + ": its " + std::to_string(bytes) + " bytes are too many");
      return;
    }
    refuse_external_values(storage_of(source), "", path);
    if (has_references(TypeId(call<H5Dget_type>(source)).get())) throw Error("ERR_UNSUPPORTED_TYPE", kReferences);
    taken_ += bytes;
    copy_whole(source, path);
  }

  void copy_attributes(hid_t source, const std::string& path) {
    std::vector<std::string> names;
    hsize_t at = 0;
    call<H5Aiterate2>(source, H5_INDEX_NAME, H5_ITER_INC, &at, collect_attribute, static_cast<void*>(&names));
    ObjectId target(call<H5Oopen>(to_, path.c_str(), H5P_DEFAULT));
    for (const std::string& name : names) {
      try {
        copy_attribute(source, target.get(), path, name);
      } catch (const Error& error) {
        lose_attribute(path, name, error);
      }
    }
  }

  void lose_attribute(const std::string& path, const std::string& name, const Error& error) {
    lost_.push_back(path + ", attribute " + name + ": " + error.what());
  }

  void copy_attribute(hid_t source, hid_t target, const std::string& path, const std::string& name) {
    AttributeId attribute(call<H5Aopen>(source, name.c_str(), H5P_DEFAULT));
    TypeId type(call<H5Aget_type>(attribute.get()));
    SpaceId space(call<H5Aget_space>(attribute.get()));
    if (!has_only_object_references(type.get())) throw Error("ERR_UNSUPPORTED_TYPE", kReferences);
    PropertiesId properties(call<H5Aget_create_plist>(attribute.get()));
    AttributeId copy(call<H5Acreate2>(target, name.c_str(), type.get(), space.get(), properties.get(), H5P_DEFAULT));
    if (has_references(type.get())) {
      referring_.push_back({path, name, std::move(copy)});
    } else {
      copy_values(attribute.get(), copy.get());
    }
  }

  void copy_values(hid_t attribute, hid_t copy) const {
    TypeId type(call<H5Aget_type>(attribute));
    SpaceId space(call<H5Aget_space>(attribute));
    const auto count = static_cast<std::size_t>(call<H5Sget_simple_extent_npoints>(space.get()));
    if (count == 0) return;
    TypeId memory(call<H5Tget_native_type>(type.get(), H5T_DIR_DEFAULT));
    std::vector<unsigned char> values(count * std::max(H5Tget_size(memory.get()), H5Tget_size(type.get())));
    call<H5Aread>(attribute, memory.get(), static_cast<void*>(values.data()));
    const auto reclaim = [&] { H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, values.data()); };
    try {
      renew_references(memory.get(), values.data(), count, [this](hobj_ref_t old) { return renewed(old); });
      call<H5Awrite>(copy, memory.get(), static_cast<const void*>(values.data()));
    } catch (const Error&) {
      reclaim();
      throw;
    }
    reclaim();
  }

  // An attribute that cannot be copied must not stay behind without its values.
  void copy_references(const Referring& referring) {
    const auto& [path, name, copy] = referring;
    try {
      AttributeId attribute(call<H5Aopen_by_name>(from_, path.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT));
      copy_values(attribute.get(), copy.get());
    } catch (const Error& error) {
      call<H5Adelete_by_name>(to_, path.c_str(), name.c_str(), H5P_DEFAULT);
      lose_attribute(path, name, error);
    }
  }

  // The reference to the copy of the object that `old` refers to.
  hobj_ref_t renewed(hobj_ref_t old) const {
    const hid_t id = H5Rdereference2(from_, H5P_DEFAULT, H5R_OBJECT, &old);
    H5Eclear2(H5E_DEFAULT);
    if (id < 0) throw Error("ERR_NOT_FOUND", std::string(kReferences) + ", to an object that was deleted");
    const auto known = seen_.find(token_of(ObjectId(id).get()));
    hobj_ref_t made = 0;
    const bool copied = known != seen_.end() && H5Rcreate(&made, to_, known->second.c_str(), H5R_OBJECT, -1) >= 0;
    H5Eclear2(H5E_DEFAULT);
    if (!copied) throw Error("ERR_NOT_FOUND", std::string(kReferences) + ", to an object that was not copied");
    return made;
  }

  static PropertiesId copy_without_attributes() {
    PropertiesId properties(call<H5Pcreate>(H5P_OBJECT_COPY));
    call<H5Pset_copy_object>(properties.get(), unsigned{H5O_COPY_WITHOUT_ATTR_FLAG});
    return properties;
  }

  static PropertiesId utf8_links() {
    PropertiesId properties(call<H5Pcreate>(H5P_LINK_CREATE));
    call<H5Pset_char_encoding>(properties.get(), H5T_CSET_UTF8);
    return properties;
  }

  const hid_t from_, to_;
  const Emptied& emptied_;
  const VirtualCopies& virtual_copies_;
  std::vector<std::string>& lost_;
  const PropertiesId links_ = utf8_links();
  const PropertiesId without_attributes_ = copy_without_attributes();
  std::map<ObjectToken, std::string> seen_;
  std::vector<Referring> referring_;
  hsize_t taken_ = 0;
};

}  // namespace

std::vector<unsigned char> skeleton(hid_t file, const Emptied& emptied, std::vector<std::string>& lost,
                                    const VirtualCopies& virtual_copies) {
  FileId memory = new_memory_file();
  Copier(file, memory.get(), emptied, virtual_copies, lost).copy_file();
  return image_of(memory.get());
}

}  // namespace h5tracks::hdf5
