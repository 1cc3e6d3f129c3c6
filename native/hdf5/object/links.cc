#include "hdf5/object/links.h"

#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/description/creation.h"
#include "hdf5/description/object_description.h"
#include "hdf5/file/file.h"
#include "hdf5/object/damage.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

bool follows(const Object& from) { return !from.file->contained(); }

std::string told(const Object& from, const std::string& path) {
  return "'" + path + "' in '" + from.path + "' of '" + from.file->path + "'";
}

std::string told(const Object& object) {
  return std::string(object.kind()) + " '" + object.path + "' of '" + object.file->path + "'";
}

bool is_group(const Object& object) { return std::string(object.kind()) == "group"; }

// The root of a file may be something else.
const Object& group_of(const Tree& tree) {
  const Object& object = *tree.object();
  if (is_group(object)) return object;
  throw Error("ERR_FORMAT", "'" + object.path + "' of '" + object.file->path + "' is a " + object.kind() +
                                " and has no links; get('" + object.path + "') opens it as what it is");
}

// What the group says of its links.
template <typename Ask>
Tree of_links(const Object& group, Ask ask) {
  try {
    return ask();
  } catch (Error& error) {
    explain_damage(told(group), error);
    throw error;
  }
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* into) {
  static_cast<std::vector<std::string>*>(into)->emplace_back(name);
  return 0;
}

struct Walk {
  List links;
  std::optional<Error> failure;
};

Tree described(hid_t group, const char* name, const H5L_info_t& info) {
  Map link;
  link.reserve(5);
  link.emplace_back("name", name);
  if (info.corder_valid) link.emplace_back("creationOrder", Tree(static_cast<double>(info.corder)));
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

herr_t collect_link(hid_t group, const char* name, const H5L_info_t* info, void* into) {
  auto& walk = *static_cast<Walk*>(into);
  try {
    walk.links.push_back(described(group, name, *info));
    return 0;
  } catch (const Error& error) {
    walk.failure = error;
    return -1;
  }
}

struct Way {
  H5_index_t index;
  H5_iter_order_t order;
  bool sorted;
};

Way way_of(const Object& group, const Tree& order) {
  // Sorted here: HDF5 sorts in a table as long as the file says, which it may leave partly unset.
  if (!order || order.text() != "creation") return {H5_INDEX_NAME, H5_ITER_NATIVE, true};
  if (tracks_links(group)) return {H5_INDEX_CRT_ORDER, H5_ITER_INC, false};
  throw Error("ERR_FORMAT", "group '" + group.path + "' of '" + group.file->path +
                                "' does not track the order in which its links were made");
}

Tree names(const Tree& args) {
  const Object& group = group_of(args[0]);
  const Way way = way_of(group, args[1]);
  return of_links(group, [&] {
    std::vector<std::string> names;
    hsize_t at = 0;
    call<H5Literate>(group.id(), way.index, way.order, &at, collect_name, static_cast<void*>(&names));
    return hdf5::told(std::move(names), way.sorted);
  });
}

Tree list(const Tree& args) {
  const Object& group = group_of(args[0]);
  const Way way = way_of(group, args[1]);
  return of_links(group, [&]() -> Tree {
    Walk walk;
    hsize_t at = 0;
    const herr_t result = H5Literate(group.id(), way.index, way.order, &at, collect_link, &walk);
    if (walk.failure) throw *walk.failure;
    if (result < 0) throw take_error();
    if (way.sorted) {
      std::sort(walk.links.begin(), walk.links.end(),
                [](const Tree& a, const Tree& b) { return a["name"].text() < b["name"].text(); });
    }
    return std::move(walk.links);
  });
}

Tree count(const Tree& args) {
  const Object& group = group_of(args[0]);
  return of_links(group, [&] {
    H5G_info_t info;
    call<H5Gget_info>(group.id(), &info);
    return Tree::count(info.nlinks);
  });
}

// (group, path) of a link that must be there.
Tree info(const Tree& args) {
  const Object& group = *args[0].object();
  const std::string& path = args[1].text();
  PropertiesId access = group.file->access(H5P_LINK_ACCESS);
  try {
    H5L_info_t info;
    call<H5Lget_info>(group.id(), path.c_str(), &info, access.get());
    return described(group.id(), path.c_str(), info);
  } catch (Error& error) {
    if (error.code == "ERR_HDF5") {
      // Throws where something on the way is damaged.
      kind_of(group, path);
      make_own(error, "ERR_NOT_FOUND", "there is no link " + told(group, path));
    }
    throw error;
  }
}

Tree kind(const Tree& args) {
  const auto kind = kind_of(*args[0].object(), args[1].text());
  if (!kind) return {};
  switch (*kind) {
    case LinkKind::kGroup:
      return "group";
    case LinkKind::kDataset:
      return "dataset";
    case LinkKind::kDatatype:
      return "datatype";
    case LinkKind::kExternalLink:
      return "external link";
  }
  return {};
}

// (group, path, target): an object, { path } or { file, path }.
Tree create(const Tree& args) {
  const Object& group = *args[0].object();
  const std::string& path = args[1].text();
  const Tree& target = args[2];
  PropertiesId properties = link_creation(), access = group.file->access(H5P_LINK_ACCESS);
  try {
    if (target.is_object()) {
      if (target.object()->file != group.file) {
        throw Error("ERR_INVALID_ARGUMENT", "a hard link leads to an object of the same file, not to '" +
                                                target.object()->path + "' of '" + target.object()->file->path + "'");
      }
      call<H5Lcreate_hard>(target.object()->id(), ".", group.id(), path.c_str(), properties.get(), access.get());
    } else if (target["file"]) {
      call<H5Lcreate_external>(target["file"].text().c_str(), target["path"].text().c_str(), group.id(), path.c_str(),
                               properties.get(), access.get());
    } else {
      call<H5Lcreate_soft>(target["path"].text().c_str(), group.id(), path.c_str(), properties.get(), access.get());
    }
  } catch (Error& error) {
    explain_existing(group, path, error);
    throw;
  }
  return {};
}

Tree remove(const Tree& args) {
  const Object& group = *args[0].object();
  const std::string& path = args[1].text();
  PropertiesId access = group.file->access(H5P_LINK_ACCESS);
  try {
    call<H5Ldelete>(group.id(), path.c_str(), access.get());
  } catch (Error& error) {
    explain_missing(group, path, error);
    throw;
  }
  return {};
}

bool is_hard(const Object& group, const std::string& path, hid_t access) {
  H5L_info_t info;
  if (H5Lget_info(group.id(), path.c_str(), &info, access) >= 0) return info.type == H5L_TYPE_HARD;
  H5Eclear2(H5E_DEFAULT);
  return false;
}

// (group, from, to)
Tree move(const Tree& args) {
  const Object& group = *args[0].object();
  const std::string &from = args[1].text(), &to = args[2].text();
  PropertiesId properties = link_creation(), access = group.file->access(H5P_LINK_ACCESS);
  // HDF5 makes the new link before it finds that it cannot open what both lead to.
  if (is_hard(group, from, access.get())) kind_of(group, from);
  try {
    call<H5Lmove>(group.id(), from.c_str(), group.id(), to.c_str(), properties.get(), access.get());
  } catch (Error& error) {
    explain_missing(group, from, error);
    explain_existing(group, to, error);
    throw;
  }
  return {};
}

constexpr int kMostLinks = 16;

std::optional<LinkKind> kind_of(const Object& from, const std::string& path, int links_left);

// The link behind `parent` cannot be asked for: that is no group, or cannot be read.
std::optional<LinkKind> behind(const Object& from, std::string parent, Error error, int links_left) {
  if (error.code != "ERR_HDF5") throw error;
  while (parent.size() > 1 && parent.back() == '/') parent.pop_back();
  const bool is_damaged = parent.empty() ? is_group(from) : kind_of(from, parent, links_left) == LinkKind::kGroup;
  if (is_damaged) {
    explain_damage(parent.empty() ? told(from) : told(from, parent), error);
    throw error;
  }
  return std::nullopt;
}

// Whether there is an object at the end of a way that HDF5 could not go; throws where that is damaged that a soft link
// leads to.
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
  const Tree link = described(from.id(), path.c_str(), info);
  const std::string& target = link["path"].text();
  const std::size_t slash = path.rfind('/');
  const bool absolute = !target.empty() && target.front() == '/';
  kind_of(from, absolute || slash == std::string::npos ? target : path.substr(0, slash + 1) + target, links_left - 1);
  return false;
}

