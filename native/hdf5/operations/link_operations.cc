// Operations on the links of groups: list, describe, create, move, delete.
#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/description/object_description.h"
#include "hdf5/object/creation_order.h"
#include "hdf5/object/damage.h"
#include "hdf5/object/links.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

// In a damaged file the root may be something else than a group.
const Object& group_of(const DynamicValue& given) {
  const Object& object = *given.object();
  if (object.is_group()) return object;
  throw Error("ERR_FORMAT", "'" + object.path + "' of '" + object.file->path + "' is a " + object.kind() +
                                " and has no links; get('" + object.path + "') opens it as what it is");
}

// Adds the group to errors about its links.
template <typename Ask>
DynamicValue of_links(const Object& group, Ask ask) {
  try {
    return ask();
  } catch (Error& error) {
    explain_damage(in_words(group), error);
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

herr_t collect_link(hid_t group, const char* name, const H5L_info_t* info, void* into) {
  auto& walk = *static_cast<Walk*>(into);
  try {
    walk.links.push_back(describe_link(group, name, *info));
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

Way way_of(const Object& group, const DynamicValue& order) {
  // Sorted here, because HDF5 allocates a table as large as the file claims and may leave a part of it uninitialised.
  if (!order || order.text() != "creation") return {H5_INDEX_NAME, H5_ITER_NATIVE, true};
  if (tracks_links(group)) return {H5_INDEX_CRT_ORDER, H5_ITER_INC, false};
  throw Error("ERR_FORMAT", "group '" + group.path + "' of '" + group.file->path +
                                "' does not track the order in which its links were made");
}

DynamicValue names(const DynamicValue& args) {
  const Object& group = group_of(args[0]);
  const Way way = way_of(group, args[1]);
  return of_links(group, [&] {
    std::vector<std::string> names;
    hsize_t at = 0;
    call<H5Literate>(group.id(), way.index, way.order, &at, collect_name, static_cast<void*>(&names));
    return packed_names(std::move(names), way.sorted);
  });
}

DynamicValue list(const DynamicValue& args) {
  const Object& group = group_of(args[0]);
  const Way way = way_of(group, args[1]);
  return of_links(group, [&]() -> DynamicValue {
    Walk walk;
    hsize_t at = 0;
    const herr_t result = H5Literate(group.id(), way.index, way.order, &at, collect_link, &walk);
    if (walk.failure) throw *walk.failure;
    if (result < 0) throw take_error();
    if (way.sorted) {
      std::sort(walk.links.begin(), walk.links.end(),
                [](const DynamicValue& a, const DynamicValue& b) { return a["name"].text() < b["name"].text(); });
    }
    return std::move(walk.links);
  });
}

DynamicValue count(const DynamicValue& args) {
  const Object& group = group_of(args[0]);
  return of_links(group, [&] {
    H5G_info_t info;
    call<H5Gget_info>(group.id(), &info);
    return DynamicValue::count(info.nlinks);
  });
}

// (group, path): the link, which must exist.
DynamicValue info(const DynamicValue& args) {
  const Object& group = *args[0].object();
  const std::string& path = args[1].text();
  PropertiesId access = group.file->access(H5P_LINK_ACCESS);
  try {
    H5L_info_t info;
    call<H5Lget_info>(group.id(), path.c_str(), &info, access.get());
    return describe_link(group.id(), path.c_str(), info);
  } catch (Error& error) {
    if (error.code == "ERR_HDF5") {
      // Throws if something on the path is damaged.
      kind_of(group, path);
      make_own(error, "ERR_NOT_FOUND", "there is no link " + in_words(group, path));
    }
    throw error;
  }
}

DynamicValue kind(const DynamicValue& args) {
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

// (group, path, target): the target is an object, { path } or { file, path }.
DynamicValue create(const DynamicValue& args) {
  const Object& group = *args[0].object();
  const std::string& path = args[1].text();
  const DynamicValue& target = args[2];
  PropertiesId properties = link_creation(path), access = group.file->access(H5P_LINK_ACCESS);
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

DynamicValue remove(const DynamicValue& args) {
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
DynamicValue move(const DynamicValue& args) {
  const Object& group = *args[0].object();
  const std::string &from = args[1].text(), &to = args[2].text();
  PropertiesId properties = link_creation(to), access = group.file->access(H5P_LINK_ACCESS);
  // H5Lmove creates the new link before it finds that it cannot open the target, so check that first.
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

}  // namespace

const Operations& link_operations() {
  static const Operations operations = {
      {"links.names", names},         {"links.list", list},       {"links.count", count},
      {"links.info", info},           {"links.kind", kind},       {"links.create", create, true},
      {"links.delete", remove, true}, {"links.move", move, true},
  };
  return operations;
}

}  // namespace h5tracks::hdf5
