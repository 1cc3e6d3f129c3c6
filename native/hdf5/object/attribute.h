// The few attributes that native code itself reads and writes, by the absolute path of their object. Functions take the
// Lock.
#pragma once

#include <string>
#include <vector>

#include "hdf5/core/shape.h"
#include "hdf5/file/file.h"
#include "hdf5/type/element.h"

namespace h5tracks::hdf5 {

using Strings = std::vector<std::string>;

// An empty shape makes a scalar. Strings become variable-length UTF-8. What had the name is replaced.
void write_attribute(File& file, const std::string& object, const std::string& name, const Shape& shape,
                     const Strings& values);
void write_attribute(File& file, const std::string& object, const std::string& name, const Shape& shape,
                     Element element, const void* values);
// One of text, as a list; empty where there is none.
Strings read_strings(File& file, const std::string& object, const std::string& name);
// Harmless where there is none.
void delete_attribute(File& file, const std::string& object, const std::string& name);

}  // namespace h5tracks::hdf5
