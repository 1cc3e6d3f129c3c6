// Windows' errors as errno.
#pragma once

namespace h5tracks::system {

// EIO for an error that is not known.
int errno_of(unsigned long error);
// Sets errno to the last error of this thread. Returns false.
bool failed();
// Whether another program may be the cause of this thread's last error, and waits a little in the first rounds. False:
// the last error is still set.
bool may_pass(int round, bool denied = false);

// Runs `attempt` again for about a second while it fails because another program, an indexer or a virus scanner, has
// the file open for a moment. `attempt` returns whether it succeeded, and leaves the last error of this thread. Returns
// false with errno set.
// `denied`: also while the system denies access, as it does when the target of a rename is open.
template <typename Attempt>
bool patiently(Attempt attempt, bool denied = false) {
  for (int round = 0;; ++round) {
    if (attempt()) return true;
    if (!may_pass(round, denied)) return failed();
  }
}

}  // namespace h5tracks::system
