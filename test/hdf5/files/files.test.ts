/** Files: modes, images in memory, user blocks, format bounds, locks, SWMR. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { output } from '../../support/process.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

describe('modes of files', () => {
  test("mode 'x' creates a file and refuses an existing one, 'w' empties it, 'r' and 'r+' need it", async () => {
    const path = scratch()
    expect((await failure(() => File.open(path, 'r'))).code).toBe('ENOENT')
    expect((await failure(() => File.open(path, 'r+'))).code).toBe('ENOENT')
    const made = await File.open(path, 'x')
    made.createGroupSync('g')
    await made.close()
    expect((await failure(() => File.open(path, 'x'))).code).toBe('EEXIST')
    const more = await File.open(path, 'r+')
    expect(await more.keys()).toEqual(['g'])
    await more.close()
    const emptied = await File.open(path, 'w')
    expect(await emptied.keys()).toEqual([])
    await emptied.close()
    expect((await failure(() => new File(path, 'a' as never))).code).toBe('ERR_INVALID_ARGUMENT')
    expect((await failure(() => new File(path, 'r', { verbose: true } as never))).message).toContain('verbose')
  })

  test('a file that is opened for reading refuses every change with ERR_READ_ONLY', async () => {
    const path = scratch()
    await h5py(path, 'w', 'f["d"] = [1, 2]')
    using file = new File(path)
    const dataset = file.datasetSync('d')
    for (const change of [
      () => file.createGroup('g'),
      () => file.delete('d'),
      () => file.attributes.set('a', 1),
      () => dataset.write([3, 4]),
      () => dataset.resize([1]),
      () => file.setComment('x'),
    ]) {
      const error = await failure(change)
      expect(error.code).toBe('ERR_READ_ONLY')
      expect(error.path).toBe(path)
    }
  })

  test('bytes that are not an HDF5 file are refused with ERR_NOT_HDF5', async () => {
    const path = scratch()
    writeFileSync(path, 'not HDF5 at all')
    expect((await failure(() => File.open(path))).code).toBe('ERR_NOT_HDF5')
    expect((await failure(() => File.fromBuffer(readFileSync(path)))).code).toBe('ERR_NOT_HDF5')
    expect((await failure(() => File.fromBuffer(new Uint8Array(0)))).code).toBe('ERR_INVALID_ARGUMENT')
  })
})

describe('files in memory', () => {
  test('a file in memory gives its bytes, which h5py reads', async () => {
    const path = scratch()
    using file = File.inMemory()
    await file.createDataset('d', { type: 'int32', chunks: [2], shape: [4], filters: ['deflate'] }, [1, 2, 3, 4])
    file.attributes.setSync('a', 'b')
    const bytes = await file.toBuffer()
    expect(await file.byteSize()).toBe(bytes.length)
    writeFileSync(path, bytes)
    expect(await askH5py(path, '[f["d"][:].tolist(), f.attrs["a"]]')).toEqual([[1, 2, 3, 4], 'b'])
  })

  test("File.fromBuffer opens bytes for reading, or a copy of them for changes with 'r+'", async () => {
    const path = scratch()
    await h5py(path, 'w', 'f["d"] = np.arange(5)')
    const bytes = readFileSync(path)
    using file = await File.fromBuffer(bytes)
    expect((await (await file.dataset('d')).read()).data).toEqual(BigInt64Array.of(0n, 1n, 2n, 3n, 4n))
    expect((await failure(() => file.createGroup('g'))).code).toBe('ERR_READ_ONLY')
    using changed = await File.fromBuffer(bytes, 'r+')
    bytes.fill(0)
    await (await changed.dataset('d')).write([9n], [[0]])
    const again = await File.fromBuffer(await changed.toBuffer())
    expect((await (await again.dataset('d')).read([0])).data).toEqual(BigInt64Array.of(9n))
    await again.close()
  })

  test('a file on disk gives its bytes', async () => {
    const path = scratch()
    using file = new File(path, 'w')
    file.createDatasetSync('d', { type: 'int8' }, [1])
    expect(Buffer.compare(file.toBufferSync(), readFileSync(path))).toBe(0)
  })
})

test('a user block is left to the application', async () => {
  const path = scratch()
  const file = new File(path, 'w', { userblock: 1024 })
  file.createDatasetSync('d', { type: 'int8' }, [7])
  expect((await file.creation()).userblock).toBe(1024)
  file.closeSync()
  const bytes = readFileSync(path)
  expect(bytes.subarray(0, 1024).every((byte) => byte === 0)).toBe(true)
  bytes.write('#!/bin/sh')
  writeFileSync(path, bytes)
  using again = new File(path)
  expect(again.datasetSync('d').readSync().data).toEqual(Int8Array.of(7))
  expect((await failure(() => new File(scratch(), 'w', { userblock: 1000 }))).code).toBe('ERR_INVALID_ARGUMENT')
})

test.each([
  ['earliest', 0],
  ['v110', 3],
  ['latest', 3],
] as const)('a file with the low bound %s has superblock version %i', async (low, superblock) => {
  const path = scratch()
  const file = new File(path, 'w', { libver: [low, 'latest'] })
  file.createDatasetSync('d', { type: 'int8', chunks: [1], shape: [2] }, [1, 2])
  expect((await file.creation()).superblock).toBe(superblock)
  expect(file.creationSync().libver[1]).toBe('latest')
  file.closeSync()
  expect(await output('h5dump', ['-B', '-H', path])).toContain(`SUPERBLOCK_VERSION ${superblock}`)
})

test('the root group lists its links in creation order when the file tracks it', () => {
  using file = new File(scratch(), 'w', { trackOrder: true })
  for (const name of ['b', 'a']) file.createGroupSync(name)
  expect(file.keysSync({ order: 'creation' })).toEqual(['b', 'a'])
})

describe('locks of files', () => {
  test('the lock of a writer keeps out a second writer and readers of other processes', async () => {
    const path = scratch()
    using writer = new File(path, 'w')
    writer.createDatasetSync('d', { type: 'int8' }, [1])
    writer.flushSync()
    expect((await failure(() => new File(path, 'r+'))).code).toBe('ERR_LOCKED')
    await expect(askH5py(path, '1')).rejects.toThrow()
    // A reader of this process sees what was flushed.
    using reader = new File(path)
    expect(reader.datasetSync('d').readSync().data).toEqual(Int8Array.of(1))
  })

  test('a file that is opened with locking: false ignores locks', async () => {
    const path = scratch()
    using writer = new File(path, 'w')
    writer.flushSync()
    using other = new File(path, 'r', { locking: false })
    expect(await other.keys()).toEqual([])
  })
})

test('a SWMR reader in another process sees the flushed rows', async () => {
  const path = scratch()
  using file = new File(path, 'w', { libver: ['v110', 'latest'], swmr: true })
  const rows = file.createDatasetSync('d', { type: 'int32', shape: [0], maxShape: [null], chunks: [4] })
  await file.startSwmr()
  await rows.append([1, 2, 3])
  await rows.flush()
  const script = `import h5py, sys
with h5py.File(sys.argv[1], 'r', libver='latest', swmr=True) as f: print(f['d'][:].tolist())`
  const seen = await output('/usr/bin/python3', ['-c', script, path])
  expect(JSON.parse(seen)).toEqual([1, 2, 3])
})

test('refresh shows what a SWMR writer in another process has added', async () => {
  const path = scratch()
  await h5py(path, 'w', 'pass')
  const script = `import h5py, sys
f = h5py.File(sys.argv[1], 'w', libver='latest')
d = f.create_dataset('d', (0,), 'i4', maxshape=(None,), chunks=(4,))
f.swmr_mode = True
print('ready', flush=True)
for line in sys.stdin:
    d.resize(len(d) + 1, 0); d[-1] = int(line); d.flush(); print('done', flush=True)`
  const { spawn } = await import('node:child_process')
  const writer = spawn('/usr/bin/python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  // Whole lines: Python writes a line and its end separately, which can be two 'data' events.
  const lines = createInterface(writer.stdout)[Symbol.asyncIterator]()
  try {
    expect((await lines.next()).value).toBe('ready')
    using file = await File.open(path, 'r', { swmr: true })
    using dataset = await file.dataset('d')
    expect(await dataset.shape()).toEqual([0])
    for (const value of [5, 6]) {
      writer.stdin.write(`${value}\n`)
      expect((await lines.next()).value).toBe('done')
      await dataset.refresh()
    }
    expect((await dataset.read()).data).toEqual(Int32Array.of(5, 6))
  } finally {
    writer.stdin.end()
    await new Promise((resolve) => writer.once('close', resolve))
  }
})

test('requests to one file run in the order of their calls, and reads between two writes see the first', async () => {
  const path = scratch()
  const file = await File.open(path, 'w')
  const made = file.createDataset('d', { type: 'int32', shape: [1] })
  const written = made.then(async (dataset) => {
    const steps = [1, 2, 3].flatMap((value) => [dataset.write(value), dataset.read(), dataset.read()])
    return (await Promise.all(steps)).flatMap((result) => (result ? [result.data[0]] : []))
  })
  expect(await written).toEqual([1, 1, 2, 2, 3, 3])
  const late = [file.createGroup('g'), file.close(), file.keys()]
  const [group, closed, refused] = await Promise.allSettled(late)
  expect([group!.status, closed!.status, refused!.status]).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  expect(existsSync(path)).toBe(true)
  expect(await askH5py(path, 'list(f)')).toEqual(['d', 'g'])
})
