import { readFileSync } from 'node:fs'
import { type Dataset, File } from 'h5tracks/hdf5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import {
  interopAbsent,
  interopFiles,
  interopPath,
  type Line,
  readsOthers,
  refused,
  walkWithH5py,
} from '../support/hdf5/interop.js'
import { expectSameLines } from '../support/hdf5/same-lines.js'
import { ourLines } from '../support/hdf5/walk.js'
import { output } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// Files that 33 other projects made or keep for their own tests. Everything that h5py reads in them is the same here: every
// object, link, attribute, type and value. What h5py cannot read is compared with h5dump, byte by byte.

/** Checks that what must be refused is, and returns all other lines. */
function withoutRefused(name: string, ours: Line[], theirs: Line[]): [Line[], Line[]] {
  const reasons = refused[name] ?? {}
  for (const [path, reason] of Object.entries(reasons)) {
    expect(theirs.find((line) => line.path === path)?.value).toHaveProperty('sha256')
    expect(ours.find((line) => line.path === path)?.value?.unreadable).toContain(reason)
  }
  const others = ({ path, attribute }: Line) => attribute !== undefined || !(path in reasons)
  return [ours.filter(others), theirs.filter(others)]
}

describe.skipIf(interopAbsent)('files of other projects', () => {
  let theirs: Map<string, Line[]>
  const report: string[] = []

  beforeAll(async () => {
    theirs = await walkWithH5py(interopFiles.map(interopPath))
  })
  afterAll(() => console.log(report.join('\n')))

  test('the collection has 128 files of other projects', () => expect(interopFiles).toHaveLength(128))

  test.for(interopFiles.filter(readsOthers))(
    '%s takes values from other files, and is refused without external: true',
    async (name) => {
      expect(await failure(() => ourLines(interopPath(name)))).toMatchObject({ code: 'ERR_FORMAT' })
    },
  )

  for (const name of interopFiles) {
    test(`${name} is read as h5py reads it`, async () => {
      const path = interopPath(name)
      const tally = expectSameLines(
        ...withoutRefused(name, await ourLines(path, { external: readsOthers(name) }), theirs.get(path)!),
      )
      for (const line of tally.bytesOnly) await sameBytesInH5dump(path, line)
      for (const line of tally.printed) await samePrintedByH5dump(path, line)
      const { objects, attributes, values, bytesOnly, printed, unread } = tally
      const notes = [
        ...(bytesOnly.length > 0 ? [`${bytesOnly.length} by their bytes`] : []),
        ...(printed.length > 0 ? [`${printed.length} as printed`] : []),
        ...Object.entries(refused[name] ?? {}).map((why) => `refused: ${why.join(', ')}`),
        ...unread.map((line) => `${line.path} unread (${line.value?.unreadable})`),
      ]
      report.push([`${name}: ${objects} objects, ${attributes} attributes, ${values} values`, ...notes].join(', '))
    })
  }
})

/** Compares a raw read with the bytes that h5dump writes. It truncates strings and writes no attributes, so these are skipped. */
async function sameBytesInH5dump(path: string, { path: name, attribute, type }: Line): Promise<void> {
  if (attribute !== undefined || JSON.stringify(type).includes('"string"')) return
  const dumped = scratch('dump.bin')
  await output('h5dump', ['-d', name, '-b', 'FILE', '-o', dumped, path])
  using file = new File(path)
  const { data } = await file.datasetSync(name).read(null, { raw: true })
  expect(Buffer.from(data as Uint8Array).equals(readFileSync(dumped)), name).toBe(true)
}

/** Compares sequences of numbers with what h5dump prints. */
async function samePrintedByH5dump(path: string, { path: name, attribute }: Line): Promise<void> {
  const what = attribute === undefined ? ['-d', name] : ['-a', `${name === '/' ? '' : name}/${attribute}`]
  const text = await output('h5dump', [...what, '-w', '0', '-m', '%.17g', path])
  const printed = [...text.replaceAll(/^ *\(\d+(?:,\d+)*\): /gm, '').matchAll(/\(([^()]*)\)(?=,|\n *\}|$)/gm)].map(
    ([, list]) => list,
  )
  using file = new File(path)
  const object = file.getSync(name)
  const { data } = attribute === undefined ? (object as Dataset).readSync() : object.attributes.readSync(attribute)
  expect((data as ArrayLike<number | bigint>[]).map((list) => Array.from(list, String).join(', '))).toEqual(printed)
}
