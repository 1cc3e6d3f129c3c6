/** File images, made by `toBuffer`: whole files for us and for other programs, in every file format. */
import { writeFileSync } from 'node:fs'
import { versions } from 'h5tracks'
import { File, type LibraryVersion } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { output } from '../../support/process.js'
import { askH5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const known = Number(versions.hdf5.running.split('.')[1])
const lows = (['earliest', 'v108', 'v110', 'v112', 'v114', 'latest'] satisfies LibraryVersion[]).filter(
  (name) => !name.startsWith('v') || Number(name.slice(2)) <= known,
)

async function checked(bytes: Buffer, expected: number[]): Promise<void> {
  using again = await File.fromBuffer(bytes)
  expect(Array.from((await (await again.dataset('d')).read()).data as Int32Array)).toEqual(expected)
  const path = scratch()
  writeFileSync(path, bytes)
  await output('h5dump', ['-H', path])
  expect(await askH5py(path, 'f["d"][:].tolist()')).toEqual(expected)
  using onDisk = new File(path)
  expect(Array.from((await onDisk.dataset('d')).readSync().data as Int32Array)).toEqual(expected)
}

describe.each(lows)('images of files with the low bound %s', (low) => {
  const make = () => {
    const file = File.inMemory({ libver: [low, 'latest'] })
    file.createDatasetSync('d', { type: 'int32', maxShape: [null], shape: [3] }, [1, 2, 3])
    return file
  }

  test(`an image of a file with the low bound ${low} can be opened`, async () => {
    using file = make()
    await checked(await file.toBuffer(), [1, 2, 3])
    // The file can still be changed, and gives another image.
    await (await file.dataset('d')).append([4])
    await checked(file.toBufferSync(), [1, 2, 3, 4])
  })

  test(`an image of a file with the low bound ${low} can be changed, and gives an image again`, async () => {
    const first = make()
    const bytes = first.toBufferSync()
    first.closeSync()
    using file = await File.fromBuffer(bytes, 'r+')
    await (await file.dataset('d')).write([9], [0])
    const changed = await file.toBuffer()
    await checked(changed, [9, 2, 3])
    using read = await File.fromBuffer(changed)
    await checked(await read.toBuffer(), [9, 2, 3])
  })

  test(`a file on disk with the low bound ${low} gives an image, also after a change`, async () => {
    const path = scratch()
    using file = new File(path, 'w', { libver: [low, 'latest'] })
    file.createDatasetSync('d', { type: 'int32', shape: [2] }, [5, 6])
    await checked(await file.toBuffer(), [5, 6])
    file.closeSync()
    using again = new File(path, 'r+')
    await (await again.dataset('d')).write([7], [1])
    await checked(await again.toBuffer(), [5, 7])
  })
})

test('an image of a file with a user block can be opened', async () => {
  using file = new File(scratch(), 'w', { libver: ['v110', 'latest'], userblock: 512 })
  file.createDatasetSync('d', { type: 'int32', shape: [2] }, [5, 6])
  const bytes = await file.toBuffer()
  using again = await File.fromBuffer(bytes)
  expect(again.datasetSync('d').readSync().data).toEqual(Int32Array.of(5, 6))
})
