import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packed, prebuilt } from './packed.js'
import { succeed } from './support.js'

// The prebuilt addon as a shared object: its symbols, its dependencies and the paths in it.

/** docs/building.md promises this version; Debian 12, Ubuntu 22.04 and RHEL 9 have it or a newer one. */
const OLDEST_GLIBC = '2.34'

const symbols = async () => (await succeed('objdump', ['-T', prebuilt()])).stdout.split('\n')
const newer = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true }) > 0

test('the prebuilt addon exports only the two functions that Node calls', async () => {
  const defined = (await symbols()).filter(
    (line) => /^[0-9a-f]{16} g|^[0-9a-f]{16} {1,2}w/.test(line) && !line.includes('*UND*'),
  )
  const names = defined.map((line) => line.trim().split(/\s+/).at(-1))
  expect(names.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1'])
})

test(`the prebuilt addon needs no glibc newer than ${OLDEST_GLIBC} and no C++ library of the system`, async () => {
  const lines = await symbols()
  const versions = lines.flatMap((line) => /\(GLIBC_([0-9.]+)\)/.exec(line)?.[1] ?? [])
  expect(versions.length).toBeGreaterThan(20)
  expect(versions.filter((version) => newer(version, OLDEST_GLIBC))).toEqual([])
  expect(lines.filter((line) => /GLIBCXX|CXXABI/.test(line))).toEqual([])
})

test('the prebuilt addon contains HDF5 and the compressors, and cannot be unloaded', async () => {
  const { stdout } = await succeed('readelf', ['-d', prebuilt()])
  const needed = [...stdout.matchAll(/NEEDED.*\[(.*)\]/g)].map(([, name]) => name)
  for (const name of needed) expect(name).toMatch(/^(libc|libm|libdl|libpthread|libgcc_s|ld-linux[-\w]*)\.so/)
  expect(stdout).toMatch(/FLAGS_1.*NODELETE/)
})

test('the prebuilt addon contains no path of the machine that built it', () => {
  const text = readFileSync(prebuilt(), 'latin1')
  expect(text).toContain('H5Dwrite_chunk') // shows that the search finds text
  for (const path of [process.env.HOME ?? '/root', '/tmp/', packed().project]) {
    const index = text.indexOf(`${path}/`.replace('//', '/'))
    expect(index < 0 ? '' : text.slice(index, index + 120)).toBe('')
  }
})
