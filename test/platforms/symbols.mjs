// Which versions of the C library's symbols an addon needs.
import { execFileSync } from 'node:child_process'

/** @param {string} version */
const parts = (version) => version.split('.').map(Number)

/** @type {(a: string, b: string) => number} */
function compare(a, b) {
  const [x, y] = [parts(a), parts(b)]
  const at = x.findIndex((part, i) => part !== y[i])
  return at < 0 ? 0 : /** @type {number} */ (x[at]) - (y[at] ?? 0)
}

/**
 * Fails if the addon needs a symbol of a glibc newer than `newest`, or a library that is not part of glibc.
 *
 * @param {string} addon path
 * @param {string} newest e.g. '2.28'
 */
export function expectGlibc(addon, newest) {
  const symbols = execFileSync('objdump', ['-T', addon], { encoding: 'utf8' })
  const needed = [...symbols.matchAll(/\(?GLIBC_([\d.]+)\)?\s+(\w+)/g)].map(([, version = '', name]) => ({
    version,
    name,
  }))
  if (needed.length === 0) throw new Error(`${addon} names no symbol of glibc`)
  const tooNew = needed.filter(({ version }) => compare(version, newest) > 0)
  if (tooNew.length > 0)
    throw new Error(
      `the addon needs a glibc newer than ${newest}: ${tooNew.map(({ version, name }) => `${name} (${version})`).join(', ')}`,
    )
  const dynamic = execFileSync('readelf', ['-d', addon], { encoding: 'utf8' })
  const libraries = [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name = '']) => name)
  const foreign = libraries.filter((name) => !/^(lib(c|m|dl|pthread|rt)\.so\.\d|ld-linux-\S+)$/.test(name))
  if (foreign.length > 0) throw new Error(`the addon needs libraries that are not glibc's: ${foreign.join(', ')}`)
  const [highest] = needed.map(({ version }) => version).sort((a, b) => compare(b, a))
  console.log(`symbols: nothing newer than glibc ${highest}, from ${libraries.join(', ')}`)
}
