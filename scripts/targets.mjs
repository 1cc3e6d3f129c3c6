// The platforms that have a prebuilt addon, each in a package of its own, @h5tracks/<target> (lib/native/platform.ts finds it).
// `toolchain` is the file in cmake/toolchains that builds it on another machine, `strip` the program of binutils for it.

/** @type {Record<string, { os: string, cpu: string, libc?: string, toolchain?: string, strip?: string }>} */
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

/**
 * package.json of the package with the addon for a target. npm installs it only where its os, cpu and libc fit.
 *
 * @param {string} name of the target
 * @param {Record<string, unknown> & { version: string, homepage: string }} main package.json of h5tracks
 */
export function manifestOf(name, { version, homepage, repository, author, license, engines }) {
  const target = targets[name]
  if (target === undefined) throw new Error(`no target ${name}; there are ${Object.keys(targets).join(', ')}`)
  const { os, cpu, libc } = target
  return {
    name: `@h5tracks/${name}`,
    version,
    description: `The addon of h5tracks for ${name}`,
    ...{ homepage, repository, author, license, engines },
    files: ['prebuilds', 'THIRD-PARTY-NOTICES'],
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    // Yarn keeps packages zipped, and an addon cannot be loaded from there.
    preferUnplugged: true,
    publishConfig: { access: 'public' },
  }
}
