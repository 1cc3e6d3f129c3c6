// One byte of a file, locked for as long as the file's maker has it open: a lock that dies with its process, and that
// anybody may ask for without disturbing it. Knows the C library only.
#pragma once

namespace h5tracks::journal {

// Locks through a descriptor that is open for writing, until that and its duplicates are closed. 0; EAGAIN where
// another holds it; or the errno of a file system that has no such locks (ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL).
int hold(int descriptor);

enum class Held { kNo, kYes, kUnknown };

// Whether the file is held through a descriptor that is not this one, in this or another process. kUnknown: the file
// system has no such locks. Takes no lock itself where the system can answer without (Linux).
Held held_elsewhere(int descriptor);

}  // namespace h5tracks::journal
