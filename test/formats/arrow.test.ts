import { readFileSync } from 'node:fs'
import { tableFromIPC } from 'apache-arrow'
import { defineLayout, FrameReader, FrameWriter } from 'h5tracks'
import { convert } from 'h5tracks/formats'
import { expect, test } from 'vitest'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Arrow IPC files. The oracle is the reader of apache-arrow.

const layout = defineLayout({
  group: 'animals',
  slots: { name: 'animalId', max: 3 },
  perFrame: { time: { type: 'float64', unit: 's' } },
  fields: {
    x: 'float32',
    count: 'uint32',
    wide: { type: 'int64', fill: -1, optional: true },
    male: 'bool',
    state: { type: 'enum', members: { rest: 0, swim: 1 } },
    note: { type: 'string', length: 8 },
    box: { type: 'float32', shape: [4], optional: true },
  },
  attributes: { names: ['a', 'b', 'c'] },
})

async function written(frames: number): Promise<string> {
  const path = scratch()
  await using writer = new FrameWriter(path, layout)
  for (let i = 0; i < frames; i++) {
    const records = [0, 2].slice(0, i % 3).map((animalId) => ({
      ...{ animalId, x: i % 2 ? i / 3 : Number.NaN, count: 4_000_000_000 + i, male: i % 2 === 0, note: `n${i % 9}` },
      ...{ state: i % 2 ? ('swim' as const) : ('rest' as const), ...(i % 2 && { box: [1, 2, 3, 4], wide: 2n ** 60n }) },
    }))
    if (!writer.writeFrame(i, records, { time: i / 50 } as never)) await writer.drain()
  }
  return path
}

test.each(['out.arrow', 'out.arrows'])('%s has a row for each animal, with the values of the file', async (name) => {
  const path = await written(300)
  const out = scratch(name)
  const { report } = await convert(path, out)
  expect(report).toEqual([expect.objectContaining({ kind: 'lost', what: 'frames without animals', count: 100 })])
  const table = tableFromIPC(readFileSync(out))
  expect(table.numRows).toBe(300)
  expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
    ...['frame Int64', 'time Float64', 'id Int32', 'name Utf8', 'x Float32', 'count Uint32', 'wide Int64', 'male Bool'],
    ...['state Utf8', 'note Utf8', 'left Float32', 'top Float32', 'width Float32', 'height Float32'],
  ])
  expect(table.schema.fields[1]!.metadata.get('unit')).toBe('s')
  expect(JSON.parse(table.schema.metadata.get('h5tracks')!)).toMatchObject({
    layout: 'animals',
    attributes: { names: ['a', 'b', 'c'] },
  })
  using reader = new FrameReader(path)
  const expected: unknown[] = []
  for await (const { frameIndex, records } of reader.frames()) {
    for (const one of records as Record<string, unknown>[]) {
      const { animalId, x, count, wide, male, state, note } = one
      const [left, top, width, height] = Array.from(one.box as Float32Array, (side) =>
        Number.isNaN(side) ? null : side,
      )
      const known = { id: animalId, name: ['a', 'b', 'c'][animalId as number], x: Number.isNaN(x) ? null : x, count }
      const whole = BigInt(wide as number)
      expected.push({
        ...{ frame: BigInt(frameIndex), time: Number(frameIndex) / 50, ...known, wide: whole === -1n ? null : whole },
        ...{ male, state, note, left, top, width, height },
      })
    }
  }
  expect(table.toArray().map((row) => row!.toJSON())).toEqual(expected)
})

test('a long recording is written in many batches', async () => {
  const path = await written(150_000)
  const out = scratch('out.arrow')
  await convert(path, out)
  const table = tableFromIPC(readFileSync(out))
  expect(table.numRows).toBe(150_000)
  expect(table.batches.length).toBeGreaterThan(2)
}, 120_000)

test('poses have a column for each coordinate, called as in other tables', async () => {
  const path = scratch('mice.nwb')
  await runPython('nwb.py', ['linked', path])
  const out = scratch('out.feather')
  await convert(path, out)
  const names = tableFromIPC(readFileSync(out)).schema.fields.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['frame', 'time', 'id', 'name', 'nose_x', 'nose_y', 'nose_confidence']))
})
