// The links of groups: where a path leads, and why it leads nowhere. Caller holds the Lock.
#pragma once

#include <optional>
#include <string>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"
#include "hdf5/object/object.h"
#include "system/error.h"

namespace h5tracks::hdf5 {

enum class LinkKind { kGroup, kDataset, kDatatype, kExternalLink };

// What `path` leads to, seen from `from`. None: nothing, or a link that leads nowhere. External links are told, not
// followed, unless the file allows it.
std::optional<LinkKind> kind_of(const Object& from, const std::string& path);

// { name, creationOrder, type, and what that has }, as `NativeLink` of lib has it.
DynamicValue describe_link(hid_t group, const char* name, const H5L_info_t& info);

// As error messages name them.
std::string in_words(const Object& from, const std::string& path);
std::string in_words(const Object& object);

// Properties of links to be made: names in UTF-8, groups on the way made too.
PropertiesId link_creation();

// Makes ERR_NOT_FOUND of an error where `path` leads nowhere; ERR_EXISTS where it leads somewhere.
void explain_missing(const Object& from, const std::string& path, Error& error);
void explain_existing(const Object& from, const std::string& path, Error& error);

}  // namespace h5tracks::hdf5
