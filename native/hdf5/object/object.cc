#include "hdf5/object/object.h"

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"
#include "hdf5/file/file.h"
#include "hdf5/object/damage.h"
#include "hdf5/object/links.h"

namespace h5tracks::hdf5 {

std::string joined(const Object& from, const std::string& path) {
  if (path.empty() || path == ".") return from.path;
  if (path.front() == '/') return path;
  return from.path == "/" ? "/" + path : from.path + "/" + path;
}

Object::Object(std::shared_ptr<File> file, ObjectId id, std::string path, std::optional<Storage> storage)
    : file(std::move(file)), path(std::move(path)), id_(std::move(id)), type_(call<H5Iget_type>(id_.get())) {
  if (type_ != H5I_DATASET) return;
  // One identifier for both: HDF5 refreshes what one identifier has.
  dataset_ = std::make_shared<Dataset>(DatasetId(id_.release()), this->file->path, this->path, this->file->contained(),
                                       std::move(storage));
}

std::shared_ptr<Object> Object::adopt(std::shared_ptr<File> file, ObjectId id, std::string path,
                                      std::optional<Storage> storage) {
  std::shared_ptr<Object> object(new Object(std::move(file), std::move(id), std::move(path), std::move(storage)));
  object->file->keep(object);
  return object;
}

std::shared_ptr<Object> Object::open(const Object& from, const std::string& path, const std::string& expected) {
  PropertiesId usual = from.file->access(H5P_DATASET_ACCESS);
  const char* name = path.empty() ? "." : path.c_str();
  try {
    ObjectId id;
    if (expected == "dataset") {
      // HDF5 need not find out first what it is.
      id = ObjectId(H5Dopen2(from.id(), name, usual.get()));
      if (!id) H5Eclear2(H5E_DEFAULT);
    }
    if (!id) id = ObjectId(call<H5Oopen>(from.id(), name, from.file->access(H5P_LINK_ACCESS).get()));
    std::optional<Storage> storage;
    if (call<H5Iget_type>(id.get()) == H5I_DATASET) {
      storage = storage_of(id.get());
      // An open dataset keeps the cache that it has: the first handle goes before the second comes.
      if (PropertiesId tuned = tuned_access(id.get(), *storage, usual.get())) {
        id.reset();
        id = ObjectId(call<H5Dopen2>(from.id(), name, tuned.get()));
      }
    }
    return adopt(from.file, std::move(id), joined(from, path), std::move(storage));
  } catch (Error& error) {
    explain_missing(from, path, error);
    explain_damage("'" + joined(from, path) + "' of '" + from.file->path + "'", error);
    throw;
  }
}

Object::~Object() {
  if (open_) close();
}

hid_t Object::id() const {
  if (dataset_) return dataset_->id();
  if (!id_) throw Error("ERR_CLOSED", "'" + path + "' of '" + file->path + "' is closed");
  return id_.get();
}

void Object::close() {
  const Lock lock;
  close_locked();
}

void Object::close_locked() {
  open_ = false;
  if (dataset_) dataset_->close_locked();
  id_.reset();
}

const char* Object::kind() const {
  return type_ == H5I_GROUP ? "group" : type_ == H5I_DATASET ? "dataset" : "datatype";
}

const std::shared_ptr<Dataset>& Object::dataset() const {
  if (!dataset_) throw Error("ERR_FORMAT", "'" + path + "' is a " + kind() + ", not a dataset");
  return dataset_;
}

}  // namespace h5tracks::hdf5
