import { defineLayout, FrameWriter } from 'h5tracks'
import { scratch } from '../support/scratch.js'

/** Poses as points in an image. */
export const poses = defineLayout({
  group: 'poses',
  slots: { name: 'animalId', max: 3 },
  perFrame: { time: { type: 'float64', unit: 's', optional: true } },
  fields: {
    keypoints: { type: 'float32', shape: [5, 2], axes: ['node', 'space'], unit: 'px', partial: 'refuse' },
    score: { type: 'float32', shape: [5], axes: ['node'], fill: -1, range: [-1, 1] },
    label: { type: 'enum', members: { idle: 0, feeding: 1 } },
  },
  perCamera: { bbox: { type: 'int32', shape: [4], fill: -1 } },
  drops: true,
  axes: { space: ['x', 'y'] },
})

/** One record a frame, without positions. */
export const sensor = defineLayout({
  group: 'rig/sensor',
  fields: {
    volts: { type: 'float32', shape: [4], unit: 'V', range: [-5, 5] },
    on: 'bool',
    name: { type: 'string', length: 8 },
    count: 'uint64',
  },
})

// Powers of two are exact in float32.
const pose = (n: number, animalId: number) =>
  ({
    animalId,
    keypoints: Array.from({ length: 5 }, (_, k) => [64 * animalId + k + n, 128 + k]),
    score: [1, 1, 0.5, 0.5, -1],
    label: n % 3 ? 'idle' : 'feeding',
    bbox: animalId === 0 ? {} : { top: [1, 2, 3, n] },
  }) as const

export const posesIn = (n: number) => [0, 1, 2].slice(0, n % 4).map((animalId) => pose(n, animalId))

export const sample = (n: number) => ({
  volts: [n / 64, 1, Number.NaN, 4],
  on: n % 2 === 0,
  name: `é${n}`,
  count: 2n ** 60n + BigInt(n),
})

/** The indices of 40 frames; 5 are missing after the first 30. */
export const indexOf = (n: number) => n + (n >= 30 ? 5 : 0)

const options = { chunkFrames: 10 }
const metadata = { fps: 30 }

export function posesFile(): string {
  const path = scratch()
  const writer = new FrameWriter(path, poses, { cameras: ['top', 'side'], metadata, ...options })
  for (let n = 0; n < 40; n++)
    writer.writeFrame(indexOf(n), posesIn(n), { time: n / 32, dropped: n % 10 ? [] : ['side'] })
  writer.closeSync()
  return path
}

export function sensorFile(): string {
  const path = scratch()
  const writer = new FrameWriter(path, sensor, options)
  for (let n = 0; n < 40; n++) writer.writeFrame(indexOf(n), sample(n))
  writer.closeSync()
  return path
}

/** Both layouts in step. */
export function bothFile(): string {
  const path = scratch()
  const writer = new FrameWriter(path, { poses, sensor }, { cameras: ['top', 'side'], ...options })
  for (let n = 0; n < 40; n++) writer.writeFrame(indexOf(n), { poses: posesIn(n), sensor: sample(n) })
  writer.closeSync()
  return path
}