std::optional<LinkKind> kind_of(const Object& from, const std::string& path, int links_left) {
  PropertiesId access = from.file->access(H5P_LINK_ACCESS);
  // HDF5 asks for every link on the way; a missing one is an answer here, not an error.
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
    explain_damage(told(from, path), error);
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

PropertiesId link_creation() {
  static const hid_t made = [] {
    PropertiesId properties(call<H5Pcreate>(H5P_LINK_CREATE));
    call<H5Pset_char_encoding>(properties.get(), H5T_CSET_UTF8);
    call<H5Pset_create_intermediate_group>(properties.get(), 1u);
    return properties.release();
  }();
  return shared<PropertiesId>(made);
}

void explain_missing(const Object& from, const std::string& path, Error& error) {
  if (error.code != "ERR_HDF5" || !from.is_open()) return;
  try {
    const auto kind = kind_of(from, path);
    if (!kind) {
      make_own(error, "ERR_NOT_FOUND", "there is no " + told(from, path));
    } else if (kind == LinkKind::kExternalLink) {
      make_own(error, "ERR_FORMAT", told(from, path) + " lies behind an external link, and other files are not opened");
    }
  } catch (Error& damage) {
    error = damage;
  }
}

void explain_existing(const Object& from, const std::string& path, Error& error) {
  if (error.code != "ERR_HDF5" || !from.is_open()) return;
  const std::string exists = "there is already a " + told(from, path);
  if (H5Lexists(from.id(), path.c_str(), H5P_DEFAULT) > 0) return make_own(error, "ERR_EXISTS", exists);
  H5Eclear2(H5E_DEFAULT);
  try {
    // No link leads to '.', which is there all the same.
    const auto kind = kind_of(from, path);
    if (kind && kind != LinkKind::kExternalLink) make_own(error, "ERR_EXISTS", exists);
  } catch (const Error& damage) {
    error = damage;
  }
}

const Operations& link_operations() {
  static const Operations operations = {
      {"links.names", names},         {"links.list", list},       {"links.count", count},
      {"links.info", info},           {"links.kind", kind},       {"links.create", create, true},
      {"links.delete", remove, true}, {"links.move", move, true},
  };
  return operations;
}

}  // namespace h5tracks::hdf5
