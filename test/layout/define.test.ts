import { defineLayout, type Field, type LayoutSpec } from 'h5tracks'
import { describe, expect, test } from 'vitest'

// What `defineLayout` makes of a description: datasets, types, fill values, axes.

const fieldOf = (spec: LayoutSpec, name = 'x') =>
  defineLayout(spec).fields.find((field) => field.name === name) as Field
const define = (x: NonNullable<LayoutSpec['fields']>[string]) => fieldOf({ group: 'g', fields: { x } })

test('a layout lists the fields of frames, records and cameras in this order', () => {
  const layout = defineLayout({
    perCamera: { box: { type: 'int32', shape: [4] } },
    drops: true,
    fields: { keypoints: { type: 'float32', shape: [17, 2] } },
    slots: { name: 'animalId', max: 5 },
    perFrame: { time: 'float64' },
    group: 'rig/poses',
  })
  expect(layout).toMatchObject({ root: '/rig/poses', slots: 5, cameras: null })
  expect(layout.fields.map(({ name, dataset, perFrame, perCamera }) => [name, dataset, perFrame, perCamera])).toEqual([
    ['frameIndex', 'frame_index', true, false],
    ['time', 'time', true, false],
    ['dropped', 'camera_dropped', true, true],
    ['animalId', 'animal_id', false, false],
    ['keypoints', 'keypoints', false, false],
    ['box', 'box', false, true],
  ])
  expect([layout.index.name, layout.key?.name, layout.drops?.name]).toEqual(['frameIndex', 'animalId', 'dropped'])
  expect(layout.key).toMatchObject({ storage: 'int32', fill: -1, shape: [] })
})

test('without slots, a frame is one record', () => {
  expect(defineLayout({ group: 'g', fields: { x: 'int8' } })).toMatchObject({ slots: 1, key: null, drops: null })
})

test('a field has defaults for everything but its type', () => {
  expect(define('float32')).toEqual({
    name: 'x',
    dataset: 'x',
    value: { kind: 'float', type: 'float32' },
    storage: 'float32',
    elements: 1,
    shape: [],
    axes: [],
    perFrame: false,
    perCamera: false,
    fill: Number.NaN,
    range: null,
    partial: 'keep',
    optional: false,
    inFile: 'required',
    unit: undefined,
    description: undefined,
  })
})

test.each([
  ['int8', 'int8', 0],
  ['uint64', 'uint64', 0],
  ['float64', 'float64', Number.NaN],
  ['float16', 'uint16', 0x7e00],
  ['bool', 'bool', 0],
  [{ type: 'bool', fill: true }, 'bool', 1],
  [{ type: 'enum', members: { right: 3, left: 1 } }, 'int8', 3],
  [{ type: 'enum', members: { right: 3, left: 1000 }, base: 'uint16', fill: 'left' }, 'uint16', 1000],
  [{ type: 'string', length: 12 }, 'uint8', 0],
  [{ type: 'float16', fill: -1 }, 'uint16', 0xbc00],
  [{ type: 'float32', fill: -0 }, 'float32', -0],
  [{ type: 'float32', fill: Number.NEGATIVE_INFINITY }, 'float32', Number.NEGATIVE_INFINITY],
  [{ type: 'int64', fill: -(2n ** 63n) }, 'int64', -(2 ** 63)],
  [{ type: 'uint64', fill: 2n ** 63n }, 'uint64', 2 ** 63],
] as const)('%o is stored as %s with the fill value %s', (spec, storage, fill) => {
  expect(define(spec)).toMatchObject({ storage, fill })
})

test('a text takes as many elements as it has bytes', () => {
  expect(define({ type: 'string', length: 12, shape: [2] })).toMatchObject({ elements: 12, shape: [2] })
})

test('axes without a name are named after the dataset', () => {
  expect(define({ type: 'int8', shape: [2, 3], dataset: 'y' }).axes).toEqual(['y_0', 'y_1'])
  expect(define({ type: 'int8', shape: [2, 3], axes: ['node', 'space'] }).axes).toEqual(['node', 'space'])
})

test('a field that files may lack is one that records may leave out', () => {
  expect(define({ type: 'int8', inFile: 'optional' })).toMatchObject({ inFile: 'optional', optional: true })
})

describe('names of datasets', () => {
  test.each([
    ['animalId', 'animal_id'],
    ['animalID', 'animal_id'],
    ['meanHSVColor', 'mean_hsv_color'],
    ['X', 'x'],
    ['centroid3d', 'centroid3d'],
    ['bodyPart2X', 'body_part2_x'],
    ['already_snake', 'already_snake'],
    ['maxÄnderung', 'max_änderung'],
    ['toString', 'to_string'],
    ['a name', 'a name'],
  ])('the field %s is stored as %s', (name, dataset) => {
    expect(fieldOf({ group: 'g', fields: { [name]: 'int8' } }, name).dataset).toBe(dataset)
  })

  test('a description may name its dataset', () => {
    expect(define({ type: 'int8', dataset: 'centroid_3d' }).dataset).toBe('centroid_3d')
    const layout = defineLayout({ group: 'g', slots: { name: 'fishId', max: 2, dataset: 'id' } })
    expect(layout.key?.dataset).toBe('id')
  })
})

test('attributes are values that HDF5 stores, also in several dimensions', () => {
  const attributes = { nodes: ['nose', 'tail'], edges: [[0, 1]], fps: 30, knots: Float64Array.of(0, 1) }
  expect(defineLayout({ group: 'g', attributes }).attributes).toEqual(attributes)
})
