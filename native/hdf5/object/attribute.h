// Reads and writes the few attributes that native code itself needs, by the absolute path of their object. Functions
// take the Lock.
#pragma once

#include <string>
#include <vector>

#include "hdf5/core/shape.h"
#include "hdf5/file/file.h"
#include "hdf5/type/element.h"

namespace h5tracks::hdf5 {

using Strings = std::vector<std::string>;

// Replaces an attribute of that name. An empty shape makes a scalar; strings become variable-length UTF-8.
void write_attribute(File& file, const std::string& object, const std::string& name, const Shape& shape,
                     const Strings& values);
void write_attribute(File& file, const std::string& object, const std::string& name, const Shape& shape,
                     Element element, const void* values);
// A text attribute as a list; empty if there is none.
Strings read_strings(File& file, const std::string& object, const std::string& name);
// Does nothing if there is none.
void delete_attribute(File& file, const std::string& object, const std::string& name);

}  // namespace h5tracks::hdf5
