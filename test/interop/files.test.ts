import { readFileSync } from 'node:fs'
import { versions } from 'h5tracks'
import { type Dataset, File } from 'h5tracks/hdf5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { interopAbsent, interopFiles, interopPath, type Line, walkWithH5py } from '../support/interop.js'
import { output } from '../support/process.js'
import { expectSameLines } from '../support/same-lines.js'
import { scratch } from '../support/scratch.js'
import { ourLines } from '../support/walk.js'

// Files that 33 other projects made or keep for their own tests. Whatever h5py reads in them is read here and is the same:
// every object, link, attribute, type and value. What h5py cannot read is compared with h5dump, byte by byte.

/** Files that HDF5 1.10 reads and 1.14 refuses, with its reason. */
const refusedBy114: Record<string, string> = {}

const refused = versions.hdf5.running.startsWith('1.10.') ? {} : refusedBy114

describe.skipIf(interopAbsent)('every file holds here what it holds in h5py', () => {
  let theirs: Map<string, Line[]>
  const report: string[] = []

  beforeAll(async () => {
    theirs = await walkWithH5py(interopFiles.map(interopPath))
  })
  afterAll(() => console.log(report.join('\n')))

  test('128 files', () => expect(interopFiles).toHaveLength(128))

  for (const name of interopFiles) {
    test(name, async () => {
      const path = interopPath(name)
      if (name in refused) {
        const { message, hdf5 } = await failure(() => ourLines(path))
        expect(message + JSON.stringify(hdf5)).toContain(refused[name])
        report.push(`${name}: refused, ${refused[name]}`)
        return
      }
      const tally = expectSameLines(await ourLines(path), theirs.get(path)!)
      for (const { path: dataset, attribute } of tally.bytesOnly) {
        if (attribute === undefined) await sameAsH5dump(path, dataset)
      }
      const { objects, attributes, values, bytesOnly, unread } = tally
      const notes = [
        ...(bytesOnly.length > 0 ? [`${bytesOnly.length} by their bytes`] : []),
        ...unread.map((line) => `${line.path} unread (${line.value?.unreadable})`),
      ]
      report.push([`${name}: ${objects} objects, ${attributes} attributes, ${values} values`, ...notes].join(', '))
    })
  }
})

/** The bytes that h5dump writes out are those that a raw read gives. */
async function sameAsH5dump(path: string, dataset: string): Promise<void> {
  const dumped = scratch('dump.bin')
  await output('h5dump', ['-d', dataset, '-b', 'FILE', '-o', dumped, path])
  using file = new File(path)
  const { data } = await (file.getSync(dataset) as Dataset).read(null, { raw: true })
  expect(Buffer.from(data as Uint8Array).equals(readFileSync(dumped)), dataset).toBe(true)
}
