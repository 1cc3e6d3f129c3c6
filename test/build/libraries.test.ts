import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildEnvironment, CACHE, ROOT, run, succeed, temporary } from './support.js'

// Where CMake takes the libraries from and where it builds them, shown with libdeflate, the only library that a build against
// the system's HDF5 bundles.

let work: string
beforeEach(() => {
  work = temporary('libraries')
})
afterEach(() => rmSync(work, { recursive: true }))

const configure = (build: string, env: NodeJS.ProcessEnv) =>
  run('cmake', ['-S', ROOT, '-B', join(work, build), '-DH5TRACKS_HDF5=system'], {
    cwd: ROOT,
    env: buildEnvironment(ROOT, env),
  })

const built = (cache: string) => readdirSync(cache).filter((name) => name !== 'sources')
const tarball = join(CACHE, 'sources/libdeflate-1.23.tar')

test('the build takes libdeflate from a named tarball or directory, and builds each only once', async () => {
  mkdirSync(join(work, 'unpacked'))
  await succeed('tar', ['xf', tarball, '-C', join(work, 'unpacked')])
  const [top] = readdirSync(join(work, 'unpacked'))
  const directory = join(work, 'unpacked', top!)
  const building: boolean[] = []
  for (const source of [tarball, directory, directory]) {
    const env = { H5TRACKS_CACHE: join(work, 'cache'), H5TRACKS_LIBDEFLATE_SOURCE: source }
    const { code, all } = await configure('build', env)
    expect(code, all).toBe(0)
    building.push(all.includes('building it, once'))
  }
  expect(building).toEqual([true, true, false])
  expect(built(join(work, 'cache'))).toHaveLength(2)
})

test('two concurrent builds with an empty cache both succeed and keep one library', async () => {
  const cache = join(work, 'cache')
  const env = { H5TRACKS_CACHE: cache, H5TRACKS_LIBDEFLATE_SOURCE: tarball }
  const ended = await Promise.all([configure('one', env), configure('two', env)])
  for (const { code, all } of ended) expect(code, all).toBe(0)
  expect(built(cache)).toEqual([expect.stringMatching(/^libdeflate-named-[0-9a-f]{12}$/)])
})

test('the build caches libraries in the package when there is no HOME', async () => {
  const kept = join(ROOT, 'build-cache')
  const hidden = join(work, 'hidden')
  if (existsSync(kept)) renameSync(kept, hidden)
  const env = { HOME: undefined, XDG_CACHE_HOME: undefined, H5TRACKS_LIBDEFLATE_SOURCE: tarball }
  const { code, all } = await configure('build', env)
  expect(code, all).toBe(0)
  expect(built(kept)).toEqual([expect.stringMatching(/^libdeflate-named-/)])
  rmSync(kept, { recursive: true })
  if (existsSync(hidden)) renameSync(hidden, kept)
})

test.each([
  [{ H5TRACKS_LIBDEFLATE_SOURCE: '/no/such/source' }, '/no/such/source: no such source directory or tarball'],
  [{ H5TRACKS_LIBDEFLATE_SOURCE: join(ROOT, 'package.json') }, 'is not a source tarball with one directory in it'],
  [{ H5TRACKS_HDF5: 'static' }, "H5TRACKS_HDF5 is 'static'; it can be 'bundled' or 'system'"],
  [{ H5TRACKS_CACHE: '/proc/none' }, 'Set H5TRACKS_CACHE'],
])('the build refuses %j and says why', async (env, message) => {
  const all = { H5TRACKS_CACHE: join(work, 'cache'), ...env }
  const ended = await run('cmake', ['-S', ROOT, '-B', join(work, 'build')], {
    cwd: ROOT,
    env: buildEnvironment(ROOT, all),
  })
  expect(ended.code).not.toBe(0)
  expect(ended.all.replaceAll(/\s+/g, ' ')).toContain(message)
})
