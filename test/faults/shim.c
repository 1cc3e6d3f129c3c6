/*
 * Preloaded into one process: counts its writing system calls on files in one directory, and injects a fault at the
 * k-th of them. For 64-bit Linux; it makes system calls directly, so it does not depend on the functions that it
 * replaces.
 *
 *   H5TRACKS_FAULT_DIRECTORY  the directory; only calls on files in it count
 *   H5TRACKS_FAULT_LOG        a file outside of it; each counted call is appended as "#<k> <call> <file>"
 *   H5TRACKS_FAULT_AT         k, from 1; absent: no fault
 *   H5TRACKS_FAULT_MODE       kill   SIGKILL before the call
 *                             torn   SIGKILL after half of the bytes of the call, where it has bytes
 *                             once   the call fails; all   it and all later ones fail
 *                             short  half of the bytes are written, and all later calls fail: a full disk
 *   H5TRACKS_FAULT_ERRNO      the number of the error of the last three
 *   H5TRACKS_FAULT_SNAPSHOTS  a directory: what fsync, fdatasync and msync make durable is copied to <inode> in it,
 *                             and the names at the last fsync of the directory to "names"; the files at the start are
 *                             durable. Reading /proc/sys/kernel/random/boot_id gives its file "boot_id".
 *
 * Nothing is really synced: a killed process loses no written byte, and the snapshots simulate a power loss.
 */
#ifndef __LP64__
#error "the shim makes system calls in the form of 64-bit machines"
#endif
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { COUNT, KILL, TORN, ONCE, ALL, SHORT };
enum verdict { GO_ON, FAIL, TEAR, SHORTEN };

static char directory[PATH_MAX];
static size_t directory_length;
static const char* snapshots;
static int log_file = -1, fault_errno;
static enum mode mode;
static long at, count;

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/* ---- the path of a call ---- */

static int inside(const char* path) {
  return directory_length && !strncmp(path, directory, directory_length) &&
         (path[directory_length] == '/' || !path[directory_length]);
}

static int path_of_fd(int fd, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = 0;
  return length > 0 && inside(path);
}

/* The real path of the directory that the name is in, and the name. */
static int path_of_name(int base, const char* name, char path[PATH_MAX]) {
  char parent[PATH_MAX];
  const char* slash = strrchr(name, '/');
  snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - name) + 1 : 1, slash ? name : ".");
  const int fd = syscall(SYS_openat, base, parent, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0) return 0;
  path_of_fd(fd, path);
  syscall(SYS_close, fd);
  const size_t length = strlen(path);
  snprintf(path + length, PATH_MAX - length, "/%s", slash ? slash + 1 : name);
  return inside(path);
}

/* ---- the k-th call ---- */

static enum verdict point(const char* call, const char* path) {
  const long now = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
  char line[PATH_MAX + 64];
  const int length = snprintf(line, sizeof line, "#%ld %s %s\n", now, call, path + directory_length);
  if (syscall(SYS_write, log_file, line, length) != length) abort();
  if (!at || now < at || (now > at && mode != ALL && mode != SHORT)) return GO_ON;
  if (mode == KILL) die();
  if (mode == TORN) return TEAR;
  if (mode == SHORT && now == at) return SHORTEN;
  errno = fault_errno;
  return FAIL;
}

static enum verdict at_fd(const char* call, int fd) {
  const int before = errno;
  char path[PATH_MAX];
  if (!path_of_fd(fd, path)) return errno = before, GO_ON;
  errno = before;
  return point(call, path);
}

static enum verdict at_name(const char* call, int base, const char* name) {
  const int before = errno;
  char path[PATH_MAX];
  if (!path_of_name(base, name, path)) return errno = before, GO_ON;
  errno = before;
  return point(call, path);
}

