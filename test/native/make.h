// Creates groups and datasets of int32 for the native tests and the fuzzer; the product creates them by operations.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"
#include "hdf5/file/file.h"
#include "hdf5/object/object.h"

namespace h5tracks::test {

// A dataset without rows and of unlimited length. One chunk has `rows` rows.
struct RowsSpec {
  std::string path;
  hsize_t rows = 0, values = 0;
  std::optional<std::int32_t> fill;
  std::optional<unsigned> deflate;
  bool shuffle = false;
};

inline void make_group(const std::shared_ptr<hdf5::File>& file, const std::string& path) {
  using namespace hdf5;
  std::shared_ptr<Object> root;  // its destructor takes the Lock, so it outlives ours
  const Lock lock;
  root = Object::root(file);
  GroupId(call<H5Gcreate2>(root->id(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

inline void make_rows(const std::shared_ptr<hdf5::File>& file, const RowsSpec& spec) {
  using namespace hdf5;
  std::shared_ptr<Object> root;  // its destructor takes the Lock, so it outlives ours
  const Lock lock;
  root = Object::root(file);
  const hsize_t shape[] = {0, spec.values}, most[] = {H5S_UNLIMITED, spec.values}, chunk[] = {spec.rows, spec.values};
  SpaceId space(H5Screate_simple(2, shape, most));
  PropertiesId properties(call<H5Pcreate>(H5P_DATASET_CREATE));
  call<H5Pset_chunk>(properties.get(), 2, static_cast<const hsize_t*>(chunk));
  if (spec.fill) H5Pset_fill_value(properties.get(), H5T_NATIVE_INT32, &*spec.fill);
  call<H5Pset_fill_time>(properties.get(), H5D_FILL_TIME_ALLOC);
  if (spec.shuffle) call<H5Pset_shuffle>(properties.get());
  if (spec.deflate) call<H5Pset_deflate>(properties.get(), *spec.deflate);
  DatasetId(call<H5Dcreate2>(root->id(), spec.path.c_str(), H5T_STD_I32LE, space.get(), H5P_DEFAULT, properties.get(),
                             H5P_DEFAULT));
}

}  // namespace h5tracks::test
