// Operations on objects: open, create, copy, describe.
#include "hdf5/core/call.h"
#include "hdf5/description/creation.h"
#include "hdf5/description/object_description.h"
#include "hdf5/description/type.h"
#include "hdf5/file/file.h"
#include "hdf5/file/image.h"
#include "hdf5/object/creation_order.h"
#include "hdf5/object/links.h"
#include "hdf5/object/object.h"
#include "hdf5/object/open_object.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

// (object, path, expected kind or null): the description of the object
DynamicValue open(const DynamicValue& args) {
  return describe_object(open_object(*args[0].object(), args[1].text(), args[2] ? args[2].text() : ""));
}

DynamicValue time_of(time_t time) {
  return time == 0 ? DynamicValue() : DynamicValue::count(static_cast<std::uint64_t>(time));
}

DynamicValue info(const DynamicValue& args) {
  const hid_t id = args[0].object()->id();
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  call<H5Oget_info3>(id, &info, unsigned{H5O_INFO_BASIC | H5O_INFO_TIME | H5O_INFO_NUM_ATTRS});
#else
  H5O_info_t info;
  call<H5Oget_info2>(id, &info, unsigned{H5O_INFO_BASIC | H5O_INFO_TIME | H5O_INFO_NUM_ATTRS});
#endif
  const ObjectToken token = token_of(id);
  std::string hex;
  for (const unsigned char byte : token) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return Map{{"kind", args[0].object()->kind()},
             {"trackOrder",
              Map{{"links", tracks_links(*args[0].object())}, {"attributes", tracks_attributes(*args[0].object())}}},
             {"links", info.rc},
             {"attributes", DynamicValue::count(info.num_attrs)},
             {"created", time_of(info.btime)},
             {"modified", time_of(info.ctime)},
             {"token", hex}};
}

DynamicValue comment(const DynamicValue& args) {
  const hid_t id = args[0].object()->id();
  const ssize_t length = call<H5Oget_comment>(id, static_cast<char*>(nullptr), std::size_t{0});
  if (length == 0) return {};
  std::string text(static_cast<std::size_t>(length) + 1, '\0');
  call<H5Oget_comment>(id, text.data(), text.size());
  text.pop_back();
  return text;
}

// (object, text or null)
DynamicValue set_comment(const DynamicValue& args) {
  call<H5Oset_comment>(args[0].object()->id(), args[1] ? args[1].text().c_str() : nullptr);
  return {};
}

// (group, path, options)
DynamicValue create_group(const DynamicValue& args) {
  const auto& parent = args[0].object();
  const std::string& path = args[1].text();
  PropertiesId links = link_creation(path), properties = group_creation(args[2], parent->id());
  try {
    ObjectId id(call<H5Gcreate2>(parent->id(), path.c_str(), links.get(), properties.get(), H5P_DEFAULT));
    return Object::adopt(parent->file, std::move(id), joined(*parent, path));
  } catch (Error& error) {
    explain_existing(*parent, path, error);
    throw;
  }
}

// (group, path, type)
DynamicValue create_type(const DynamicValue& args) {
  const auto& parent = args[0].object();
  const std::string& path = args[1].text();
  PropertiesId links = link_creation(path);
  // A copy, because a committed type cannot be committed again.
  TypeId given = make_type(args[2]), type(call<H5Tcopy>(given.get()));
  try {
    call<H5Tcommit2>(parent->id(), path.c_str(), type.get(), links.get(), H5P_DEFAULT, H5P_DEFAULT);
  } catch (Error& error) {
    explain_existing(*parent, path, error);
    throw;
  }
  return Object::adopt(parent->file, ObjectId(type.release()), joined(*parent, path));
}

// (group, path, target group, target path, options): the target may be in another file.
DynamicValue copy(const DynamicValue& args) {
  const Object &from = *args[0].object(), &to = *args[2].object();
  const std::string &path = args[1].text(), &target = args[3].text();
  to.file->check_writable();
  PropertiesId links = link_creation(target), properties(call<H5Pcreate>(H5P_OBJECT_COPY));
  unsigned flags = 0;
  const DynamicValue& options = args[4];
  if (options["shallow"].flag()) flags |= H5O_COPY_SHALLOW_HIERARCHY_FLAG;
  if (options["expandSoftLinks"].flag()) flags |= H5O_COPY_EXPAND_SOFT_LINK_FLAG;
  if (options["expandReferences"].flag()) flags |= H5O_COPY_EXPAND_REFERENCE_FLAG;
  if (options["withoutAttributes"].flag()) flags |= H5O_COPY_WITHOUT_ATTR_FLAG;
  if (options["expandExternalLinks"].flag()) {
    if (from.file->contained())
      throw Error("ERR_FORMAT", "'" + from.file->path + "' was opened without external files");
    flags |= H5O_COPY_EXPAND_EXT_LINK_FLAG;
  }
  call<H5Pset_copy_object>(properties.get(), flags);
  try {
    call<H5Ocopy>(from.id(), path.empty() ? "." : path.c_str(), to.id(), target.c_str(), properties.get(), links.get());
  } catch (Error& error) {
    explain_missing(from, path, error);
    explain_existing(to, target, error);
    throw;
  }
  return {};
}

}  // namespace

const Operations& object_operations() {
  static const Operations operations = {
      {"object.open", open},
      {"object.info", info},
      {"object.comment", comment},
      {"object.setComment", set_comment, true},
      {"object.copy", copy},
      {"group.create", create_group, true},
      {"type.create", create_type, true},
  };
  return operations;
}

}  // namespace h5tracks::hdf5
