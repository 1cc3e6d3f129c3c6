import { type Data, type DatasetSpec, File, type Filter, type Selection, toType } from 'h5tracks/hdf5'
import { beforeAll, describe, expect, test } from 'vitest'
import { h5wasmItself, type Library } from '../../support/hdf5/both.js'
import { canonical, sha256 } from '../../support/hdf5/canonical.js'
import { h5dumpTypes } from '../../support/hdf5/h5dump-text.js'
import { type Line, walkWithH5py } from '../../support/hdf5/interop.js'
import { expectSameAnswers } from '../../support/hdf5/questions.js'
import { type TypeCase, typeCases } from '../../support/hdf5/type-cases.js'
import { scratch } from '../../support/scratch.js'

// Every type in every layout and with every filter that it can have, written whole and in parts by every kind of selection.
// This library, h5py, h5wasm and h5dump read it.

let theirs: Library
beforeAll(async () => {
  theirs = await h5wasmItself()
})

const SHAPE = [6, 5]
const ALL = Array.from({ length: 30 }, (_, i) => i)

const chunked = (filters: Filter[]) => ({ chunks: [4, 2], filters })
const layouts: Record<string, Pick<DatasetSpec, 'layout' | 'chunks' | 'filters' | 'maxShape'>> = {
  compact: { layout: 'compact' },
  contiguous: { layout: 'contiguous' },
  chunked: chunked([]),
  growing: { ...chunked([]), maxShape: [null, 5] },
  deflate: chunked([{ deflate: 4 }]),
  'shuffle, deflate': chunked(['shuffle', { deflate: 1 }]),
  fletcher32: chunked(['fletcher32']),
  nbit: chunked(['nbit']),
  scaleOffset: chunked([{ scaleOffset: 0 }]),
}

/** Ways to cover all 30 elements: selections, each with the indices of its elements in order. */
const shuffled = ALL.map((i) => (i * 7 + 3) % 30)
const rows = (...of: number[]) => of.flatMap((row) => [0, 1, 2, 3, 4].map((column) => row * 5 + column))
const column = (at: number) => [0, 1, 2, 3, 4, 5].map((row) => row * 5 + at)
const pointOf = (i: number) => [Math.floor(i / 5), i % 5]
const selections: Record<string, readonly (readonly [Selection | undefined, readonly number[]])[]> = {
  whole: [[undefined, ALL]],
  'every second row': [
    [[{ step: 2 }], rows(0, 2, 4)],
    [[{ start: 1, step: 2 }, null], rows(1, 3, 5)],
  ],
  'column by column': [0, 1, 2, 3, 4].map((at) => [[null, at], column(at)] as const),
  'lists of rows': [
    [[[5, 0, 3]], rows(5, 0, 3)],
    [[[1, 2, 4]], rows(1, 2, 4)],
  ],
  points: [
    [{ points: shuffled.slice(0, 11).map(pointOf) }, shuffled.slice(0, 11)],
    [{ points: shuffled.slice(11).map(pointOf) }, shuffled.slice(11)],
  ],
  masks: [
    [{ mask: ALL.map((i) => i % 3 === 0) }, ALL.filter((i) => i % 3 === 0)],
    [{ mask: ALL.map((i) => i % 3 !== 0) }, ALL.filter((i) => i % 3 !== 0)],
  ],
}

function canHave({ filters = [], heap }: TypeCase, layout: string): boolean {
  if (layout === 'nbit' || layout === 'scaleOffset') return filters.includes(layout)
  // HDF5 has no checksums for values that lie in heaps.
  return layout !== 'fletcher32' || !heap
}

const hash = (data: Data, type: ReturnType<typeof toType>) => sha256(canonical(data, type, () => ''))

for (const typeCase of typeCases) {
  describe(`values of type ${typeCase.name}`, () => {
    const path = scratch('round-trip.h5')
    const type = toType(typeCase.type)
    const made: string[] = []

    test(`values of type ${typeCase.name} are written in every layout and selection, and are read back`, async () => {
      using file = new File(path, 'w')
      for (const [layout, how] of Object.entries(layouts)) {
        if (!canHave(typeCase, layout)) continue
        for (const [name, parts] of Object.entries(selections)) {
          const target = `${layout}/${name}`
          const dataset = await file.createDataset(target, { type: typeCase.type, shape: SHAPE, ...how })
          for (const [selection, indices] of parts) await dataset.write(typeCase.data(indices), selection)
          made.push(`/${target}`)
          for (const [selection, indices] of Object.values(selections).flat()) {
            const read = await dataset.read(selection)
            expect(hash(read.data, type), `${target} ${JSON.stringify(selection)}`).toBe(
              hash(typeCase.data(indices), type),
            )
          }
          await dataset.attributes.set('scalar', typeCase.data([7]), { type: typeCase.type, shape: [] })
          await dataset.attributes.set('list', typeCase.data([1, 2, 3]), { type: typeCase.type, shape: [3] })
        }
      }
      expect(made.length).toBeGreaterThan(30)
    })

    test(`h5dump shows the type ${typeCase.name} as expected`, async () => {
      expect([...(await h5dumpTypes(path))].sort()).toEqual(made.map((name) => [name, typeCase.dump]).sort())
    })

    test(`h5py reads the same values of type ${typeCase.name}`, async () => {
      const lines: Line[] = [...(await walkWithH5py([path])).values()].flat()
      const found = lines
        .filter(({ value }) => value)
        .map((line) => [line.path, line.attribute ?? null, line.value] as const)
      expect(found).toHaveLength(made.length * 3)
      for (const [name, attribute, value] of found) {
        const indices = attribute === null ? ALL : attribute === 'scalar' ? [7] : [1, 2, 3]
        const where = `${name} ${attribute} ${JSON.stringify(value)}`
        if (value!.unreadable === undefined) expect(value!.sha256, where).toBe(hash(typeCase.data(indices), type))
        else expect(value!.raw, where).toBe(sha256(stored(typeCase, indices, value!.unreadable)))
      }
    })

    test(`h5wasm reads the same values of type ${typeCase.name}`, () => {
      expect(expectSameAnswers(path, theirs).same).toBeGreaterThan(100)
    })
  })
}

/** The stored bytes of values that h5py cannot read, made by hand. */
function stored({ name, data }: TypeCase, indices: readonly number[], why: string): Uint8Array {
  const values = data(indices)
  if (name === '3 bytes') {
    return Uint8Array.from([...(values as Int32Array)].flatMap((n) => [n & 255, (n >> 8) & 255, (n >> 16) & 255]))
  }
  if (name === 'bits') return Uint8Array.from([...(values as Uint16Array)].flatMap((n) => [n >> 8, n & 255]))
  if (name === 'opaque') return values as Uint8Array
  throw new Error(`h5py does not read ${name}: ${why}`)
}
