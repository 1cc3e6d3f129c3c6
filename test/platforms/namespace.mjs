// Runs programs that need other libraries, or another processor, in a user namespace of their own, so that the machine stays as it is,
// process.execPath works, and processes that get no environment find what they need.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/** How the kernel (Linux 6.7 or newer) recognizes arm64 programs, which it then hands to qemu. */
const ARM64 = [
  String.raw`:arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`,
  String.raw`:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`,
  ':/usr/bin/qemu-aarch64-static:F',
].join('')

/**
 * The command that runs a program which finds `libraries` in /usr/lib.
 *
 * @param {string} libraries directory
 * @param {readonly string[]} command
 * @param {'arm64'} [processor] if it is not the machine's own
 */
export function withLibraries(libraries, command, processor) {
  const emulation = `mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
    printf '%s' '${ARM64}' > /proc/sys/fs/binfmt_misc/register &&`
  const script = `${processor ? emulation : ''}
    mount -t overlay overlay -o lowerdir=${libraries}:/usr/lib /usr/lib &&
    exec "$@"`
  return ['unshare', '-Urm', '--propagation', 'private', 'bash', '-c', script, 'namespace', ...command]
}

/**
 * Makes a directory of symbolic links and returns its path.
 *
 * @param {string} directory
 * @param {Record<string, string>} links what each name points to
 */
export function linkNames(directory, links) {
  mkdirSync(directory, { recursive: true })
  for (const [name, target] of Object.entries(links)) {
    if (!existsSync(join(directory, name))) symlinkSync(target, join(directory, name))
  }
  return directory
}
