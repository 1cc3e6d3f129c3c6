#include "hdf5/object/links.h"

#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/object/damage.h"

namespace h5tracks::hdf5 {

std::string in_words(const Object& from, const std::string& path) {
  return "'" + path + "' in '" + from.path + "' of '" + from.file->path + "'";
}

std::string in_words(const Object& object) {
  return std::string(object.kind()) + " '" + object.path + "' of '" + object.file->path + "'";
}

DynamicValue describe_link(hid_t group, const char* name, const H5L_info_t& info) {
  Map link;
  link.reserve(5);
  link.emplace_back("name", name);
  if (info.corder_valid) link.emplace_back("creationOrder", DynamicValue(static_cast<double>(info.corder)));
  if (info.type == H5L_TYPE_HARD) {
    link.emplace_back("type", "hard");
    return link;
  }
  std::vector<char> value(info.u.val_size + 1);
  call<H5Lget_val>(group, name, static_cast<void*>(value.data()), info.u.val_size, H5P_DEFAULT);
  if (info.type == H5L_TYPE_SOFT) {
    link.emplace_back("type", "soft");
    link.emplace_back("path", value.data());
  } else if (info.type == H5L_TYPE_EXTERNAL) {
    const char *file = nullptr, *object = nullptr;
    unsigned flags = 0;
    call<H5Lunpack_elink_val>(static_cast<const void*>(value.data()), info.u.val_size, &flags, &file, &object);
    link.emplace_back("type", "external");
    link.emplace_back("file", file);
    link.emplace_back("path", object);
  } else {
    link.emplace_back("type", "user-defined");
    link.emplace_back("class", static_cast<int>(info.type));
  }
  return link;
}

namespace {

bool follows(const Object& from) { return !from.file->contained(); }

constexpr int kMostLinks = 16;

std::optional<LinkKind> kind_of(const Object& from, const std::string& path, int links_left);

// HDF5 could not look up a link in `parent`. None: that is not a group. Throws if it is a group, which is then damaged.
std::optional<LinkKind> behind(const Object& from, std::string parent, Error error, int links_left) {
  if (error.code != "ERR_HDF5") throw error;
  while (parent.size() > 1 && parent.back() == '/') parent.pop_back();
  const bool is_damaged = parent.empty() ? from.is_group() : kind_of(from, parent, links_left) == LinkKind::kGroup;
  if (is_damaged) {
    explain_damage(parent.empty() ? in_words(from) : in_words(from, parent), error);
    throw error;
  }
  return std::nullopt;
}

// Whether an object exists at a path that HDF5 could not follow. Throws if the path is a soft link to something
// damaged.
bool leads_somewhere(const Object& from, const std::string& path, hid_t access, int links_left) {
  const htri_t there = H5Oexists_by_name(from.id(), path.c_str(), access);
  H5Eclear2(H5E_DEFAULT);
  if (there >= 0) return there > 0;
  H5L_info_t info;
  if (H5Lget_info(from.id(), path.c_str(), &info, access) < 0) {
    H5Eclear2(H5E_DEFAULT);
    return false;
  }
  if (info.type == H5L_TYPE_HARD) return true;
  if (info.type != H5L_TYPE_SOFT || links_left == 0) return false;
  const DynamicValue link = describe_link(from.id(), path.c_str(), info);
  const std::string& target = link["path"].text();
  const std::size_t slash = path.rfind('/');
  const bool absolute = !target.empty() && target.front() == '/';
  kind_of(from, absolute || slash == std::string::npos ? target : path.substr(0, slash + 1) + target, links_left - 1);
  return false;
}

std::optional<LinkKind> kind_of(const Object& from, const std::string& path, int links_left) {
  PropertiesId access = from.file->access(H5P_LINK_ACCESS);
  // Looks up one link after the other: HDF5 takes a missing link on the way for an error, whereas here it is an answer.
  for (std::size_t at = path.find_first_not_of('/'); at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string prefix = path.substr(0, end);
    if (path.compare(at, end - at, ".") != 0) {
      const htri_t exists = H5Lexists(from.id(), prefix.c_str(), access.get());
      if (exists < 0) return behind(from, path.substr(0, at), take_error(), links_left);
      if (exists == 0) return std::nullopt;
      H5L_info_t info;
      if (!follows(from)) {
        call<H5Lget_info>(from.id(), prefix.c_str(), &info, access.get());
        if (info.type == H5L_TYPE_EXTERNAL) return LinkKind::kExternalLink;
      }
    }
    at = path.find_first_not_of('/', end);
  }
  ObjectId object(H5Oopen(from.id(), path.empty() ? "." : path.c_str(), access.get()));
  if (!object) {
    Error error = take_error();
    if (!leads_somewhere(from, path, access.get(), links_left)) return std::nullopt;
    explain_damage(in_words(from, path), error);
    throw error;
  }
  switch (call<H5Iget_type>(object.get())) {
    case H5I_GROUP:
      return LinkKind::kGroup;
    case H5I_DATASET:
      return LinkKind::kDataset;
    default:
      return LinkKind::kDatatype;
  }
}

}  // namespace

std::optional<LinkKind> kind_of(const Object& from, const std::string& path) { return kind_of(from, path, kMostLinks); }

PropertiesId link_creation(const std::string& path) {
  const auto made_for = [](H5T_cset_t names) {
    PropertiesId properties(call<H5Pcreate>(H5P_LINK_CREATE));
    call<H5Pset_char_encoding>(properties.get(), names);
    call<H5Pset_create_intermediate_group>(properties.get(), 1u);
    return properties.release();
  };
  static const hid_t ascii = made_for(H5T_CSET_ASCII), utf8 = made_for(H5T_CSET_UTF8);
  const bool is_ascii =
      std::all_of(path.begin(), path.end(), [](char byte) { return static_cast<unsigned char>(byte) < 128; });
  return shared<PropertiesId>(is_ascii ? ascii : utf8);
}

void explain_missing(const Object& from, const std::string& path, Error& error) {
  if (error.code != "ERR_HDF5" || !from.is_open()) return;
  try {
    const auto kind = kind_of(from, path);
    if (!kind) {
      make_own(error, "ERR_NOT_FOUND", "there is no " + in_words(from, path));
    } else if (kind == LinkKind::kExternalLink) {
      make_own(error, "ERR_FORMAT",
               in_words(from, path) + " is behind an external link, and other files are not opened");
    }
  } catch (Error& damage) {
    error = damage;
  }
}

void explain_existing(const Object& from, const std::string& path, Error& error) {
  if (error.code != "ERR_HDF5" || !from.is_open()) return;
  const std::string exists = "there is already a " + in_words(from, path);
  if (H5Lexists(from.id(), path.c_str(), H5P_DEFAULT) > 0) return make_own(error, "ERR_EXISTS", exists);
  H5Eclear2(H5E_DEFAULT);
  try {
    // '.' exists although no link has that name.
    const auto kind = kind_of(from, path);
    if (kind && kind != LinkKind::kExternalLink) make_own(error, "ERR_EXISTS", exists);
  } catch (const Error& damage) {
    error = damage;
  }
}

}  // namespace h5tracks::hdf5
