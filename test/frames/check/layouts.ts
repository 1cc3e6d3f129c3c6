import { defineLayout, FrameWriter } from 'h5tracks'
import { scratch } from '../../support/scratch.js'

/** A layout with a field of each kind. */
export const everything = defineLayout({
  group: 'animals',
  slots: { name: 'animalId', max: 3 },
  perFrame: { time: { type: 'float64', unit: 's', range: [0, 1000] } },
  fields: {
    nose: { type: 'float32', shape: [2], axes: ['space'], partial: 'refuse' },
    points: { type: 'float32', shape: [4, 3], partial: 'refuse' },
    loose: { type: 'float32', shape: [2] },
    score: { type: 'float32', shape: [4], fill: -1, range: [0, 1] },
    half: { type: 'float16', range: [0, 2] },
    weight: { type: 'float64', shape: [2], partial: 'refuse' },
    level: { type: 'int16', fill: -5, range: [0, 100] },
    tiny: { type: 'uint8', range: [0, 9] },
    big: { type: 'uint64', fill: 2n ** 63n, range: [0, 1000] },
    wide: { type: 'int64', fill: -(2n ** 63n) },
    area: { type: 'uint32', range: [0, 4_000_000_000] },
    state: { type: 'enum', members: { idle: 0, eating: 2, away: -3 } },
    kind: { type: 'enum', base: 'uint32', members: { a: 7, b: 4_000_000_000 } },
    seen: { type: 'bool' },
    name: { type: 'string', length: 6 },
  },
  perCamera: { box: { type: 'int32', shape: [4], fill: -1, range: [-1, 5000] } },
  drops: true,
  axes: { space: ['x', 'y'] },
})

/** A layout of one record a frame. */
export const sensor = defineLayout({
  group: 'rig/sensor',
  fields: { volts: { type: 'float32', shape: [3], range: [-5, 5] }, on: 'bool' },
})

export const animal = (animalId: number) =>
  ({
    animalId,
    nose: [animalId + 0.5, 2],
    points: animalId === 1 ? Array(12).fill(Number.NaN) : Array(12).fill(animalId),
    loose: [Number.NaN, animalId],
    score: animalId === 2 ? [-1, -1, -1, -1] : [0, 0.25, 0.5, 1],
    half: 0.5,
    weight: [1, 2],
    level: animalId === 2 ? -5 : 7,
    tiny: 9,
    big: animalId === 2 ? 2n ** 63n : 12,
    wide: -1n,
    area: 4_000_000_000,
    state: animalId === 2 ? 'away' : 'eating',
    kind: 'b',
    seen: true,
    name: animalId === 2 ? 'naïve' : 'mouse',
    box: animalId === 2 ? {} : { top: [1, 2, 3, 4], side: [0, -1, 3, 4] },
  }) as const

/** Frame n has n % 4 animals, at most 3. */
export const animalsIn = (n: number) => [0, 1, 2].slice(0, n % 4).map(animal)

export const sample = (n: number) => ({ volts: [n / 100, -5, Number.NaN], on: n % 2 === 0 })

const cameras = ['top', 'side']

/** Writes frames with these indices. */
export async function animalsFile(indices: readonly (number | bigint)[]): Promise<string> {
  const path = scratch()
  await using writer = new FrameWriter(path, everything, { cameras, chunkFrames: 10 })
  for (const [n, index] of indices.entries()) {
    if (!writer.writeFrame(index, animalsIn(n), { time: n / 10, dropped: n % 5 === 4 ? ['side'] : [] }))
      await writer.drain()
  }
  return path
}

/** Writes frames of both layouts in step. */
export async function bothFile(count: number): Promise<string> {
  const path = scratch()
  await using writer = new FrameWriter(path, { animals: everything, sensor }, { cameras, chunkFrames: 10 })
  for (let n = 0; n < count; n++) {
    writer.writeFrame(n, { animals: animalsIn(n), sensor: sample(n) }, { animals: { time: n / 10 } })
  }
  return path
}

export const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)
