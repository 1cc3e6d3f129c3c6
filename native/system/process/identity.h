// Identifiers from the operating system: of its start, and random ones. Knows the C library only.
#pragma once

#include <cstddef>
#include <string>

namespace h5tracks::system {

// Identifies the current start of the machine; empty if the system does not tell.
std::string boot_id();

// Random bytes for identifiers. False with errno set.
bool random_bytes(unsigned char* bytes, std::size_t size);

}  // namespace h5tracks::system
