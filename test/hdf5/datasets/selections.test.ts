/** Selections of datasets, checked against a plain model in JavaScript: reading, writing, refusals. */
import * as fc from 'fast-check'
import { type AxisSelection, File, type Selection } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'

/** The indices that a selection takes of an axis. */
function indices(selection: AxisSelection, extent: number): number[] {
  const all = Array.from({ length: extent }, (_, i) => i)
  if (selection === null) return all
  if (typeof selection === 'number') return [selection < 0 ? selection + extent : selection]
  if (Array.isArray(selection)) return selection.map((index: number) => (index < 0 ? index + extent : index))
  if ('mask' in selection) return all.filter((i) => selection.mask[i])
  const { start, stop, step = 1 } = selection as { start?: number; stop?: number; step?: number }
  return all.slice(start, stop).filter((_, i) => i % step === 0)
}

/** Flat positions, in row-major order, of a selection of every axis. */
function positions(selection: readonly AxisSelection[], shape: readonly number[]): number[] {
  let found = [0]
  for (const [axis, extent] of shape.entries()) {
    const here = indices(selection[axis] ?? null, extent)
    found = found.flatMap((before) => here.map((index) => before * extent + index))
  }
  return found
}

const axis = (extent: number): fc.Arbitrary<AxisSelection> => {
  const any = fc.integer({ min: -extent - 2, max: extent + 2 })
  const within = fc.integer({ min: -extent, max: extent - 1 })
  const range = fc.record({ start: any, stop: any, step: fc.integer({ min: 1, max: 4 }) }, { requiredKeys: [] })
  const list = fc.array(within, { maxLength: 6 })
  const mask = fc.array(fc.boolean(), { minLength: extent, maxLength: extent }).map((bits) => ({ mask: bits }))
  return fc.oneof(fc.constant(null), range, ...(extent > 0 ? [within, list, mask] : []))
}

const shapes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 })
const selected = shapes.chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    selection: fc.tuple(...shape.map(axis)).chain((all) => fc.nat(shape.length).map((n) => all.slice(0, n || 1))),
    layout: fc.constantFrom('contiguous', 'chunked', 'deflated') as fc.Arbitrary<'contiguous' | 'chunked' | 'deflated'>,
  }),
)

function make(file: File, name: string, shape: number[], layout: 'contiguous' | 'chunked' | 'deflated') {
  const chunks = layout === 'contiguous' ? {} : { chunks: shape.map((extent) => Math.ceil(extent / 2)) }
  const filters = layout === 'deflated' ? { filters: ['shuffle' as const, { deflate: 1 }] } : {}
  const length = shape.reduce((all, n) => all * n, 1)
  const values = Float64Array.from({ length }, (_, i) => i)
  return { dataset: file.createDatasetSync(name, { type: '<f8', shape, ...chunks, ...filters }, values), values }
}

describe('selections of every axis', () => {
  test('reading a random selection gives the values of the model', () => {
    using file = File.inMemory()
    let count = 0
    fc.assert(
      fc.property(selected, ({ shape, selection, layout }) => {
        const { dataset } = make(file, `d${count++}`, shape, layout)
        const read = dataset.readSync(selection)
        expect(Array.from(read.data)).toEqual(positions(selection, shape))
        const axes = shape.map((extent, i) => [selection[i], indices(selection[i] ?? null, extent).length] as const)
        expect(read.shape).toEqual(axes.filter(([one]) => typeof one !== 'number').map(([, length]) => length))
        // A second read may use what the first one cached.
        expect(Array.from(dataset.readSync(selection).data)).toEqual(positions(selection, shape))
      }),
      { numRuns: 300 },
    )
  })

  test('writing a random selection changes only the selected values', () => {
    using file = File.inMemory()
    let count = 0
    fc.assert(
      fc.property(selected, ({ shape, selection, layout }) => {
        const { dataset, values } = make(file, `d${count++}`, shape, layout)
        const where = positions(selection, shape)
        const written = Float64Array.from(where, (_, i) => -1 - i)
        dataset.writeSync(written, selection)
        for (const [i, position] of where.entries()) values[position] = written[i]!
        expect(dataset.readSync().data).toEqual(values)
      }),
      { numRuns: 300 },
    )
  })

  test('members, strings and sequences of compounds are selected like numbers', () => {
    using file = File.inMemory()
    let count = 0
    const type = {
      class: 'compound',
      members: { n: 'int32', s: 'string', v: { class: 'vlen', base: 'int16' } },
    } as const
    fc.assert(
      fc.property(selected, ({ shape, selection }) => {
        const length = shape.reduce((all, n) => all * n, 1)
        const each = <T>(of: (i: number) => T) => Array.from({ length }, (_, i) => of(i))
        const rows = {
          n: Int32Array.from(each((i) => i)),
          s: each((i) => `ü${i}`),
          v: each((i) => Int16Array.from({ length: i % 3 }, () => i)),
        }
        const dataset = file.createDatasetSync(`d${count++}`, { type, shape }, rows)
        const { data } = dataset.readSync(selection)
        const where = positions(selection, shape)
        expect(Array.from(data.n)).toEqual(where)
        expect(data.s).toEqual(where.map((i) => `ü${i}`))
        expect(data.v).toEqual(where.map((i) => rows.v[i]))
      }),
      { numRuns: 100 },
    )
  })
})

