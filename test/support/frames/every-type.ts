import { defineLayout, FrameWriter } from 'h5tracks'
import { scratch } from '../scratch.js'

// A layout with a field of every type, and frames of it.

export const everyType = defineLayout({
  group: 'animals',
  slots: { name: 'animalId', max: 3 },
  perFrame: {
    time: { type: 'float64', unit: 's' },
    tick: { type: 'uint64', optional: true },
    note: { type: 'string', length: 6, optional: true },
  },
  fields: {
    i8: { type: 'int8', fill: -7, optional: true },
    u8: { type: 'uint8', shape: [2], optional: true },
    i16: { type: 'int16', optional: true },
    u16: { type: 'uint16', shape: [3], axes: ['node'], optional: true },
    i32: { type: 'int32', range: [-5, 5], optional: true },
    u32: { type: 'uint32', optional: true },
    i64: { type: 'int64', fill: -1, optional: true },
    u64: { type: 'uint64', shape: [2], optional: true },
    f16: { type: 'float16', optional: true },
    f16s: { type: 'float16', shape: [3], axes: ['node'], fill: -1, optional: true },
    f32: { type: 'float32', shape: [3, 2], axes: ['node', 'space'], unit: 'px', optional: true },
    f64: { type: 'float64', fill: 0.5, optional: true },
    seen: { type: 'bool', optional: true },
    flags: { type: 'bool', shape: [2, 2], optional: true },
    label: { type: 'enum', members: { idle: 0, feeding: 1, gone: -3 }, optional: true },
    labels: { type: 'enum', base: 'uint16', members: { left: 300, right: 7 }, shape: [2], optional: true },
    name: { type: 'string', length: 8, optional: true },
    names: { type: 'string', length: 3, shape: [2], optional: true },
  },
  perCamera: {
    box: { type: 'int32', shape: [4], fill: -1, optional: true },
    area: { type: 'float16', optional: true },
    sharp: { type: 'bool', optional: true },
    tag: { type: 'string', length: 4, optional: true },
  },
  drops: true,
  axes: { node: ['nose', 'neck', 'tail'], space: ['x', 'y'] },
})

// '2' before '1': not the order in which objects enumerate such names.
export const cameras = ['2', 'top', '1']

const full = {
  i8: -128,
  u8: [0, 255],
  i16: -32768,
  u16: [1, 2, 65535],
  i32: -5,
  u32: 2 ** 32 - 1,
  i64: -(2n ** 63n),
  u64: [2n ** 64n - 1n, 7n],
  f16: 65504,
  f16s: [0.5, -0, 2 ** -24],
  f32: [1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY, -6],
  f64: Math.PI,
  seen: true,
  flags: [true, false, false, true],
  label: 'feeding',
  labels: ['right', 'left'],
  name: 'Ångström'.slice(0, 6),
  names: ['', '\u2603'],
  box: { top: [1, 2, 3, 4], '1': [-1, -1, 0, -1] },
  area: { '2': 0.25 },
  sharp: { top: true },
  tag: { top: 'a', '2': 'bcde' },
} as const

/** Frame indices, records by ascending key, and values of the frame, as they are written. */
export const frames = [
  {
    index: 5,
    records: [{ animalId: 2, ...full }, { animalId: 9 }],
    perFrame: { time: 0.1, tick: 2n ** 60n, note: 'fünf' },
  },
  { index: 6, records: [], perFrame: { time: 0.2, dropped: ['1', '2'] } },
  { index: 9, records: [{ animalId: 9, ...full, label: 'gone', i64: 12 }], perFrame: { time: Number.NaN, tick: 3 } },
  {
    index: 2n ** 60n,
    records: [{ animalId: 0 }, { animalId: 1 }, { animalId: 2 }],
    perFrame: { time: 4, dropped: ['top'] },
  },
] as const

/** Writes the frames; returns the path. */
export async function writtenFrames(options: { chunkFrames?: number } = {}): Promise<string> {
  const path = scratch('animals.h5')
  const writer = new FrameWriter(path, everyType, { cameras, chunkFrames: 2, ...options })
  for (const { index, records, perFrame } of frames) writer.writeFrame(index, records, perFrame)
  await writer.close()
  return path
}

const fills = {
  i8: -7,
  u8: Uint8Array.of(0, 0),
  i16: 0,
  u16: Uint16Array.of(0, 0, 0),
  i32: 0,
  u32: 0,
  i64: -1,
  u64: BigUint64Array.of(0n, 0n),
  f16: Number.NaN,
  f16s: Float32Array.of(-1, -1, -1),
  f32: new Float32Array(6).fill(Number.NaN),
  f64: 0.5,
  seen: false,
  flags: [false, false, false, false],
  label: 'idle',
  labels: ['left', 'left'],
  name: '',
  names: ['', ''],
  box: {},
  area: {},
  sharp: {},
  tag: {},
}
const read = {
  ...full,
  u8: Uint8Array.from(full.u8),
  u16: Uint16Array.from(full.u16),
  u64: BigUint64Array.from(full.u64),
  f16s: Float32Array.from(full.f16s),
  f32: Float32Array.from(full.f32),
  flags: [...full.flags],
  labels: [...full.labels],
  names: [...full.names],
  box: { top: Int32Array.from(full.box.top), '1': Int32Array.from(full.box['1']) },
}

/** The frames as `frames()` gives them. */
export const readings = [
  {
    frameIndex: 5,
    records: [
      { animalId: 2, ...read },
      { animalId: 9, ...fills },
    ],
    perFrame: { time: 0.1, tick: 2n ** 60n, note: 'fünf', dropped: [] as string[] },
  },
  { frameIndex: 6, records: [], perFrame: { time: 0.2, tick: 0, note: '', dropped: ['2', '1'] } },
  {
    frameIndex: 9,
    records: [{ animalId: 9, ...read, label: 'gone', i64: 12 }],
    perFrame: { time: Number.NaN, tick: 3, note: '', dropped: [] },
  },
  {
    frameIndex: 2n ** 60n,
    records: [0, 1, 2].map((animalId) => ({ animalId, ...fills })),
    perFrame: { time: 4, tick: 0, note: '', dropped: ['top'] },
  },
]

/** The ways to open the file: a text for titles, and what a reader is given. */
export const openings = [
  ['with its layout', everyType],
  ['with the name of its group', 'animals'],
  ['with a layout found out from the file', undefined],
] as const

/** All frames that a reader yields. */
export async function framesOf<F>(frames: AsyncIterable<F>): Promise<F[]> {
  const list: F[] = []
  for await (const frame of frames) list.push(frame)
  return list
}
