// The links of groups: what a path leads to, or why it leads to nothing. The caller holds the Lock.
#pragma once

#include <optional>
#include <string>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"
#include "hdf5/object/object.h"
#include "system/error.h"

namespace h5tracks::hdf5 {

enum class LinkKind { kGroup, kDataset, kDatatype, kExternalLink };

// What `path` leads to, starting at `from`. None: nothing, or a dangling link. An external link is reported and not
// followed, unless the file's options allow it.
std::optional<LinkKind> kind_of(const Object& from, const std::string& path);

// { name, creationOrder, type, and the target }, as `NativeLink` in lib/ declares it.
DynamicValue describe_link(hid_t group, const char* name, const H5L_info_t& info);

// As error messages name it.
std::string in_words(const Object& from, const std::string& path);
std::string in_words(const Object& object);

// Properties for creating a link at `path`; missing groups on it are created. Like h5py, they call a name UTF-8 only if
// it is not ASCII: HDF5 makes a group of the old format anew for the first such link.
PropertiesId link_creation(const std::string& path);

// Turns an error into ERR_NOT_FOUND if `path` leads to nothing; into ERR_EXISTS if it leads to something.
void explain_missing(const Object& from, const std::string& path, Error& error);
void explain_existing(const Object& from, const std::string& path, Error& error);

}  // namespace h5tracks::hdf5
