#include "hdf5/dataset/chunk_list.h"

#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/dataset/misplaced_chunks.h"

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

// Where the addresses that HDF5 reports of chunks begin: older versions leave out the user block.
haddr_t first_address([[maybe_unused]] hid_t dataset) {
#if H5_VERSION_GE(1, 14, 4)
  return 0;
#else
  const FileId file(call<H5Iget_file_id>(dataset));
  const PropertiesId properties(call<H5Fget_create_plist>(file.get()));
  hsize_t bytes = 0;
  call<H5Pget_userblock>(properties.get(), &bytes);
  return bytes;
#endif
}

// Visits the chunks as HDF5 reports them, including wrong offsets (misplaced_chunks.h) and addresses.
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
  const std::optional<MisplacedChunks>& misplaced;
  haddr_t first;
  std::size_t rank;
  ChunkVisitor visit;
  void* into;
};

int visit_corrected(const hsize_t* reported, unsigned skipped, haddr_t address, hsize_t size, void* mending) {
  const auto& to = *static_cast<Mending*>(mending);
  hsize_t offset[H5S_MAX_RANK];
  std::copy_n(reported, to.rank, static_cast<hsize_t*>(offset));
  if (to.misplaced) to.misplaced->mend(offset);
  return to.visit(offset, skipped, address + to.first, size, to.into);
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

void visit_chunks(hid_t dataset, ChunkVisitor visit, void* into) {
  const std::optional<MisplacedChunks> misplaced = MisplacedChunks::of(dataset);
  const haddr_t first = first_address(dataset);
  if (!misplaced && first == 0) return visit_reported(dataset, visit, into);
  const SpaceId space(call<H5Dget_space>(dataset));
  Mending mending{misplaced, first, static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space.get())), visit,
                  into};
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
  if (info.address == HADDR_UNDEF) return std::nullopt;
  info.address += first_address(dataset);
  return info;
}

std::vector<ChunkPlace> list_chunks(hid_t dataset, const std::string& path) {
  SpaceId space(call<H5Dget_space>(dataset));
  Walk walk{call<H5Sget_simple_extent_ndims>(space.get()), {}};
  visit_chunks(dataset, visit, &walk);
  if (!walk.whole_rows) throw Error("ERR_FORMAT", "'" + path + "' has chunks that do not hold whole rows");
  std::sort(walk.places.begin(), walk.places.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
  return std::move(walk.places);
}

}  // namespace h5tracks::hdf5
