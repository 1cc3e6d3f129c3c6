/** A pass over a recording before it is written: which animals it has, and how many frames. */
import { H5TracksError } from '../../base/errors.js'
import { arrayIn } from '../core/arrays.js'
import type { Recording, WriteOptions } from '../core/format.js'
import { attributesOf } from '../core/recordings.js'
import type { PoseReader } from './output.js'

export interface PoseSurvey {
  /** Number of frames. */
  readonly frames: number
  /** The index of the last frame; -1 if there is none. */
  readonly last: number
  /** The keys of the animals, ascending: those that have names, and those that occur. */
  readonly keys: readonly number[]
  /** The names of the animals, in the order of the keys. */
  readonly names: readonly string[]
  /** The keys that mean an animal: all but those of records whose field `identified` is false. */
  readonly identified: ReadonlySet<number>
  /** The recording names its animals. */
  readonly named: boolean
  /** At least one confidence is known. */
  readonly hasConfidence: boolean
  /** The most bytes that a label in the field `image` takes; 0 without labels. */
  readonly longestLabel: number
}

/** @param word the first part of made up names: 'track' for track_7 */
export async function surveyPoses(
  recording: Recording,
  poses: PoseReader,
  word: string,
  options: WriteOptions,
): Promise<PoseSurvey> {
  const { layout } = recording
  const given = attributesOf(recording).names
  const names = Array.isArray(given) ? given.map(String) : []
  const keys = new Set(names.keys())
  const identified = new Set(keys)
  let [frames, last, longestLabel] = [0, -1, 0]
  let hasConfidence = false
  for await (const batch of recording.batches()) {
    options.signal?.throwIfAborted()
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    frames += index.length
    for (const frame of index) last = next(Number(frame), last, options.finalPath)
    const own = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : Int32Array.of(0)
    const known = arrayIn(batch, 'identified') as Uint8Array | undefined
    for (const [cell, key] of own.entries()) {
      if (key < 0) continue
      keys.add(key)
      if (known?.[cell] !== 0) identified.add(key)
    }
    hasConfidence ||= isKnown(poses.confidence(batch))
    for (const label of (arrayIn(batch, 'image') ?? []) as readonly string[]) {
      longestLabel = Math.max(longestLabel, Buffer.byteLength(label))
    }
  }
  const sorted = [...keys].sort((a, b) => a - b)
  const made = sorted.map((key) => names[key] ?? `${word}_${key}`)
  return { frames, last, keys: sorted, names: made, identified, named: names.length > 0, hasConfidence, longestLabel }
}

function next(frame: number, last: number, path: string): number {
  if (frame > last) return frame
  const problem = frame < 0 ? `the frame ${frame}, and frames are counted from 0` : `the frame ${frame} after ${last}`
  throw new H5TracksError(`${path} cannot be written: the recording has ${problem}; sort its frames first`, {
    code: 'ERR_UNSUPPORTED',
    path,
    frame,
  })
}

function isKnown(values: ArrayLike<number> | undefined): boolean {
  for (let i = 0; i < (values?.length ?? 0); i++) if (!Number.isNaN(values?.[i])) return true
  return false
}
