#include "hdf5/object/object.h"

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"

namespace h5tracks::hdf5 {

std::string joined(const Object& from, const std::string& path) {
  if (path.empty() || path == ".") return from.path;
  if (path.front() == '/') return path;
  return from.path == "/" ? "/" + path : from.path + "/" + path;
}

Object::Object(std::shared_ptr<File> file, ObjectId id, std::string path, std::optional<Storage> storage)
    : file(std::move(file)), path(std::move(path)), id_(std::move(id)), type_(call<H5Iget_type>(id_.get())) {
  if (type_ != H5I_DATASET) return;
  // Both share one identifier, because H5Drefresh refreshes what belongs to one identifier.
  dataset_ = std::make_shared<Dataset>(DatasetId(id_.release()), *this->file, this->path, std::move(storage));
}

std::shared_ptr<Object> Object::adopt(std::shared_ptr<File> file, ObjectId id, std::string path,
                                      std::optional<Storage> storage) {
  std::shared_ptr<Object> object(new Object(std::move(file), std::move(id), std::move(path), std::move(storage)));
  object->file->keep(object);
  return object;
}

std::shared_ptr<Object> Object::root(const std::shared_ptr<File>& file) {
  return adopt(file, ObjectId(call<H5Oopen>(file->id(), "/", H5P_DEFAULT)), "/");
}

Object::~Object() {
  if (!open_) return;
  const Lock lock;
  close_reporting_to(*file->late_error());
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
  id_.reset();
  if (dataset_) dataset_->close_locked();
}

const char* Object::kind() const {
  return type_ == H5I_GROUP ? "group" : type_ == H5I_DATASET ? "dataset" : "datatype";
}

const std::shared_ptr<Dataset>& Object::dataset() const {
  if (!dataset_) throw Error("ERR_FORMAT", "'" + path + "' is a " + kind() + ", not a dataset");
  return dataset_;
}

}  // namespace h5tracks::hdf5
