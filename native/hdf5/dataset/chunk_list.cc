#include "hdf5/dataset/chunk_list.h"

#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/dataset/misplaced_chunks.h"
#include "hdf5/file/library_version.h"

// One walk through all chunks. In older versions, each H5Dget_chunk_info walks through the index again.
#if H5_VERSION_GE(1, 14, 0) || (H5_VERS_MINOR == 12 && H5_VERSION_GE(1, 12, 3)) || \
    (H5_VERS_MINOR == 10 && H5_VERSION_GE(1, 10, 10))
#define H5TRACKS_HAS_CHUNK_ITER 1
#endif

namespace h5tracks::hdf5 {

namespace {

struct Walk {
  int rank;
  std::vector<ChunkPlace> places;
  bool whole_rows = true;
};

int visit(const hsize_t* offset, unsigned skipped, haddr_t address, hsize_t size, void* into) {
  auto& walk = *static_cast<Walk*>(into);
  walk.places.push_back({offset[0], address, size, skipped});
  walk.whole_rows = walk.whole_rows && std::all_of(offset + 1, offset + walk.rank, [](hsize_t at) { return at == 0; });
  return 0;
}

void refuse_unknown_addresses(hid_t dataset, const std::string& path) {
  if (!knows_addresses(dataset))
    throw Error("ERR_FORMAT", "the file of '" + path + "' has a user block, and " + hdf5_version() +
                                  " reports wrong addresses of the chunks of such files");
}

}  // namespace

namespace {

// Visits the chunks as HDF5 reports them, including wrong offsets (misplaced_chunks.h).
void visit_reported(hid_t dataset, ChunkVisitor visit, void* into) {
#ifdef H5TRACKS_HAS_CHUNK_ITER
  call<H5Dchunk_iter>(dataset, H5P_DEFAULT, visit, into);
#else
  SpaceId space(call<H5Dget_space>(dataset));
  hsize_t count = 0;
  call<H5Dget_num_chunks>(dataset, space.get(), &count);
  for (hsize_t i = 0; i < count; ++i) {
    hsize_t offset[H5S_MAX_RANK], size = 0;
    unsigned skipped = 0;
    haddr_t address = 0;
    call<H5Dget_chunk_info>(dataset, space.get(), i, static_cast<hsize_t*>(offset), &skipped, &address, &size);
    visit(offset, skipped, address, size, into);
  }
#endif
}

struct Mending {
  const MisplacedChunks& misplaced;
  std::size_t rank;
  ChunkVisitor visit;
  void* into;
};

int visit_corrected(const hsize_t* reported, unsigned skipped, haddr_t address, hsize_t size, void* mending) {
  const auto& to = *static_cast<Mending*>(mending);
  hsize_t offset[H5S_MAX_RANK];
  std::copy_n(reported, to.rank, static_cast<hsize_t*>(offset));
  to.misplaced.mend(offset);
  return to.visit(offset, skipped, address, size, to.into);
}

struct Search {
  const Shape& offset;
  std::optional<ChunkInfo> found;
};

int compare(const hsize_t* offset, unsigned skipped, haddr_t address, hsize_t size, void* into) {
  auto& search = *static_cast<Search*>(into);
  if (std::equal(search.offset.begin(), search.offset.end(), offset)) search.found = ChunkInfo{address, size, skipped};
  return 0;
}

}  // namespace

bool knows_addresses(hid_t dataset) {
#if H5_VERSION_GE(1, 14, 4)
  (void)dataset;
  return true;
#else
  // These versions report addresses relative to the end of the user block.
  FileId file(call<H5Iget_file_id>(dataset));
  PropertiesId properties(call<H5Fget_create_plist>(file.get()));
  hsize_t bytes = 0;
  call<H5Pget_userblock>(properties.get(), &bytes);
  return bytes == 0;
#endif
}

void visit_chunks(hid_t dataset, ChunkVisitor visit, void* into) {
  const std::optional<MisplacedChunks> misplaced = MisplacedChunks::of(dataset);
  if (!misplaced) return visit_reported(dataset, visit, into);
  const SpaceId space(call<H5Dget_space>(dataset));
  Mending mending{*misplaced, static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space.get())), visit, into};
  visit_reported(dataset, visit_corrected, &mending);
}

std::optional<ChunkInfo> find_chunk(hid_t dataset, const Shape& offset) {
  if (MisplacedChunks::of(dataset)) {
    Search search{offset, std::nullopt};
    visit_chunks(dataset, compare, &search);
    return search.found;
  }
  ChunkInfo info{HADDR_UNDEF};
  call<H5Dget_chunk_info_by_coord>(dataset, offset.data(), &info.skipped, &info.address, &info.size);
  return info.address == HADDR_UNDEF ? std::nullopt : std::optional(info);
}

std::vector<ChunkPlace> list_chunks(hid_t dataset, const std::string& path) {
  refuse_unknown_addresses(dataset, path);
  SpaceId space(call<H5Dget_space>(dataset));
  Walk walk{call<H5Sget_simple_extent_ndims>(space.get()), {}};
  visit_chunks(dataset, visit, &walk);
  if (!walk.whole_rows) throw Error("ERR_FORMAT", "'" + path + "' has chunks that do not hold whole rows");
  std::sort(walk.places.begin(), walk.places.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
  return std::move(walk.places);
}

}  // namespace h5tracks::hdf5
