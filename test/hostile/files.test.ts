import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/process.js'
import { report } from './report.js'
import { run } from './runner.js'

// Files made to break HDF5, published with its vulnerabilities: opening, listing and reading them ends with data or with an
// error of ours, whatever is in them, and takes memory that their size justifies.

const directory = join(ROOT, '../shared/data/hdf5-hostile')
const absent = existsSync(directory) ? undefined : `skipped: the hostile files are absent (${directory})`
if (absent) console.log(absent)
const files = absent ? [] : readdirSync(directory).map((name) => join(directory, name))
const bundled = versions.hdf5.linked === 'static'
const megabytes = 128

describe.skipIf(absent)('every hostile file', () => {
  test.runIf(bundled)('can be met in this process, with the HDF5 that we bring', async () => {
    const { met, failures } = await report(
      run({ kind: 'tracking', way: 'inProcess', inputs: files, seconds: 30 }),
      megabytes,
    )
    expect(failures).toEqual([])
    expect(met).toBe(files.length)
  })

  test('can be met in a process of its own, with any HDF5', async () => {
    const outcomes = run({ kind: 'tracking', way: 'untrusted', inputs: files, seconds: 60 })
    const { met, failures, codes } = await report(outcomes, megabytes)
    expect(failures).toEqual([])
    expect(met).toBe(files.length)
    // The HDF5 1.10.8 of Debian 12 dies of some: those are met as files that crash what reads them.
    if (bundled) expect(codes.get('ERR_CRASHED')).toBeUndefined()
  })
})
