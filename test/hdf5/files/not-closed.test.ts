/** Files whose writer died, or that a writer has open where its lock is not visible: HDF5 marks them, and they are not whole. */
import { readFileSync, writeFileSync } from 'node:fs'
import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import h5wasm from 'h5tracks/h5wasm'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../../support/bytes.js'
import { failure } from '../../support/errors.js'
import { output, run } from '../../support/process.js'
import { askH5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

/** A file with `d`, flushed by a process that then dies without closing it. */
async function unclosed(options = "libver='latest'", then = '') {
  const path = scratch()
  const script = `import h5py, os, sys
f = h5py.File(sys.argv[1], 'w', ${options})
f.create_dataset('d', data=[1, 2, 3], maxshape=(None,), chunks=(4,))
${then}
f.flush(); os._exit(0)`
  await output('/usr/bin/python3', ['-c', script, path])
  return path
}

async function h5pyOpens(path: string, swmr = false) {
  const script = `import h5py, sys; print(h5py.File(sys.argv[1], 'r', swmr=${swmr ? 'True' : 'False'})['d'][:].tolist())`
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', script, path])
  return code === 0 ? (JSON.parse(stdout) as number[]) : stderr
}

const numbers = async (path: string, options: object) => {
  using file = await File.open(path, 'r', options)
  using dataset = await file.dataset('d')
  return [...((await dataset.read()).data as BigInt64Array)].map(Number)
}

describe('a file that its writer did not close', () => {
  test.each([
    ['', "libver='latest'"],
    [' and has a user block', "libver='latest', userblock_size=1024"],
  ])('a file that was not closed%s is refused, as h5py refuses it, and stays unchanged', async (_, options) => {
    const path = await unclosed(options)
    const before = readFileSync(path)
    expect(await h5pyOpens(path)).toContain('file is already open for write')
    for (const mode of ['r', 'r+'] as const) {
      for (const open of [() => new File(path, mode), () => File.open(path, mode)]) {
        const error = await failure(open)
        expect(error).toMatchObject({ code: 'ERR_NOT_CLOSED', path })
        expect(error.message).toContain('acceptLoss: true')
        expect(error.message).not.toContain('swmr')
      }
    }
    expect(await failure(() => new File(path, 'r', { swmr: true }))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    expectBytes(path, before)
  })

  test('a file that was not closed is refused by the tracking reader, by resume and by the h5wasm drop-in', async () => {
    const path = await unclosed()
    for (const open of [
      () => new TrackingReader(path),
      () => readTrackingResults(path),
      () => readTrackingResults(path, { untrusted: true }),
      () => TrackingWriter.resume(path),
    ]) {
      expect(await failure(open)).toMatchObject({ code: 'ERR_NOT_CLOSED', path })
    }
    await h5wasm.ready
    for (const mode of ['r', 'a'] as const) {
      expect(await failure(() => new h5wasm.File(path, mode))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    }
  })

  test('acceptLoss reads a file that was not closed up to its last flush, and the file stays marked', async () => {
    const path = await unclosed()
    const before = readFileSync(path)
    expect(await numbers(path, { acceptLoss: true })).toEqual([1, 2, 3])
    expectBytes(path, before)
  })

  test("a file that was not closed is whole after it was opened 'r+' with acceptLoss and closed", async () => {
    const path = await unclosed()
    const file = await File.open(path, 'r+', { acceptLoss: true })
    await file.createGroup('g')
    await file.close()
    expect(await h5pyOpens(path)).toEqual([1, 2, 3])
    expect(await askH5py(path, 'list(f)')).toEqual(['d', 'g'])
    expect(await numbers(path, {})).toEqual([1, 2, 3])
  })

  test("mode 'w' replaces a file that was not closed", async () => {
    const path = await unclosed()
    new File(path, 'w').closeSync()
    expect(await askH5py(path, 'list(f)')).toEqual([])
  })

  test('File.fromBuffer refuses the bytes of a file that was not closed, unless acceptLoss is set', async () => {
    const bytes = readFileSync(await unclosed())
    expect(await failure(() => File.fromBuffer(bytes))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    expect(await failure(() => File.fromBufferSync(bytes, 'r+'))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    using file = await File.fromBuffer(bytes, 'r+', { acceptLoss: true })
    await file.createGroup('g')
    expect(await file.keys()).toEqual(['d', 'g'])
  })
})

describe('a file that its SWMR writer did not close', () => {
  test('a file that its SWMR writer did not close is read in SWMR mode, as by h5py, and otherwise refused with that advice', async () => {
    const path = await unclosed("libver='latest'", 'f.swmr_mode = True')
    expect(await h5pyOpens(path)).toContain('file is already open for write')
    expect(await h5pyOpens(path, true)).toEqual([1, 2, 3])
    const error = await failure(() => new File(path))
    expect(error.code).toBe('ERR_NOT_CLOSED')
    expect(error.message).toContain('swmr: true')
    expect(await numbers(path, { swmr: true })).toEqual([1, 2, 3])
    expect(await numbers(path, { acceptLoss: true })).toEqual([1, 2, 3])
    for (const swmr of [false, true]) {
      expect(await failure(() => new File(path, 'r+', { swmr }))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    }
  })

  test('acceptLoss lets a new SWMR writer continue a file that its SWMR writer did not close', async () => {
    const path = await unclosed("libver='latest'", 'f.swmr_mode = True')
    using file = new File(path, 'r+', { swmr: true, libver: ['v110', 'latest'], acceptLoss: true })
    await file.startSwmr()
    using dataset = await file.dataset('d')
    await dataset.append([4n])
    await dataset.flush()
    expect(await h5pyOpens(path, true)).toEqual([1, 2, 3, 4])
  })

  test('a file that is written in SWMR mode is read by the same process', async () => {
    const path = scratch()
    using file = new File(path, 'w', { libver: ['v110', 'latest'], swmr: true })
    await file.startSwmr()
    using same = new File(path)
    expect(same.keysSync()).toEqual([])
  })
})

test('a file in a format before HDF5 1.10 has no marks, and is opened', async () => {
  const path = await unclosed("libver='earliest'")
  expect(await numbers(path, {})).toEqual([1, 2, 3])
})

test('a file with a combination of marks that HDF5 never sets is refused', async () => {
  const path = await unclosed()
  const bytes = readFileSync(path)
  bytes[11] = 4 // SWMR, but not open for writing
  writeFileSync(path, bytes)
  expect(await failure(() => new File(path, 'r', { swmr: true }))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
})
