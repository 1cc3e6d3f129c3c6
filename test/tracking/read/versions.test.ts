import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { versions } from 'h5tracks'
import { expect, test } from 'vitest'
import { ROOT } from '../../support/process.js'

// `versions` gives what a bug report needs: the versions of this package, of the HDF5 it was built with and of the HDF5 that
// runs, and their capabilities.

test('versions gives the package, the HDF5, its linkage and filters, and the codec', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  expect(versions.h5tracks).toBe(version)
  expect(versions.hdf5.built).toMatch(/^[12]\.\d+\.\d+$/)
  expect(versions.hdf5.running).toMatch(/^[12]\.\d+\.\d+$/)
  expect(['static', 'shared']).toContain(versions.hdf5.linked)
  expect(versions.hdf5.filters).toEqual(
    expect.arrayContaining(['deflate', 'shuffle', 'fletcher32', 'scaleoffset', 'nbit']),
  )
  expect(versions.codec).toMatch(/\d+\.\d+/)
})

test('a statically linked HDF5 runs in the version it was built with', () => {
  if (versions.hdf5.linked === 'static') expect(versions.hdf5.running).toBe(versions.hdf5.built)
  const [, minor = 0, release = 0] = versions.hdf5.running.split('.').map(Number)
  // Oldest supported system library: 1.10.7.
  expect(minor * 100 + release).toBeGreaterThanOrEqual(versions.hdf5.running.startsWith('1.') ? 1007 : 0)
})

test('versions is frozen', () => {
  expect(Object.isFrozen(versions)).toBe(true)
  expect(Object.isFrozen(versions.hdf5)).toBe(true)
})
