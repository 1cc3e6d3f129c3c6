// Programs of Windows, run by Debian's wine64.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, succeed } from './build.mjs'

const WINE = '/usr/lib/wine/wine64'

/** Wine's files and settings are in a folder of their own. @param {string} cache */
export const wineEnvironment = (cache) => ({ WINEPREFIX: join(cache, 'wine'), WINEDEBUG: '-all', WINEARCH: 'win64' })

/**
 * A program whose input is empty and whose output is shown when it has ended: Node in Wine cannot use the standard streams of Linux.
 *
 * @param {string[]} command
 */
export function throughWine(command) {
  const script = `out=$(mktemp); "$@" >"$out" 2>&1 </dev/null; status=$?; cat "$out"; rm "$out"; exit $status`
  return ['bash', '-c', script, 'wine', WINE, ...command]
}

/** A path of Linux as Wine names it. @param {string} path */
export const winePath = (path) => `Z:${path.replaceAll('/', '\\')}`

/** The same as a URL, as import() takes it. @param {string} path */
export const wineUrl = (path) => `file:///Z:${path}`

/** Makes Wine a Windows 10, as Node requires it, with what the test runner needs. @param {string} cache */
export function prepareWine(cache) {
  const env = { ...process.env, ...wineEnvironment(cache) }
  const quiet = /** @type {const} */ ({ env, stdio: 'ignore' })
  const set = (/** @type {string} */ key, /** @type {string} */ name, /** @type {string} */ value) =>
    succeed(WINE, ['reg', 'add', `HKCU\\${key}`, '/v', name, '/d', value, '/f'], quiet)
  set('Software\\Wine', 'Version', 'win10')
  // Where the Python of this machine sees the files of the tests.
  for (const name of ['TEMP', 'TMP']) set('Environment', name, winePath(tmpdir()))
  const library = join(cache, 'wine/drive_c/windows/system32/bcryptprimitives.dll')
  const source = join(ROOT, 'test/platforms/bcryptprimitives.c')
  succeed('x86_64-w64-mingw32-gcc-posix', ['-shared', '-O2', '-o', library, source, '-ladvapi32'])
}
