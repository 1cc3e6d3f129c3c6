/** A pass over a recording before it is written: its frames, animals and times. */
import { H5TracksError } from '../../base/errors.js'
import { arrayIn } from '../core/arrays.js'
import type { Batch, Recording, WriteOptions } from '../core/format.js'
import { attributesOf, fieldOf } from '../core/recordings.js'

/** The coordinate `time`. */
export interface TimeAxis {
  readonly unit: 'seconds' | 'frames'
  readonly fps: number | undefined
  /** The field that the times come from; undefined if they come from frame numbers. */
  readonly field: string | undefined
  of(batch: Batch, index: BigInt64Array): Float64Array | BigInt64Array
}

export interface Survey {
  readonly frames: number
  /** The keys of the animals, ascending: those that have names, and those that occur. */
  readonly keys: readonly number[]
  /** Names in the order of the keys, distinct. */
  readonly names: readonly string[]
  readonly time: TimeAxis
  readonly hasConfidence: boolean
}

export async function survey(
  recording: Recording,
  confidence: (batch: Batch) => ArrayLike<number> | undefined,
  { signal, finalPath, fps: given }: WriteOptions,
): Promise<Survey> {
  const { layout } = recording
  const attributes = attributesOf(recording)
  const known = Array.isArray(attributes.names) ? attributes.names.map(String) : []
  const keys = new Set(known.keys())
  const timed = fieldOf(recording, 'time')?.perFrame === true
  let frames = 0
  let lastFrame = Number.NEGATIVE_INFINITY
  let lastTime = Number.NEGATIVE_INFINITY
  let isTimed = timed
  let hasConfidence = false
  for await (const batch of recording.batches()) {
    signal?.throwIfAborted()
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    for (const frame of index) {
      if (Number(frame) <= lastFrame) {
        throw new H5TracksError(
          `${finalPath} cannot be written: frame ${frame} follows frame ${lastFrame}; sort the frames first`,
          {
            code: 'ERR_UNSUPPORTED',
            path: finalPath,
            frame,
          },
        )
      }
      lastFrame = Number(frame)
    }
    frames += index.length
    const times = timed ? (arrayIn(batch, 'time') as Float64Array | undefined) : undefined
    for (let i = 0; isTimed && i < index.length; i++) {
      const time = Number(times?.[i] ?? Number.NaN)
      isTimed = Number.isFinite(time) && time > lastTime
      lastTime = time
    }
    const own = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : Int32Array.of(0)
    for (const key of own) if (key >= 0) keys.add(key)
    hasConfidence ||= isKnown(confidence(batch))
  }
  // Numbers that are close to one another stay what they are.
  const largest = Math.max(-1, ...keys)
  if (largest < 2 * keys.size + 16) for (let key = 0; key < largest; key++) keys.add(key)
  const sorted = [...keys].sort((a, b) => a - b)
  const rate = given ?? (typeof attributes.fps === 'number' && attributes.fps > 0 ? attributes.fps : undefined)
  return {
    frames,
    keys: sorted,
    names: distinct(sorted.map((key) => known[key] || `id_${key}`)),
    time: timeAxis(isTimed && frames > 0, rate),
    hasConfidence,
  }
}

function timeAxis(isTimed: boolean, fps: number | undefined): TimeAxis {
  if (isTimed) {
    const of = (batch: Batch) => Float64Array.from(arrayIn(batch, 'time') as Float64Array)
    return { unit: 'seconds', fps, field: 'time', of }
  }
  if (fps === undefined) return { unit: 'frames', fps, field: undefined, of: (_, index) => index }
  return {
    unit: 'seconds',
    fps,
    field: undefined,
    of: (_, index) => Float64Array.from(index, (frame) => Number(frame) / fps),
  }
}

function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let own = name
    for (let n = 2; taken.has(own); n++) own = `${name}_${n}`
    taken.add(own)
    return own
  })
}

function isKnown(values: ArrayLike<number> | undefined): boolean {
  for (let i = 0; i < (values?.length ?? 0); i++) if (!Number.isNaN(values?.[i])) return true
  return false
}
