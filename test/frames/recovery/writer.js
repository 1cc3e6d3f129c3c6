// The writer that the tests of recovery kill: two layouts in step, or one of them.
import { defineLayout, FrameWriter } from 'h5tracks'

export const animals = defineLayout({
  group: 'animals',
  slots: { name: 'animalId', max: 3 },
  perFrame: { time: 'float64' },
  fields: {
    nose: { type: 'float32', shape: [2], partial: 'refuse' },
    half: { type: 'float16' },
    state: { type: 'enum', members: { idle: 0, eating: 2 } },
    name: { type: 'string', length: 8 },
    big: { type: 'uint64', fill: 7 },
    seen: 'bool',
  },
  perCamera: { box: { type: 'int32', shape: [4], fill: -1 } },
  drops: true,
})

export const sensor = defineLayout({
  group: 'rig/sensor',
  fields: { volts: { type: 'float32', shape: [3] }, tag: { type: 'string', length: 5 } },
})

/** @type {(n: number) => number[]} */
const ids = (n) => [0, 1, 2].slice(0, n % 4)

/**
 * The records of frame n.
 * @param {number} n
 */
export const animalsIn = (n) =>
  ids(n).map((animalId) => ({
    animalId,
    nose: [n + 0.5, animalId],
    half: (n % 64) / 4,
    state: n % 2 ? 'idle' : 'eating',
    name: `né${n}`,
    big: 2n ** 60n + BigInt(n),
    seen: n % 3 === 0,
    box: animalId ? { top: [n, 1, 2, 3] } : {},
  }))

/** @type {(n: number) => { volts: number[], tag: string }} */
export const sample = (n) => ({ volts: [n, -n, Number.NaN], tag: `t${n}` })

/**
 * Opens a writer of both layouts, or of one.
 * @param {string} path
 * @param {'both' | 'animals' | 'sensor'} which
 * @param {object} options
 * @returns {any}
 */
export function open(path, which, options) {
  const layout = which === 'both' ? { animals, sensor } : which === 'animals' ? animals : sensor
  return new FrameWriter(path, layout, { cameras: ['top', 'side'], chunkFrames: 10, ...options })
}

/**
 * Writes the frames from `from` to `to`.
 * @param {any} writer
 * @param {'both' | 'animals' | 'sensor'} which
 * @param {number} from
 * @param {number} to
 */
export async function write(writer, which, from, to) {
  for (let n = from; n < to; n++) {
    const [records, perFrame] = [animalsIn(n), { time: n / 10, dropped: n % 5 ? [] : ['side'] }]
    const accepted =
      which === 'both'
        ? writer.writeFrame(2 * n, { animals: records, sensor: sample(n) }, { animals: perFrame })
        : which === 'animals'
          ? writer.writeFrame(2 * n, records, perFrame)
          : writer.writeFrame(2 * n, sample(n))
    if (!accepted) await writer.drain()
  }
}
