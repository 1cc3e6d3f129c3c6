// An open object of a file: a group, a dataset or a named type. It keeps its file alive; closing the file closes it.
// The caller holds the Lock unless a method says otherwise.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "hdf5/core/handle.h"
#include "hdf5/dataset/dataset.h"
#include "hdf5/file/file.h"

namespace h5tracks::hdf5 {

class Object final : public OpenPart {
 public:
  // The root group.
  static std::shared_ptr<Object> root(const std::shared_ptr<File>& file);
  // Takes over `id`. `path` is for messages. `storage`: that of a dataset, if it is already known.
  static std::shared_ptr<Object> adopt(std::shared_ptr<File> file, ObjectId id, std::string path,
                                       std::optional<Storage> storage = std::nullopt);
  // Takes the Lock if the object is open.
  ~Object() override;

  // Throws ERR_CLOSED.
  hid_t id() const;
  // Does not take the Lock.
  bool is_open() const { return open_; }
  // close_locked(), and takes the Lock.
  void close();
  void close_locked() override;
  bool is_group() const { return type_ == H5I_GROUP; }
  // 'group', 'dataset' or 'datatype'.
  const char* kind() const;
  // Throws if the object is not a dataset.
  const std::shared_ptr<Dataset>& dataset() const;

  const std::shared_ptr<File> file;
  const std::string path;

 private:
  Object(std::shared_ptr<File> file, ObjectId id, std::string path, std::optional<Storage> storage);

  ObjectId id_;
  std::atomic<bool> open_{true};
  H5I_type_t type_;
  std::shared_ptr<Dataset> dataset_;
};

// The absolute path of `path`, which is relative to `from`.
std::string joined(const Object& from, const std::string& path);

}  // namespace h5tracks::hdf5
