import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { File } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

// Our own threads decode and encode chunks, into and out of boxes (strided selections) of any shape. The results are those of
// h5py for any chunks, filters, type and box.

interface Case {
  type: '<f8' | '>f4' | '<i2' | '>i4' | '|u1'
  shape: number[]
  chunks: number[]
  filters: ('shuffle' | 'fletcher32' | { deflate: number })[]
  box: { start: number; stop: number; step: number }[]
}

const axis = fc
  .record({
    extent: fc.integer({ min: 1, max: 23 }),
    chunk: fc.nat(22),
    from: fc.nat(22),
    length: fc.nat(22),
    step: fc.nat(4),
  })
  .map(({ extent, chunk, from, length, step }) => {
    const start = from % extent
    return {
      extent,
      chunk: 1 + (chunk % extent),
      range: { start, stop: start + 1 + (length % (extent - start)), step: 1 + step },
    }
  })

const cases: fc.Arbitrary<Case> = fc
  .record({
    type: fc.constantFrom('<f8', '>f4', '<i2', '>i4', '|u1'),
    axes: fc.array(axis, { minLength: 1, maxLength: 4 }),
    filters: fc.shuffledSubarray<Case['filters'][number]>(['shuffle', 'fletcher32', { deflate: 4 }]),
    level: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ type, axes, filters, level }) => ({
    type: type as Case['type'],
    shape: axes.map(({ extent }) => extent),
    chunks: axes.map(({ chunk }) => chunk),
    filters: filters.map((filter) => (typeof filter === 'object' ? { deflate: level } : filter)),
    box: axes.map(({ range }) => range),
  }))

const SAMPLE = fc.sample(cases, { numRuns: 60, seed: 7 })
const slices = ({ box }: Case) => box.map(({ start, stop, step }) => `${start}:${stop}:${step}`).join(',')
const asText = (of: Case) => JSON.stringify(of)

test('a random box of a chunked dataset that h5py wrote is read as h5py reads it', async () => {
  const path = scratch('read.h5')
  writeFileSync(`${path}.json`, JSON.stringify(SAMPLE.map((one) => ({ ...one, slices: slices(one) }))))
  const expected = JSON.parse(
    await h5py(
      path,
      'w',
      `answers = []
for i, c in enumerate(json.load(open(sys.argv[1] + ".json"))):
  values = (np.arange(np.prod(c["shape"])) * 7 % 120).reshape(c["shape"]).astype(c["type"])
  level = next((x["deflate"] for x in c["filters"] if isinstance(x, dict)), None)
  d = f.create_dataset(str(i), data=values, chunks=tuple(c["chunks"]), shuffle="shuffle" in c["filters"],
    fletcher32="fletcher32" in c["filters"], compression=level)
  answers.append(eval("d[" + c["slices"] + "]").ravel().tolist())
print(json.dumps(answers))`,
    ),
  ) as number[][]
  using file = new File(path)
  for (const [i, one] of SAMPLE.entries()) {
    const dataset = file.datasetSync(String(i))
    expect(Array.from(dataset.readSync(one.box).data as Float64Array), asText(one)).toEqual(expected[i])
    // Once more: from the cache, and in a background thread.
    expect(Array.from((await dataset.read(one.box)).data as Float64Array), asText(one)).toEqual(expected[i])
  }
})

test('a random box that we wrote into a chunked dataset is read by h5py', async () => {
  const path = scratch('written.h5')
  {
    using file = new File(path, 'w')
    for (const [i, { type, shape, chunks, filters, box }] of SAMPLE.entries()) {
      const dataset = await file.createDataset(String(i), { type, shape, chunks, filters, fill: 3 })
      const counts = box.map(({ start, stop, step }) => Math.ceil((stop - start) / step))
      const values = Array.from({ length: counts.reduce((a, b) => a * b, 1) }, (_, n) => (n * 11) % 120)
      if (i % 2) dataset.writeSync(values, box)
      else await dataset.write(values, box)
    }
  }
  writeFileSync(`${path}.json`, JSON.stringify(SAMPLE.map((one) => ({ ...one, slices: slices(one) }))))
  const wrong = await h5py(
    path,
    'r',
    `wrong = []
for i, c in enumerate(json.load(open(sys.argv[1] + ".json"))):
  expected = np.full(c["shape"], 3, c["type"])
  part = eval("expected[" + c["slices"] + "]")
  exec("expected[" + c["slices"] + "] = (np.arange(part.size) * 11 % 120).reshape(part.shape)")
  d = f[str(i)]
  if d.dtype.str != c["type"] or not np.array_equal(d[()], expected): wrong.append(c)
print(json.dumps(wrong))`,
  )
  expect(JSON.parse(wrong)).toEqual([])
})

test('a read that is requested after a write sees the new values, also when the chunk was cached before', async () => {
  using file = new File(scratch('order.h5'), 'w')
  const spec = { type: 'int32', shape: [300, 40], chunks: [70, 16], filters: [{ deflate: 4 }, 'fletcher32'] } as const
  const dataset = await file.createDataset('x', spec)
  const into = new Int32Array(40)
  for (let round = 1; round <= 20; round++) {
    const written = dataset.write(new Int32Array(300 * 40).fill(round))
    const read = dataset.read([{ start: 69, stop: 71 }])
    if (round % 2) await written
    const now = dataset.readSync([69, null], { into }).data as Int32Array
    if (round % 2) expect(new Set(now)).toEqual(new Set([round]))
    expect(new Set((await read).data as Int32Array)).toEqual(new Set([round]))
    dataset.writeSync(new Int32Array(40).fill(-round), [69])
    expect(new Set(dataset.readSync([69, null], { into }).data as Int32Array)).toEqual(new Set([-round]))
  }
})

test('rows that a resize cut off come back as fill values, also for readers that had cached them', async () => {
  const path = scratch('resized.h5')
  using file = new File(path, 'w')
  const dataset = await file.createDataset('x', {
    type: 'float64',
    shape: [10, 4],
    maxShape: [null, 4],
    chunks: [8, 3],
    filters: ['shuffle', { deflate: 4 }],
    fill: -1,
  })
  await dataset.write(Float64Array.from({ length: 40 }, (_, i) => i))
  using reader = new File(path)
  const other = reader.datasetSync('x')
  const row = (of: typeof other) => Array.from(of.readSync([6, null]).data as Float64Array)
  expect(row(other)).toEqual([24, 25, 26, 27])
  expect(row(other)).toEqual([24, 25, 26, 27])
  await dataset.resize([5, 4])
  expect(() => row(other)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
  await dataset.resize([9, 4])
  expect(row(other)).toEqual([-1, -1, -1, -1])
  await dataset.write(Float64Array.of(1, 2, 3, 4), [6])
  expect(row(other)).toEqual([1, 2, 3, 4])
})

test('rows that are appended one by one to a compressed dataset are read by h5py', async () => {
  const path = scratch('appended.h5')
  {
    using file = new File(path, 'w')
    const spec = {
      type: 'float32',
      shape: [0, 3],
      maxShape: [null, 3],
      chunks: [64, 3],
      filters: [{ deflate: 4 }],
    } as const
    const dataset = file.createDatasetSync('x', spec)
    for (let row = 0; row < 500; row++) dataset.appendSync(Float32Array.of(row, row + 0.5, -row))
  }
  const expected = 'np.array([[i, i + 0.5, -i] for i in range(500)], "f4")'
  expect(JSON.parse(await h5py(path, 'r', `print(json.dumps(bool(np.array_equal(f["x"][()], ${expected}))))`))).toBe(
    true,
  )
})
