import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readTrackingResults, TrackingWriter, versions } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { python } from '../support/interpreter.js'
import { output, ROOT, runNode } from '../support/process.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'
import { blocksOf, correctChecksums, regionsOf } from './checksums.js'

// What a file keeps of its free space, from one writer to the next: HDF5 reads it when a file is opened to write, and died of
// what was damaged.

const directory = dirname(scratch())
mkdirSync(join(directory, 'made'))
execFileSync(python(), [join(ROOT, 'test/python/make_sources.py'), join(directory, 'made')])
const kept = ['bare-fsm', 'bare-fsm-earliest', 'bare-page', 'fsm', 'fsm-earliest', 'page', 'page-earliest']
const made = (name: string) => {
  const path = scratch(`${name}.h5`)
  copyFileSync(join(directory, 'made', `${name}.h5`), path)
  return path
}

describe.each(kept)('a whole file with free space kept in it (%s)', (name) => {
  test('is opened to write, changed and left readable', async () => {
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

/** Damages the blocks of a kind, checksums put right. */
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

const longs =
  (offset: number, ...values: bigint[]) =>
  (bytes: Buffer, at: number) => {
    for (const [i, value] of values.entries()) bytes.writeBigUInt64LE(value, at + offset + 8 * i)
  }

describe.runIf(versions.hdf5.linked === 'static')('damaged lists of free space', () => {
  test.each<[string, string, (bytes: Buffer, at: number) => void]>([
    ['more sections than there are', 'FSHD', longs(14, 200n, 200n)],
    ['a largest section that is smaller than those there are', 'FSHD', longs(46, 2n)],
    ['a size that holds no section', 'FSHD', longs(62, 5n)],
    ['a size beyond the file', 'FSHD', longs(62, 2n ** 40n)],
    ['addresses of no bits', 'FSHD', (b, at) => b.writeUInt16LE(0, at + 44)],
    ['another kind of owner', 'FSHD', (b, at) => b.writeUInt8(0, at + 5)],
    ['sections of an unknown type', 'FSSE', (b, at) => b.fill(0xee, at + 13 + 1 + 8 + 8, at + 13 + 1 + 8 + 9)],
    ['sections beyond the file', 'FSSE', (b, at) => b.fill(0x7f, at + 13 + 1 + 8, at + 13 + 1 + 8 + 7)],
    ['sections of size 0', 'FSSE', (b, at) => b.fill(0, at + 13 + 1, at + 13 + 1 + 8)],
  ])('%s: reading goes on, writing is refused, and the file is left as it is', async (_, signature, change) => {
    for (const name of ['bare-fsm', 'bare-page']) {
      const path = damaged(name, signature, change)
      const before = readFileSync(path)
      // In a process of its own, which may die.
      const said = await runNode(
        `import { File } from 'h5tracks/hdf5'
const path = process.argv[2]
const file = new File(path); console.log(file.keysSync().length); file.closeSync()
try { new File(path, 'r+').closeSync(); console.log('opened') } catch (error) { console.log(error.code, error.message) }`,
        [path],
      )
      expect(said, name).toMatchObject({ code: 0, stderr: '' })
      expect(said.stdout, name).toMatch(/^2\nERR_FORMAT .*cannot be opened to write.*h5repack/)
      expect(readFileSync(path).equals(before), name).toBe(true)
    }
  })

  test('are refused of files in memory too', async () => {
    const bytes = readFileSync(damaged('bare-fsm', 'FSHD', longs(46, 2n)))
    expect(await failure(() => File.fromBuffer(bytes, 'r+'))).toMatchObject({ code: 'ERR_FORMAT' })
    using file = await File.fromBuffer(bytes)
    expect(await file.keys()).toEqual(['d1', 'd3'])
  })
})

/** A tracking file that keeps lists of its free space, as one that h5repack or h5py made may do. */
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

describe('TrackingWriter.resume of a file with free space kept in it', () => {
  test('goes on with a whole one', async () => {
    const path = await trackingFileWithFreeSpace()
    const writer = await TrackingWriter.resume(path)
    writer.writeFrame(1000, [])
    await writer.close()
    expect((await readTrackingResults(path)).frameIndex.data).toHaveLength(21)
    await output('h5dump', ['-d', '/tracking/frame_index', path])
  })

  test.runIf(versions.hdf5.linked === 'static')('refuses a damaged one, and leaves it as it is', async () => {
    const path = damage(await trackingFileWithFreeSpace(), 'FSHD', longs(14, 200n, 200n))
    const before = readFileSync(path)
    const said = await runNode(
      `import { readTrackingResults, TrackingWriter } from 'h5tracks'
const path = process.argv[2]
console.log((await readTrackingResults(path)).frameIndex.data.length)
await TrackingWriter.resume(path).catch(({ code }) => console.log(code))`,
      [path],
    )
    expect(said).toMatchObject({ code: 0, stdout: '20\nERR_FORMAT\n' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})