/* Calls that move bytes: `half` moves half of them. */
#define BYTES(result, call, parameters, fd, whole, half) \
  result call parameters {                               \
    const enum verdict verdict = at_fd(#call, fd);       \
    if (verdict == GO_ON) return whole;                  \
    if (verdict == FAIL) return -1;                      \
    const result done = half;                            \
    if (verdict == TEAR) die();                          \
    return done;                                         \
  }

/* Calls that happen completely or not at all. */
#define DECIDE(at_point, whole)                \
  const enum verdict verdict = at_point;       \
  if (verdict == GO_ON) return whole;          \
  if (verdict == TEAR) die();                  \
  if (verdict == SHORTEN) errno = fault_errno; \
  return -1;

#define VECTOR const struct iovec *v, int n
BYTES(ssize_t, write, (int fd, const void* p, size_t n), fd, syscall(SYS_write, fd, p, n),
      syscall(SYS_write, fd, p, n / 2))
BYTES(ssize_t, pwrite, (int fd, const void* p, size_t n, off_t o), fd, syscall(SYS_pwrite64, fd, p, n, o),
      syscall(SYS_pwrite64, fd, p, n / 2, o))
BYTES(ssize_t, writev, (int fd, VECTOR), fd, syscall(SYS_writev, fd, v, n),
      syscall(SYS_write, fd, v->iov_base, v->iov_len / 2))
BYTES(ssize_t, pwritev, (int fd, VECTOR, off_t o), fd, syscall(SYS_pwritev, fd, v, n, o, 0),
      syscall(SYS_pwrite64, fd, v->iov_base, v->iov_len / 2, o))
BYTES(ssize_t, copy_file_range, (int from, off_t* i, int to, off_t* o, size_t n, unsigned f), to,
      syscall(SYS_copy_file_range, from, i, to, o, n, f), syscall(SYS_copy_file_range, from, i, to, o, n / 2, f))
BYTES(ssize_t, sendfile, (int to, int from, off_t* i, size_t n), to, syscall(SYS_sendfile, to, from, i, n),
      syscall(SYS_sendfile, to, from, i, n / 2))
ssize_t pwrite64(int, const void*, size_t, off_t) __attribute__((alias("pwrite")));
ssize_t pwritev64(int, VECTOR, off_t) __attribute__((alias("pwritev")));
ssize_t sendfile64(int, int, off_t*, size_t) __attribute__((alias("sendfile")));

int ftruncate(int fd, off_t n) { DECIDE(at_fd("ftruncate", fd), syscall(SYS_ftruncate, fd, n)) }
int fallocate(int fd, int how, off_t o, off_t n) {
  DECIDE(at_fd("fallocate", fd), syscall(SYS_fallocate, fd, how, o, n))
}
int truncate(const char* name, off_t n) { DECIDE(at_name("truncate", AT_FDCWD, name), syscall(SYS_truncate, name, n)) }
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
int fallocate64(int, int, off_t, off_t) __attribute__((alias("fallocate")));
int truncate64(const char*, off_t) __attribute__((alias("truncate")));

static int reserve(int fd, off_t o, off_t n) {
  DECIDE(at_fd("posix_fallocate", fd), syscall(SYS_fallocate, fd, 0, o, n))
}
int posix_fallocate(int fd, off_t o, off_t n) {
  const int before = errno;
  const int error = reserve(fd, o, n) == 0 ? 0 : errno;
  errno = before;
  return error;
}
int posix_fallocate64(int, off_t, off_t) __attribute__((alias("posix_fallocate")));

/* ---- names ---- */

int renameat2(int b, const char* from, int c, const char* to, unsigned how) {
  DECIDE(at_name("rename", c, to), syscall(SYS_renameat2, b, from, c, to, how))
}
int renameat(int b, const char* from, int c, const char* to) { return renameat2(b, from, c, to, 0); }
int rename(const char* from, const char* to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
int unlinkat(int b, const char* name, int how) {
  DECIDE(at_name("unlink", b, name), syscall(SYS_unlinkat, b, name, how))
}
int unlink(const char* name) { return unlinkat(AT_FDCWD, name, 0); }
int linkat(int b, const char* from, int c, const char* to, int how) {
  DECIDE(at_name("link", c, to), syscall(SYS_linkat, b, from, c, to, how))
}
int link(const char* from, const char* to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

static const char* redirected(const char* name, char path[PATH_MAX]) {
  if (!snapshots || strcmp(name, "/proc/sys/kernel/random/boot_id")) return name;
  snprintf(path, PATH_MAX, "%s/boot_id", snapshots);
  return path;
}

static int open_file(int b, const char* name, int flags, va_list rest) {
  char other[PATH_MAX];
  name = redirected(name, other);
  const int creates = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
  const mode_t permissions = creates ? va_arg(rest, mode_t) : 0;
  if (!creates && !(flags & O_TRUNC)) return syscall(SYS_openat, b, name, flags, permissions);
  DECIDE(at_name("open", b, name), syscall(SYS_openat, b, name, flags, permissions))
}
#define OPEN(call, parameters, base)                   \
  int call parameters {                                \
    va_list rest;                                      \
    va_start(rest, flags);                             \
    const int fd = open_file(base, name, flags, rest); \
    va_end(rest);                                      \
    return fd;                                         \
  }
OPEN(open, (const char* name, int flags, ...), AT_FDCWD)
OPEN(open64, (const char* name, int flags, ...), AT_FDCWD)
OPEN(openat, (int b, const char* name, int flags, ...), b)
OPEN(openat64, (int b, const char* name, int flags, ...), b)

FILE* fopen(const char* name, const char* how) {
  static FILE* (*next)(const char*, const char*);
  if (!next) next = (FILE * (*)(const char*, const char*)) dlsym(RTLD_NEXT, "fopen");
  char other[PATH_MAX];
  return next(redirected(name, other), how);
}
FILE* fopen64(const char*, const char*) __attribute__((alias("fopen")));

/* ---- durable content ---- */

static pthread_mutex_t snapshot_mutex = PTHREAD_MUTEX_INITIALIZER;

static void must(int done, const char* what) {
  if (done) return;
  fprintf(stderr, "shim: %s: %s\n", what, strerror(errno));
  abort();
}

/* Opens the snapshot of a file. The file stays open for good, so that its inode number is not reused. */
static int open_snapshot(const char* path, ino_t inode) {
  char name[PATH_MAX];
  snprintf(name, sizeof name, "%s/%lu", snapshots, (unsigned long)inode);
  const int fresh = syscall(SYS_faccessat, AT_FDCWD, name, F_OK) != 0;
  const int snapshot = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  must(snapshot >= 0, name);
  if (fresh) must(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0) >= 0, path);
  return snapshot;
}

static void snapshot_file(const char* path) {
  static char buffer[1 << 16];
  const int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  must(fd >= 0, path);
  struct stat status;
  must(fstat(fd, &status) == 0, path);
  const int snapshot = open_snapshot(path, status.st_ino);
  off_t offset = 0;
  for (long n; (n = pread(fd, buffer, sizeof buffer, offset)) > 0; offset += n) {
    must(syscall(SYS_pwrite64, snapshot, buffer, n, offset) == n, "snapshot");
  }
  must(syscall(SYS_ftruncate, snapshot, offset) == 0, "snapshot");
  syscall(SYS_close, snapshot);
  syscall(SYS_close, fd);
}

static void snapshot_names(int and_files) {
  char name[PATH_MAX], final[PATH_MAX], line[2 * PATH_MAX];
  snprintf(name, sizeof name, "%s/names.new", snapshots);
  snprintf(final, sizeof final, "%s/names", snapshots);
  const int names = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  DIR* listing = opendir(directory);
  must(names >= 0 && listing, directory);
  for (struct dirent* entry; (entry = readdir(listing));) {
    if (entry->d_type != DT_REG) continue;
    const int length = snprintf(line, sizeof line, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    must(syscall(SYS_write, names, line, length) == length, "names");
    snprintf(line, sizeof line, "%s/%s", directory, entry->d_name);
    if (and_files) snapshot_file(line);
  }
  closedir(listing);
  syscall(SYS_close, names);
  must(syscall(SYS_renameat2, AT_FDCWD, name, AT_FDCWD, final, 0) == 0, "names");
}

static int make_durable(int fd) {
  char path[PATH_MAX];
  struct stat status;
  if (!path_of_fd(fd, path)) return 0;
  if (!snapshots || fstat(fd, &status)) return 0;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  pthread_mutex_lock(&snapshot_mutex);
  if (S_ISDIR(status.st_mode))
    snapshot_names(0);
  else
    snapshot_file(path);
  pthread_mutex_unlock(&snapshot_mutex);
  return 0;
}
int fsync(int fd) { DECIDE(at_fd("fsync", fd), make_durable(fd)) }
int fdatasync(int fd) { DECIDE(at_fd("fdatasync", fd), make_durable(fd)) }

/* The file that is mapped at an address, and the offset of the address in it. */
static int mapped_file(const char* address, char path[PATH_MAX], off_t* offset) {
  static FILE* (*open_stream)(const char*, const char*);
  if (!open_stream) open_stream = (FILE * (*)(const char*, const char*)) dlsym(RTLD_NEXT, "fopen");
  FILE* maps = open_stream("/proc/self/maps", "re");
  must(maps != NULL, "/proc/self/maps");
  char line[PATH_MAX + 128];
  int found = 0;
  while (!found && fgets(line, sizeof line, maps)) {
    unsigned long begin, end, place;
    path[0] = 0;
    sscanf(line, "%lx-%lx %*s %lx %*s %*s %4095[^\n]", &begin, &end, &place, path);
    found = (unsigned long)address >= begin && (unsigned long)address < end;
    *offset = (off_t)(place + ((unsigned long)address - begin));
  }
  fclose(maps);
  return found && inside(path);
}

static int make_range_durable(const char* path, const void* address, size_t length, off_t offset) {
  struct stat status;
  if (!snapshots) return 0;
  must(stat(path, &status) == 0, path);
  pthread_mutex_lock(&snapshot_mutex);
  const int snapshot = open_snapshot(path, status.st_ino);
  if (offset + (off_t)length > status.st_size) length = offset < status.st_size ? status.st_size - offset : 0;
  must(syscall(SYS_pwrite64, snapshot, address, length, offset) == (long)length, "snapshot");
  syscall(SYS_close, snapshot);
  pthread_mutex_unlock(&snapshot_mutex);
  return 0;
}

int msync(void* address, size_t length, int flags) {
  char path[PATH_MAX];
  off_t offset;
  if (!(flags & MS_SYNC) || !mapped_file(address, path, &offset)) return syscall(SYS_msync, address, length, flags);
  DECIDE(point("msync", path), make_range_durable(path, address, length, offset))
}

/* ---- the start ---- */

__attribute__((constructor)) static void start(void) {
  static const char* const names[] = {"count", "kill", "torn", "once", "all", "short"};
  const char *given = getenv("H5TRACKS_FAULT_DIRECTORY"), *log_name = getenv("H5TRACKS_FAULT_LOG");
  const char *wanted = getenv("H5TRACKS_FAULT_MODE"), *k = getenv("H5TRACKS_FAULT_AT");
  const char* number = getenv("H5TRACKS_FAULT_ERRNO");
  unsetenv("LD_PRELOAD"); /* children run without the shim */
  if (!given || !log_name) return;
  must(realpath(given, directory) != NULL, given);
  for (int i = 0; wanted && i <= SHORT; i++)
    if (!strcmp(wanted, names[i])) mode = i;
  at = k ? atol(k) : 0;
  fault_errno = number ? atoi(number) : EIO;
  log_file = syscall(SYS_openat, AT_FDCWD, log_name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  must(log_file >= 0, log_name);
  snapshots = getenv("H5TRACKS_FAULT_SNAPSHOTS");
  if (snapshots) snapshot_names(1);
  directory_length = strlen(directory);
}
