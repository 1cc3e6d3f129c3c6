#include "hdf5/file/properties.h"

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

// Half the number of chunks that one node of an index takes, instead of 32.
constexpr unsigned kSmallIndex = 8;
// The same of a group's links, in units of 8, instead of 16.
constexpr unsigned kSmallGroup = 4;

}  // namespace

PropertiesId access_properties(const FileOptions& options) {
  PropertiesId properties(call<H5Pcreate>(H5P_FILE_ACCESS));
  // The same for all opens, because HDF5 refuses to open a file twice with different degrees.
  call<H5Pset_fclose_degree>(properties.get(), H5F_CLOSE_STRONG);
  if (options.library_versions)
    call<H5Pset_libver_bounds>(properties.get(), options.library_versions->first, options.library_versions->second);
  if (options.compact || options.metadata_block > 0) {
    // Raw data, and metadata in a compact file, take exact sizes instead of blocks that are filled later.
    call<H5Pset_meta_block_size>(properties.get(), options.metadata_block);
    call<H5Pset_small_data_block_size>(properties.get(), hsize_t{0});
  }
  // As the tool h5clear does.
  const hbool_t clear = options.accept_loss;
  call<H5Pset>(properties.get(), "clear_status_flags", static_cast<const void*>(&clear));
  return properties;
}

PropertiesId creation_properties(const FileOptions& options) {
  PropertiesId properties(call<H5Pcreate>(H5P_FILE_CREATE));
  if (options.userblock > 0) call<H5Pset_userblock>(properties.get(), options.userblock);
  if (options.track_order) {
    constexpr unsigned kTracked = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    call<H5Pset_link_creation_order>(properties.get(), kTracked);
    call<H5Pset_attr_creation_order>(properties.get(), kTracked);
  }
  if (options.compact) {
    call<H5Pset_istore_k>(properties.get(), kSmallIndex);
    call<H5Pset_sym_k>(properties.get(), kSmallGroup, 0u);
    // This alone would give the file a superblock of version 1, which jsfive and pyfive do not read. Any file space
    // setting other than the default makes it version 2; this one changes nothing else, since no free space is kept.
    call<H5Pset_file_space_strategy>(properties.get(), H5F_FSPACE_STRATEGY_FSM_AGGR, hbool_t{false}, hsize_t{2});
  }
  return properties;
}

}  // namespace h5tracks::hdf5
