/** The frames of an analysis file, as batches of poses. */
import type { Batch } from '../../core/format.js'
import type { ForeignFile } from '../../poses/input.js'
import type { Precision } from '../../poses/layout.js'
import { lengthOf, type Matrix } from './axes.js'
import { readWindow, type Window } from './windows.js'

/** The open datasets of an analysis file. */
export interface Matrices {
  readonly tracks: Matrix
  readonly occupancy: Matrix | undefined
  readonly pointScores: Matrix | undefined
  readonly scores: Matrix | undefined
  readonly trackingScores: Matrix | undefined
}

export interface Windows {
  readonly tracks: Window
  readonly occupancy: Window | undefined
  readonly pointScores: Window | undefined
  readonly scores: Window | undefined
  readonly trackingScores: Window | undefined
}

const batchBytes = 8 * 2 ** 20

/** Reads the same frames of all datasets. @param old windows that are no longer needed */
export async function readWindows(
  input: ForeignFile,
  matrices: Matrices,
  start: number,
  stop: number,
  old?: Windows,
): Promise<Windows> {
  const window = async (matrix: Matrix | undefined, last: Window | undefined) =>
    matrix && readWindow(input, matrix, start, stop, { old: last })
  const [tracks, occupancy, pointScores, scores, trackingScores] = await Promise.all([
    readWindow(input, matrices.tracks, start, stop, { old: old?.tracks }),
    window(matrices.occupancy, undefined),
    window(matrices.pointScores, old?.pointScores),
    window(matrices.scores, old?.scores),
    window(matrices.trackingScores, old?.trackingScores),
  ])
  return { tracks, occupancy, pointScores, scores, trackingScores }
}

/** True if the animal is in the frame: the file says so, or one of its coordinates is known. */
export function isPresent({ tracks, occupancy }: Windows, frame: number, track: number, nodes: number): boolean {
  if (occupancy && occupancy.data[frame * occupancy.stride.frame + track * occupancy.stride.track] === 1) return true
  const { data, stride } = tracks
  const first = frame * stride.frame + track * stride.track
  for (let node = 0; node < nodes; node++) {
    const at = first + node * stride.node
    if (!Number.isNaN(data[at]) || !Number.isNaN(data[at + stride.xy])) return true
  }
  return false
}

export interface BatchSize {
  readonly slots: number
  readonly precision: Precision
  readonly scores: Precision
}

/** The frames of a window, in batches of about 8 MiB. */
export function* batchesOf(
  windows: Windows,
  { tracks }: Matrices,
  { slots, precision, scores }: BatchSize,
  first: number,
  count: number,
  tally: Tally,
): Generator<Batch> {
  const nodes = lengthOf(tracks, 'node')
  const size = { slots, nodes, tracks: lengthOf(tracks, 'track') }
  const bytes = { float32: 4, float64: 8 }
  const row = slots * (nodes * 2 * bytes[precision] + (nodes + 2) * bytes[scores] + 4) + 8
  const most = Math.max(1, Math.floor(batchBytes / row))
  for (let start = 0; start < count; start += most) {
    yield batchOf(windows, { ...size, precision, scores }, first, start, Math.min(count, start + most), tally)
  }
}

/** Numbers that were rounded. */
export interface Tally {
  coordinates: number
  scores: number
}

interface Size extends BatchSize {
  readonly nodes: number
  readonly tracks: number
}

/** Frames that are copied together, so that what they read and write stays in the processor's cache. */
const together = 64

function batchOf(windows: Windows, size: Size, first: number, start: number, stop: number, tally: Tally): Batch {
  const { slots, nodes, tracks, precision } = size
  const count = stop - start
  const arrays = { float32: Float32Array, float64: Float64Array }
  const unknown = (type: Precision, length: number) => new arrays[type](length).fill(Number.NaN)
  const individual = new Int32Array(count * slots).fill(-1)
  const keypoints = unknown(precision, count * slots * nodes * 2)
  const confidence = unknown(size.scores, count * slots * nodes)
  const score = unknown(size.scores, count * slots)
  const trackingScore = unknown(size.scores, count * slots)
  const cells = new Int32Array(together)
  const { tracks: xy, pointScores, scores, trackingScores } = windows
  for (let block = start; block < stop; block += together) {
    const end = Math.min(stop, block + together)
    const taken = new Int32Array(end - block)
    for (let track = 0; track < tracks; track++) {
      let found = 0
      for (let frame = block; frame < end; frame++) {
        const isHere = isPresent(windows, frame, track, nodes)
        const cell = isHere ? (frame - start) * slots + (taken[frame - block] as number) : -1
        cells[frame - block] = cell
        if (!isHere) continue
        individual[cell] = track
        taken[frame - block]!++
        found++
      }
      if (found === 0) continue
      const frames = { from: block, to: end, track, cells }
      for (let node = 0; node < nodes; node++) {
        for (let axis = 0; axis < 2; axis++) {
          const at = node * xy.stride.node + axis * xy.stride.xy
          tally.coordinates += copy(xy, at, frames, keypoints, nodes * 2, node * 2 + axis)
        }
        if (pointScores) {
          tally.scores += copy(pointScores, node * pointScores.stride.node, frames, confidence, nodes, node)
        }
      }
      if (scores) tally.scores += copy(scores, 0, frames, score, 1, 0)
      if (trackingScores) tally.scores += copy(trackingScores, 0, frames, trackingScore, 1, 0)
    }
  }
  return {
    frameIndex: { data: BigInt64Array.from({ length: count }, (_, i) => BigInt(first + start + i)) },
    individual: { data: individual },
    keypoints: { data: keypoints },
    confidence: { data: confidence },
    score: { data: score },
    trackingScore: { data: trackingScore },
  }
}

interface Frames {
  readonly from: number
  readonly to: number
  readonly track: number
  /** The cell of the animal in each of the frames; -1 where it is absent. */
  readonly cells: Int32Array
}

/** Copies one number of a track in some frames. Returns how many of them were rounded. */
function copy(
  { data, stride }: Window,
  offset: number,
  { from, to, track, cells }: Frames,
  into: Float32Array | Float64Array,
  width: number,
  place: number,
): number {
  const count = to - from
  const rounds = into instanceof Float32Array
  let rounded = 0
  let at = offset + track * stride.track + from * stride.frame
  for (let i = 0; i < count; i++, at += stride.frame) {
    const cell = cells[i] as number
    if (cell < 0) continue
    const value = data[at] as number
    into[cell * width + place] = value
    if (rounds && Math.fround(value) !== value && !Number.isNaN(value)) rounded++
  }
  return rounded
}