test('selections of points and masks give values along one axis', () => {
  using file = File.inMemory()
  let count = 0
  fc.assert(
    fc.property(
      shapes.chain((shape) => {
        const point = fc.tuple(...shape.map((extent) => fc.integer({ min: -extent, max: extent - 1 })))
        const length = shape.reduce((all, n) => all * n, 1)
        const mask = fc.array(fc.boolean(), { minLength: length, maxLength: length })
        return fc.record({ shape: fc.constant(shape), points: fc.array(point, { maxLength: 9 }), mask })
      }),
      ({ shape, points, mask }) => {
        const { dataset } = make(file, `d${count++}`, shape, 'chunked')
        const flat = points.map((point) => positions(point, shape)[0])
        expect(dataset.readSync({ points })).toMatchObject({
          data: Float64Array.from(flat as number[]),
          shape: [points.length],
        })
        const where = mask.flatMap((bit, i) => (bit ? [i] : []))
        expect(Array.from(dataset.readSync({ mask }).data)).toEqual(where)
        dataset.writeSync(
          Float64Array.from(where, () => -1),
          { mask },
        )
        expect(Array.from(dataset.readSync().data)).toEqual(mask.map((bit, i) => (bit ? -1 : i)))
      },
    ),
    { numRuns: 200 },
  )
})

test('read({ into }) fills memory of the caller, also a part of an array', async () => {
  using file = File.inMemory()
  const { dataset } = make(file, 'd', [4, 3], 'deflated')
  const memory = new Float64Array(8).fill(9)
  const row = memory.subarray(2, 5)
  const read = await dataset.read([2, null], { into: row })
  expect(read.data).toBe(row)
  expect(Array.from(memory)).toEqual([9, 9, 6, 7, 8, 9, 9, 9])
  for (const wrong of [new Float64Array(4), new Float32Array(3)]) {
    expect((await failure(() => dataset.read([2, null], { into: wrong }))).code).toBe('ERR_INVALID_ARGUMENT')
  }
})

test('a scalar dataset has one value without axes, and an empty axis gives no values', () => {
  using file = File.inMemory()
  const scalar = file.createDatasetSync('s', { type: 'int32', shape: [] }, 5)
  expect(scalar.readSync()).toMatchObject({ data: Int32Array.of(5), shape: [] })
  expect(scalar.readSync([]).data).toEqual(Int32Array.of(5))
  scalar.writeSync(6)
  expect(scalar.readSync().data).toEqual(Int32Array.of(6))
  const empty = file.createDatasetSync('e', { type: 'int32', shape: [0, 3] })
  expect(empty.readSync()).toMatchObject({ data: new Int32Array(0), shape: [0, 3] })
})

test.each<[Selection, string]>([
  [[4], 'ERR_OUT_OF_RANGE'],
  [[-5], 'ERR_OUT_OF_RANGE'],
  [[[0, 4]], 'ERR_OUT_OF_RANGE'],
  [[1.5], 'ERR_INVALID_ARGUMENT'],
  [[{ step: 0 }], 'ERR_INVALID_ARGUMENT'],
  [[{ step: -1 }], 'ERR_INVALID_ARGUMENT'],
  [[{ from: 1 } as never], 'ERR_INVALID_ARGUMENT'],
  [[null, null, null], 'ERR_INVALID_ARGUMENT'],
  [[{ mask: [true] }], 'ERR_INVALID_ARGUMENT'],
  [{ mask: [true] }, 'ERR_INVALID_ARGUMENT'],
  [{ points: [[1]] }, 'ERR_INVALID_ARGUMENT'],
  [{ points: [[4, 0]] }, 'ERR_OUT_OF_RANGE'],
])('the selection %j of a dataset of (4, 3) is refused', async (selection, code) => {
  using file = File.inMemory()
  const { dataset } = make(file, 'd', [4, 3], 'chunked')
  expect((await failure(() => dataset.readSync(selection))).code).toBe(code)
  expect((await failure(() => dataset.write(1, selection))).code).toBe(code)
})

test('a selection follows the current extent after another handle changed it', () => {
  using file = File.inMemory()
  const one = file.createDatasetSync('d', { type: 'int32', shape: [2, 2], maxShape: [null, 2] }, [1, 2, 3, 4])
  const other = file.datasetSync('d')
  expect(Array.from(one.readSync([-1, null]).data as Int32Array)).toEqual([3, 4])
  other.appendSync([5, 6, 7, 8])
  expect(one.shapeSync()).toEqual([4, 2])
  expect(one.readSync([-1, null]).data).toEqual(Int32Array.of(7, 8))
  expect(one.readSync([3, 0]).data).toEqual(Int32Array.of(7))
  other.resizeSync([1, 2])
  expect(one.readSync().data).toEqual(Int32Array.of(1, 2))
  expect(() => one.readSync([1, 0])).toThrow(/outside/)
})
