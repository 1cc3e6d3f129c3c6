import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readTrackingResults, TrackingWriter, versions } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { failure } from '../support/errors.js'
import { python } from '../support/interpreter.js'
import { output, ROOT, runNode } from '../support/process.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'
import { blocksOf, correctChecksums, regionsOf } from './checksums.js'

// A file may record its free space for the next writer. HDF5 reads the record when a file is opened for writing, and crashed on
// damaged ones.

const directory = dirname(scratch())
mkdirSync(join(directory, 'made'))
execFileSync(python(), [join(ROOT, 'test/python/make_sources.py'), join(directory, 'made')])
const names = ['bare-fsm', 'bare-fsm-earliest', 'bare-page', 'fsm', 'fsm-earliest', 'page', 'page-earliest']
const made = (name: string) => {
  const path = scratch(`${name}.h5`)
  copyFileSync(join(directory, 'made', `${name}.h5`), path)
  return path
}

describe.each(names)('a whole file with recorded free space (%s)', (name) => {
  test(`a whole file with recorded free space (${name}) is opened for writing, changed and stays readable`, async () => {
    const path = made(name)
    new File(path, 'r+').closeSync()
    await output('h5dump', [path])
    const file = await File.open(path, 'r+')
    await file.createDataset('mine', { type: 'int32' }, [1, 2, 3])
    await file.delete('d1').catch(() => file.delete('late'))
    await file.close()
    await output('h5dump', [path])
    expect(await askH5py(path, 'f["mine"][:].tolist()')).toEqual([1, 2, 3])
    new File(path, 'r+').closeSync()
    expect(await askH5py(path, 'f.id.get_create_plist().get_file_space_strategy()[1]')).toBeTruthy()
  })
})

/** Damages the blocks with a signature and corrects their checksums. */
function damaged(name: string, signature: string, change: (bytes: Buffer, at: number) => void) {
  return damage(made(name), signature, change)
}

function damage(path: string, signature: string, change: (bytes: Buffer, at: number) => void) {
  const bytes = readFileSync(path)
  const regions = regionsOf(bytes)
  for (const at of blocksOf(bytes, [signature])) change(bytes, at)
  correctChecksums(bytes, regions)
  writeFileSync(path, bytes)
  return path
}

const writeUint64s =
  (offset: number, ...values: bigint[]) =>
  (bytes: Buffer, at: number) => {
    for (const [i, value] of values.entries()) bytes.writeBigUInt64LE(value, at + offset + 8 * i)
  }

describe.runIf(versions.hdf5.linked === 'static')('damaged lists of free space', () => {
  test.each<[string, string, (bytes: Buffer, at: number) => void]>([
    ['more sections than there are', 'FSHD', writeUint64s(14, 200n, 200n)],
    ['a largest section that is smaller than its sections', 'FSHD', writeUint64s(46, 2n)],
    ['a size that holds no section', 'FSHD', writeUint64s(62, 5n)],
    ['a size beyond the file', 'FSHD', writeUint64s(62, 2n ** 40n)],
    ['addresses of zero bits', 'FSHD', (b, at) => b.writeUInt16LE(0, at + 44)],
    ['another kind of owner', 'FSHD', (b, at) => b.writeUInt8(0, at + 5)],
    ['sections of an unknown type', 'FSSE', (b, at) => b.fill(0xee, at + 13 + 1 + 8 + 8, at + 13 + 1 + 8 + 9)],
    ['sections beyond the file', 'FSSE', (b, at) => b.fill(0x7f, at + 13 + 1 + 8, at + 13 + 1 + 8 + 7)],
    ['sections of size 0', 'FSSE', (b, at) => b.fill(0, at + 13 + 1, at + 13 + 1 + 8)],
  ])(
    'a file whose list of free space has %s is read, refuses to be written and stays unchanged',
    async (_, signature, change) => {
      for (const name of ['bare-fsm', 'bare-page']) {
        const path = damaged(name, signature, change)
        const before = readFileSync(path)
        // In a child process, which may crash.
        const result = await runNode(
          `import { File } from 'h5tracks/hdf5'
const path = process.argv[2]
const file = new File(path); console.log(file.keysSync().length); file.closeSync()
try { new File(path, 'r+').closeSync(); console.log('opened') } catch (error) { console.log(error.code, error.message) }`,
          [path],
        )
        expect(result, name).toMatchObject({ code: 0, stderr: '' })
        expect(result.stdout, name).toMatch(/^2\nERR_FORMAT .*cannot be opened for writing.*h5repack/)
        expect(readFileSync(path).equals(before), name).toBe(true)
      }
    },
  )

  test("a file in memory with a damaged list of free space is read, and refuses 'r+'", async () => {
    const bytes = readFileSync(damaged('bare-fsm', 'FSHD', writeUint64s(46, 2n)))
    expect(await failure(() => File.fromBuffer(bytes, 'r+'))).toMatchObject({ code: 'ERR_FORMAT' })
    using file = await File.fromBuffer(bytes)
    expect(await file.keys()).toEqual(['d1', 'd3'])
  })
})

/** A tracking file with recorded free space, as h5repack or h5py may make one. */
async function trackingFileWithFreeSpace() {
  const [path, source] = [scratch(), await written(school(20), undefined, { chunkFrames: 4 })]
  await output(python(), [
    '-c',
    `import h5py, sys
with h5py.File(sys.argv[1]) as old, h5py.File(sys.argv[2], 'w', fs_strategy='fsm', fs_persist=True) as new:
    old.copy('tracking', new)
    new['gone'] = [0] * 1000
    del new['gone']`,
    source,
    path,
  ])
  return path
}

describe('TrackingWriter.resume of a file with recorded free space', () => {
  test('TrackingWriter.resume continues a file with recorded free space', async () => {
    const path = await trackingFileWithFreeSpace()
    const writer = await TrackingWriter.resume(path)
    writer.writeFrame(1000, [])
    await writer.close()
    expect((await readTrackingResults(path)).frameIndex.data).toHaveLength(21)
    await output('h5dump', ['-d', '/tracking/frame_index', path])
  })

  test.runIf(versions.hdf5.linked === 'static')(
    'TrackingWriter.resume refuses a file with a damaged list of free space, and leaves it unchanged',
    async () => {
      const path = damage(await trackingFileWithFreeSpace(), 'FSHD', writeUint64s(14, 200n, 200n))
      const before = readFileSync(path)
      const result = await runNode(
        `import { readTrackingResults, TrackingWriter } from 'h5tracks'
const path = process.argv[2]
console.log((await readTrackingResults(path)).frameIndex.data.length)
await TrackingWriter.resume(path).catch(({ code }) => console.log(code))`,
        [path],
      )
      expect(result).toMatchObject({ code: 0, stdout: '20\nERR_FORMAT\n' })
      expectBytes(path, before)
    },
  )
})
