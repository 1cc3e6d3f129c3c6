// The links of groups. Caller holds the Lock.
#pragma once

#include <optional>
#include <string>

#include "hdf5/core/error_stack.h"
#include "hdf5/core/handle.h"
#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

enum class LinkKind { kGroup, kDataset, kDatatype, kExternalLink };

// What `path` leads to, seen from `from`. None: nothing, or a link that leads nowhere. External links are told, not
// followed, unless the file allows it.
std::optional<LinkKind> kind_of(const Object& from, const std::string& path);

// Properties of links to be made: names in UTF-8, groups on the way made too.
PropertiesId link_creation();

// Makes ERR_NOT_FOUND of an error where `path` leads nowhere; ERR_EXISTS where it leads somewhere.
void explain_missing(const Object& from, const std::string& path, Error& error);
void explain_existing(const Object& from, const std::string& path, Error& error);

}  // namespace h5tracks::hdf5
