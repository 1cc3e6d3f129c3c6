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

/** Reads the same frames of all datasets. */
export async function readWindows(
  input: ForeignFile,
  matrices: Matrices,
  start: number,
  stop: number,
): Promise<Windows> {
  const window = (matrix: Matrix | undefined) => matrix && readWindow(input, matrix, start, stop)
  return {
    tracks: await readWindow(input, matrices.tracks, start, stop),
    occupancy: await window(matrices.occupancy),
    pointScores: await window(matrices.pointScores),
    scores: await window(matrices.scores),
    trackingScores: await window(matrices.trackingScores),
  }
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
): Generator<Batch> {
  const nodes = lengthOf(tracks, 'node')
  const size = { slots, nodes, tracks: lengthOf(tracks, 'track') }
  const bytes = { float32: 4, float64: 8 }
  const row = slots * (nodes * 2 * bytes[precision] + (nodes + 2) * bytes[scores] + 4) + 8
  const most = Math.max(1, Math.floor(batchBytes / row))
  for (let start = 0; start < count; start += most) {
    yield batchOf(windows, { ...size, precision, scores }, first, start, Math.min(count, start + most))
  }
}

interface Size extends BatchSize {
  readonly nodes: number
  readonly tracks: number
}

function batchOf(
  windows: Windows,
  { slots, nodes, tracks, precision, scores: scoreType }: Size,
  first: number,
  start: number,
  stop: number,
): Batch {
  const count = stop - start
  const frameIndex = BigInt64Array.from({ length: count }, (_, i) => BigInt(first + start + i))
  const individual = new Int32Array(count * slots).fill(-1)
  const arrays = { float32: Float32Array, float64: Float64Array }
  const Scores = arrays[scoreType]
  const keypoints = new arrays[precision](count * slots * nodes * 2).fill(Number.NaN)
  const confidence = new Scores(count * slots * nodes).fill(Number.NaN)
  const score = new Scores(count * slots).fill(Number.NaN)
  const trackingScore = new Scores(count * slots).fill(Number.NaN)
  const { pointScores, scores, trackingScores } = windows
  const { data, stride } = windows.tracks
  for (let frame = start; frame < stop; frame++) {
    let cell = (frame - start) * slots
    for (let track = 0; track < tracks; track++) {
      if (!isPresent(windows, frame, track, nodes)) continue
      individual[cell] = track
      const from = frame * stride.frame + track * stride.track
      for (let node = 0, to = cell * nodes * 2; node < nodes; node++, to += 2) {
        const at = from + node * stride.node
        keypoints[to] = data[at] as number
        keypoints[to + 1] = data[at + stride.xy] as number
      }
      if (pointScores) {
        const at = frame * pointScores.stride.frame + track * pointScores.stride.track
        const step = pointScores.stride.node
        for (let node = 0; node < nodes; node++)
          confidence[cell * nodes + node] = pointScores.data[at + node * step] as number
      }
      if (scores) score[cell] = valueIn(scores, frame, track)
      if (trackingScores) trackingScore[cell] = valueIn(trackingScores, frame, track)
      cell++
    }
  }
  return {
    frameIndex: { data: frameIndex },
    individual: { data: individual },
    keypoints: { data: keypoints },
    confidence: { data: confidence },
    score: { data: score },
    trackingScore: { data: trackingScore },
  }
}

const valueIn = ({ data, stride }: Window, frame: number, track: number): number =>
  data[frame * stride.frame + track * stride.track] as number
