#include "stream/run_state/journal_state.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>

#include "journal/holder.h"
#include "journal/journal.h"
#include "journal/reader.h"
#include "stream/blocks/run.h"
#include "stream/run_state/abandoned_replacement.h"

namespace h5tracks::stream {

namespace {

// Of links, one to another; more are a circle.
constexpr int kMostLinks = 40;

std::string resolved(const std::string& name) {
  char* real = ::realpath(name.c_str(), nullptr);
  std::string result = real ? real : "";
  std::free(real);
  return result;
}

// Where a link points to; empty: it is none.
std::string target_of(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t bytes = ::readlink(path.c_str(), target, sizeof target);
  return bytes < 0 ? "" : std::string(target, static_cast<std::size_t>(bytes));
}

std::string real_path(const std::string& path, int links_left) {
  std::string whole = resolved(path);
  if (!whole.empty()) return whole;
  const std::size_t slash = path.rfind('/');
  const std::string directory = resolved(slash == std::string::npos ? "." : path.substr(0, slash + 1));
  if (directory.empty()) throw hdf5::system_error(errno, "realpath", path);
  const std::string within = directory == "/" ? "/" : directory + "/";
  whole = within + path.substr(slash + 1);
  const std::string target = target_of(whole);
  if (target.empty()) return whole;
  if (links_left == 0) throw hdf5::system_error(ELOOP, "realpath", path);
  return real_path(target.front() == '/' ? target : within + target, links_left - 1);
}

}  // namespace

std::string real_path(const std::string& path) { return real_path(path, kMostLinks); }

JournalState journal_beside(const std::string& path) {
  std::string real, beside;
  try {
    real = real_path(path);
    beside = journal::path_beside(real);
  } catch (const hdf5::Error&) {
    // Where nothing can be, nothing is. Whoever opens the file is told why.
    return JournalState::kNone;
  }
  return on_journal(path, beside, [&] {
    const journal::Descriptor found(::open(beside.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!found && (errno == ENOENT || errno == ENAMETOOLONG)) return JournalState::kNone;
    if (!found) journal::throw_errno("open");
    if (journal::held_elsewhere(found.get()) == journal::Held::kYes) return JournalState::kInUse;
    if (!journal::holds_run(found.get()) || has_unnamed_journal(real)) return JournalState::kNone;
    return JournalState::kLeft;
  });
}

hdf5::Error needs_recovery(const std::string& path) {
  hdf5::Error error("ERR_NEEDS_RECOVERY",
                    "the writer of '" + path +
                        "' died; its last frames are in its journal: await recover(path), or h5tracks recover <file>, "
                        "puts them into the file");
  error.name_file(path);
  return error;
}

hdf5::Error in_use(const std::string& path) {
  hdf5::Error error("ERR_LOCKED", "'" + path + "' is locked: another process is writing or recovering it");
  error.name_file(path);
  return error;
}

void refuse_journal(const std::string& path) {
  const JournalState state = journal_beside(path);
  if (state == JournalState::kLeft) throw needs_recovery(path);
  if (state == JournalState::kInUse) throw in_use(path);
}

}  // namespace h5tracks::stream
