import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/process.js'
import { report } from './report.js'
import { run } from './runner.js'

// Files made to break HDF5, published with its vulnerabilities: opening, listing and reading each ends in data or in an
// H5TracksError, and takes memory in proportion to its size.

const directory = join(ROOT, '../shared/data/hdf5-hostile')
const absent = existsSync(directory) ? undefined : `skipped: the hostile files are absent (${directory})`
if (absent) console.log(absent)
const files = absent ? [] : readdirSync(directory).map((name) => join(directory, name))
const bundled = versions.hdf5.linked === 'static'
const megabytes = 128

describe.skipIf(absent)('published hostile files', () => {
  test.runIf(bundled)(
    'this process reads every published hostile file to data or an error, with the bundled HDF5',
    async () => {
      const { total, failures } = await report(
        run({ kind: 'tracking', way: 'inProcess', inputs: files, seconds: 30 }),
        megabytes,
      )
      expect(failures).toEqual([])
      expect(total).toBe(files.length)
    },
  )

  test('a child process reads every published hostile file to data or an error, with any HDF5', async () => {
    const outcomes = run({ kind: 'tracking', way: 'untrusted', inputs: files, seconds: 60 })
    const { total, failures, codes } = await report(outcomes, megabytes)
    expect(failures).toEqual([])
    expect(total).toBe(files.length)
    // HDF5 1.10.8 of Debian 12 crashes on some of them: they are ERR_CRASHED.
    if (bundled) expect(codes.get('ERR_CRASHED')).toBeUndefined()
  })
})
