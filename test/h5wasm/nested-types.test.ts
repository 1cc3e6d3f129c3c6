import type { Attribute, Dataset } from 'h5tracks/h5wasm'
import { File } from 'h5tracks/hdf5'
import { beforeAll, expect, test } from 'vitest'
import { h5wasmItself, type Library, ours, plain } from '../support/hdf5/both.js'
import { expectSameAnswers } from '../support/hdf5/questions.js'
import { nest, RandomTypes } from '../support/hdf5/random-types.js'
import { scratch } from '../support/scratch.js'

// Types nested at random, such as arrays of compounds of sequences of strings. Every way to read a value gives the values that
// were written.

let theirs: Library
beforeAll(async () => {
  theirs = await h5wasmItself()
})

const shapes = [[], [1], [4], [0], [2, 3], [3, 1, 2]]

/** Typed arrays as lists of numbers, booleans and bigints as numbers, references as their bytes. */
function simple(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number)
  if (Array.isArray(value)) return value.map(simple)
  return typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : plain(value)
}

test.for(Array.from({ length: 8 }, (_, i) => i + 1))(
  'values of random nested types (seed %i) are read as written by value, json_value, to_array and slice',
  (seed) => {
    const path = scratch('nested.h5')
    const written = write(path, seed)
    const file = new ours.File(path, 'r')
    for (const { name, shape, rows, bytes, isArray, isReference } of written) {
      const what = `${name} ${JSON.stringify(shape)}`
      const flat = (of: readonly unknown[]) => simple(isArray ? nest(of, shape, bytes) : nest(of, [of.length], bytes))
      const whole = shape.length > 0 || isReference ? flat(rows) : simple(rows[0])
      const inLists = shape.length > 0 ? simple(nest(rows, shape, bytes)) : whole
      const dataset = file.get(name) as Dataset
      for (const holder of [dataset, dataset.attrs.a as Attribute]) {
        expect(simple(holder.value), `${what}: value`).toEqual(whole)
        expect(simple(holder.json_value), `${what}: json_value`).toEqual(whole)
        expect(simple(holder.to_array()), `${what}: to_array`).toEqual(inLists)
      }
      expect(simple(dataset.get_attribute?.('a')), `${what}: get_attribute`).toEqual(whole)
      if (shape.length === 0 || rows.length === 0) continue
      const [length, ...others] = shape as [number, ...number[]]
      const last = rows.slice(rows.length - rows.length / length)
      const expected = simple(nest(last, isArray ? [1, ...others] : [last.length], bytes))
      expect(simple(dataset.slice([[length - 1, length]])), `${what}: slice`).toEqual(expected)
      expect(simple(dataset.slice([])), `${what}: slice of all`).toEqual(whole)
    }
    file.close()
  },
)

test.for(Array.from({ length: 3 }, (_, i) => i + 100))(
  'values of random nested types (seed %i) are read as h5wasm reads them',
  (seed) => {
    const path = scratch('nested.h5')
    write(path, seed, [])
    expect(expectSameAnswers(path, theirs).same).toBeGreaterThan(400)
  },
)

function write(path: string, seed: number, targets = ['x', 'y']) {
  using file = new File(path, 'w', { libver: ['v108', 'latest'] })
  const random = new RandomTypes(
    seed,
    targets.map((name) => file.createGroupSync(name).referenceSync()),
  )
  return Array.from({ length: 40 }, (_, i) => {
    const name = `d${i}`
    const { type, values, bytes = false } = i % 2 === 0 ? random.array(3) : random.next(3)
    const shape = random.pick(shapes)
    const { data, rows } = values(shape.reduce((product, n) => product * n, 1))
    const dataset = file.createDatasetSync(name, { type, shape }, data)
    dataset.attributes.setSync('a', data, { type, shape })
    const { class: of } = dataset.type
    return { name, shape, rows, bytes, isArray: of === 'array', isReference: of === 'reference' }
  })
}
