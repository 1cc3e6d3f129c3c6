// Identifiers from the operating system: of this process, of the start of the machine, and random ones. Knows the C
// library only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace h5tracks::system {

std::int64_t process_id();

// Identifies the current start of the machine; empty if the system does not tell.
std::string boot_id();

// Random bytes for identifiers. False with errno set.
bool random_bytes(unsigned char* bytes, std::size_t size);

}  // namespace h5tracks::system
