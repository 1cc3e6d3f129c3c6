// What musl's Bun needs on Debian.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { linkNames } from './namespace.mjs'

const GCC = { x86_64: '/usr/lib/gcc/x86_64-linux-gnu/12', aarch64: '/usr/lib/gcc-cross/aarch64-linux-gnu/12' }

/**
 * A directory for /usr/lib in which musl finds what Bun asks for: musl under another name, and libstdc++, linked from Debian's static one.
 *
 * @param {string} cache where the directory is made
 * @param {string} zig path of the program
 * @param {keyof typeof GCC} processor
 */
export function muslLibraries(cache, zig, processor) {
  const directory = join(cache, `musl-${processor}`)
  const loader = `/lib/ld-musl-${processor}.so.1`
  // Where Debian's musl looks.
  const place = linkNames(join(directory, `${processor}-linux-musl`), { [`libc.musl-${processor}.so.1`]: loader })
  const library = join(place, 'libstdc++.so.6')
  if (!existsSync(library)) {
    const missing = fileURLToPath(new URL('glibc-for-libstdcxx.c', import.meta.url))
    const archive = `${GCC[processor]}/libstdc++.a`
    const inputs = [missing, '-Wl,--whole-archive', archive, '-Wl,--no-whole-archive', '-lc', '-lunwind']
    const output = ['-shared', '-Wl,-soname,libstdc++.so.6', '-o', library]
    execFileSync(zig, ['cc', '-target', `${processor}-linux-musl`, ...inputs, ...output])
  }
  if (processor !== 'x86_64') {
    // Where musl looks without Debian's configuration.
    const names = [`libc.musl-${processor}.so.1`, 'libstdc++.so.6'].map((name) => [name, join(place, name)])
    const musl = join(foreignPackage(cache, 'musl', 'arm64'), 'lib', `${processor}-linux-musl/libc.so`)
    linkNames(directory, { ...Object.fromEntries(names), [`ld-musl-${processor}.so.1`]: musl })
  }
  return directory
}

/**
 * Unpacks Debian's package for another processor and returns its directory. The machine's apt stays as it is.
 *
 * @param {string} cache
 * @param {string} name
 * @param {string} architecture
 */
function foreignPackage(cache, name, architecture) {
  const directory = join(cache, `debian-${architecture}`)
  const unpacked = join(directory, name)
  if (existsSync(unpacked)) return unpacked
  for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(directory, part), { recursive: true })
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'Dir::State::lists': join(directory, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(directory, 'cache'),
  }
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  for (const call of [['update'], ['download', name]])
    execFileSync('apt-get', [...options, '-q', ...call], { cwd: directory, stdio: 'inherit' })
  const file = readdirSync(directory).find((file) => file.startsWith(`${name}_`))
  execFileSync('dpkg', ['-x', String(file), unpacked], { cwd: directory })
  return unpacked
}
