/** Objects and files are closed in any order, closed twice, used after they were closed, or left to the garbage collector. */
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { File } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('an object that is used after close throws ERR_CLOSED with its path', async () => {
  const path = scratch()
  const file = new File(path, 'w')
  const dataset = file.createDatasetSync('d', { type: 'int8' }, [1])
  const group = file.createGroupSync('g')
  dataset.close()
  dataset.close()
  expect([dataset.isOpen, group.isOpen, file.isOpen]).toEqual([false, true, true])
  for (const use of [() => dataset.read(), () => dataset.readSync(), () => dataset.attributes.get('a')]) {
    const error = await failure(use)
    expect(error.code).toBe('ERR_CLOSED')
    expect(error.message).toContain('/d')
    expect(error.path).toBe(path)
  }
  // The file is still open.
  expect(file.datasetSync('d').readSync().data).toEqual(Int8Array.of(1))
  await file.close()
  await file.close()
  file.closeSync()
  expect([group.isOpen, file.isOpen]).toEqual([false, false])
  for (const use of [() => group.keys(), () => file.keys(), () => file.createGroup('x'), () => file.flush()]) {
    expect((await failure(use)).code).toBe('ERR_CLOSED')
  }
})

test('using closes files and objects in any order', async () => {
  const path = scratch()
  {
    await using file = await File.open(path, 'w')
    using group = await file.createGroup('a')
    using dataset = await group.createDataset('b', { type: 'float64' }, [1, 2])
    expect(dataset.isOpen).toBe(true)
  }
  {
    using file = new File(path, 'r+')
    using dataset = file.datasetSync('a/b')
    file.closeSync()
    expect(dataset.isOpen).toBe(false)
  }
})

test('any order of closing and garbage collection leaves a whole file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { minLength: 6, maxLength: 12 }), async (order) => {
      const path = scratch()
      let held: ({ close(): unknown } | undefined)[] = []
      {
        const file = new File(path, 'w')
        const group = file.createGroupSync('g')
        const one = group.createDatasetSync('one', { type: 'int32', chunks: [2], shape: [4], filters: ['deflate'] })
        one.writeSync([1, 2, 3, 4])
        held = [file, group, one, group.datasetSync('one'), file.createTypeSync('t', 'int8'), one]
      }
      for (const index of order) {
        if (index % 2 === 0) await held[index]?.close()
        held[index] = undefined
        collect()
      }
      held = []
      collect()
      await setImmediate()
      // The garbage collector closes a file that the program did not close.
      await expect
        .poll(() => {
          collect()
          try {
            using file = new File(path)
            return Array.from(file.datasetSync('g/one', 'int32').readSync().data)
          } catch (error) {
            return (error as { code?: string }).code
          }
        })
        .toEqual([1, 2, 3, 4])
    }),
    { numRuns: 15 },
  )
})

test('a dataset keeps its file open after the File object was collected', async () => {
  const path = scratch()
  await h5py(path, 'w', 'f["d"] = np.arange(3, dtype="i4")')
  const open = () => new File(path).datasetSync('d', 'int32')
  const dataset = open()
  for (let i = 0; i < 3; i++) {
    collect()
    await setImmediate()
  }
  expect((await dataset.read()).data).toEqual(Int32Array.of(0, 1, 2))
  dataset.file.closeSync()
})

test('a file creates ten thousand groups although the program closes none of them', () => {
  using file = File.inMemory()
  for (let i = 0; i < 10_000; i++) file.createGroupSync(`g${i}`)
  expect(file.sizeSync()).toBe(10_000)
})

test('reads that are pending while the file closes end in values or in ERR_CLOSED', async () => {
  using file = File.inMemory()
  const dataset = file.createDatasetSync('d', {
    type: 'float64',
    shape: [1000, 100],
    chunks: [10, 100],
    filters: ['deflate'],
  })
  const reads = Array.from({ length: 20 }, () => dataset.read())
  file.closeSync()
  for (const outcome of await Promise.allSettled(reads)) {
    if (outcome.status === 'fulfilled') expect(outcome.value.data).toHaveLength(100_000)
    else expect(outcome.reason).toMatchObject({ code: 'ERR_CLOSED' })
  }
})
