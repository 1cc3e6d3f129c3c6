// The platforms that have a prebuilt addon, each in a package of its own, @h5tracks/<target> (lib/native/platform.ts finds it).
// `toolchain` is the file in cmake/toolchains that builds it on another machine, `strip` the program of binutils for it.
export const targets = {
  'linux-x64-glibc': { os: 'linux', cpu: 'x64', libc: 'glibc', toolchain: 'linux-x64-glibc2.28', strip: 'strip' },
  'linux-x64-musl': { os: 'linux', cpu: 'x64', libc: 'musl', toolchain: 'linux-x64-musl', strip: 'strip' },
  'linux-arm64-glibc': {
    os: 'linux',
    cpu: 'arm64',
    libc: 'glibc',
    toolchain: 'linux-arm64-glibc2.28',
    strip: 'aarch64-linux-gnu-strip',
  },
  'linux-arm64-musl': {
    os: 'linux',
    cpu: 'arm64',
    libc: 'musl',
    toolchain: 'linux-arm64-musl',
    strip: 'aarch64-linux-gnu-strip',
  },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64' },
  'darwin-x64': { os: 'darwin', cpu: 'x64' },
  'win32-x64': { os: 'win32', cpu: 'x64', toolchain: 'windows-x64', strip: 'x86_64-w64-mingw32-strip' },
}

/** The target of the process that runs this. */
export function ownTarget() {
  const { platform, arch } = process
  if (platform !== 'linux') return `${platform}-${arch}`
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
  return `linux-${arch}-${header.glibcVersionRuntime ? 'glibc' : 'musl'}`
}
