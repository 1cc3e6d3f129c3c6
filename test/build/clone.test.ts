import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildEnvironment, checkout, run, succeed, temporary } from './support.js'

// A fresh checkout with empty caches: everything comes from npm's registry and from the sources of the three libraries.

test('npm ci with an empty HOME builds the addon and its libraries without downloading headers of Node', async () => {
  const directory = await checkout()
  const home = temporary('home')
  const env = buildEnvironment(directory, { HOME: home, XDG_CACHE_HOME: undefined })
  await succeed('npm', ['ci'], { cwd: directory, env })
  const { code, all } = await run(process.execPath, ['dist/command/h5tracks.js', 'demo', 'demo.h5', '--frames', '30'], {
    cwd: directory,
    env,
  })
  expect(code, all).toBe(0)
  expect(existsSync(join(directory, 'demo.h5'))).toBe(true)
  // Only npm's cache and the libraries may be there: node-gyp and cmake-js would have left directories of their own.
  expect(readdirSync(home).filter((name) => name !== '.npm')).toEqual(['.cache'])
  expect(readdirSync(join(home, '.cache'))).toEqual(['h5tracks'])
  const built = readdirSync(join(home, '.cache/h5tracks')).map((name) => name.replace(/-[\d.]+-[0-9a-f]{12}$/, ''))
  expect(built.sort()).toEqual(['hdf5', 'libdeflate', 'sources', 'zlib'])
  rmSync(directory, { recursive: true })
  rmSync(home, { recursive: true })
})
