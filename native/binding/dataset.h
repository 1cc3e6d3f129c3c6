// NativeDataset of lib/native.ts.
#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "hdf5/file.h"
#include "stream/box_reader.h"
#include "stream/file_state.h"

namespace h5tracks::binding {

class Dataset : public Napi::ObjectWrap<Dataset> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(Napi::Env env, std::shared_ptr<hdf5::File> file,
                            std::shared_ptr<stream::StoredDataset> dataset, std::shared_ptr<stream::Turns> turns);
  // `read` and `readSync` of NativeAddon: an array of { dataset, out, start, count }.
  static Napi::Value read(const Napi::CallbackInfo& info);
  static void read_sync(const Napi::CallbackInfo& info);
  // Through create() only.
  explicit Dataset(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

  const std::shared_ptr<hdf5::File>& file() const { return file_; }
  const std::shared_ptr<stream::StoredDataset>& stored() const { return dataset_; }
  const std::shared_ptr<stream::Turns>& turns() const { return turns_; }

 private:
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value unstored_rows(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  stream::ReadRequest request_of(const Napi::Object& object) const;

  static std::vector<stream::ReadRequest> requests_of(const Napi::Value& value);

  std::shared_ptr<hdf5::File> file_;  // keeps it open as long as the dataset is
  std::shared_ptr<stream::StoredDataset> dataset_;
  std::shared_ptr<stream::Turns> turns_;
};

}  // namespace h5tracks::binding
