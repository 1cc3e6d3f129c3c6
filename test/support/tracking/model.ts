import type { TrackingResults, TrackRecord } from 'h5tracks'
import type { Frame } from './frames.js'

/** One dataset as plain values, row-major. */
export interface Column {
  data: (number | bigint)[]
  shape: number[]
}

export interface Columns {
  cameraNames: string[]
  frameIndex: Column
  fishId: Column
  centroid3d: Column
  confidence: Column
  reprojectionResidual: Column
  nCameras: Column
  isConfirmed: Column
  /** In the order of cameraNames. */
  cameraAssignments: [string, Column][]
  bboxes: [string, Column][]
}

const f32 = Math.fround

function of<T>(source: Record<string, T> | ReadonlyMap<string, T>, camera: string): T | undefined {
  if (source instanceof Map) return source.get(camera)
  return Object.hasOwn(source, camera) ? (source as Record<string, T>)[camera] : undefined
}

/** An independent model of the file: the content of every dataset after `frames` have been written. */
export function columnsOf(frames: readonly Frame[], cameraNames: readonly string[], maxFish: number): Columns {
  const rows = frames.map(({ tracks }) => [...tracks].sort((a, b) => a.fishId - b.fishId))
  const column = (width: number[], fill: number, values: (fish: TrackRecord) => ArrayLike<number>): Column => {
    const absent = Array<number>(width.reduce((product, length) => product * length, 1)).fill(fill)
    const data = rows.flatMap((row) =>
      Array.from({ length: maxFish }, (_, slot) => (row[slot] ? Array.from(values(row[slot])) : absent)).flat(),
    )
    return { data, shape: [frames.length, maxFish, ...width] }
  }
  const perCamera = (values: (camera: string) => Column): [string, Column][] =>
    cameraNames.map((camera) => [camera, values(camera)])
  return {
    cameraNames: [...cameraNames],
    frameIndex: { data: frames.map(({ frameIndex }) => BigInt(frameIndex)), shape: [frames.length] },
    fishId: column([], -1, (fish) => [fish.fishId]),
    centroid3d: column([3], Number.NaN, (fish) => Array.from(fish.centroid3d ?? [NaN, NaN, NaN], f32)),
    confidence: column([], -1, (fish) => [f32(fish.confidence)]),
    reprojectionResidual: column([], -1, (fish) => [f32(fish.reprojectionResidual)]),
    nCameras: column([], 0, (fish) => [fish.nCameras]),
    isConfirmed: column([], 0, (fish) => [Number(fish.isConfirmed)]),
    cameraAssignments: perCamera((camera) => column([], -1, (fish) => [of(fish.cameraDetections, camera) ?? -1])),
    bboxes: perCamera((camera) =>
      column([4], -1, (fish) => Array.from(of(fish.bboxes, camera) ?? [-1, -1, -1, -1], (n) => Math.trunc(n) + 0)),
    ),
  }
}

const plain = ({ data, shape }: { data: Iterable<number | bigint>; shape: readonly number[] }): Column => ({
  data: [...data],
  shape: [...shape],
})
const plainRecord = (record: Record<string, { data: Int32Array; shape: readonly number[] }>): [string, Column][] =>
  Object.entries(record).map(([camera, value]) => [camera, plain(value)])

/** The result of `readTrackingResults` as plain values, comparable with `columnsOf`. */
export function columnsRead(results: TrackingResults): Columns {
  return {
    cameraNames: [...results.cameraNames],
    frameIndex: plain(results.frameIndex),
    fishId: plain(results.fishId),
    centroid3d: plain(results.centroid3d),
    confidence: plain(results.confidence),
    reprojectionResidual: plain(results.reprojectionResidual),
    nCameras: plain(results.nCameras),
    isConfirmed: plain(results.isConfirmed),
    cameraAssignments: plainRecord(results.cameraAssignments),
    bboxes: plainRecord(results.bboxes),
  }
}

/** A frame as plain values, so that a written frame and one from `frames()` compare equal. */
export function plainFrame({ frameIndex, tracks }: { frameIndex: number | bigint; tracks: Iterable<TrackRecord> }) {
  return {
    frameIndex: BigInt(frameIndex),
    tracks: [...tracks].map((fish) => ({
      ...fish,
      centroid3d: fish.centroid3d && Array.from(fish.centroid3d),
      cameraDetections: entries(fish.cameraDetections),
      bboxes: entries(fish.bboxes).map(([camera, box]) => [camera, Array.from(box)]),
    })),
  }
}

function entries<T>(source: Record<string, T> | ReadonlyMap<string, T>): [string, T][] {
  const pairs = source instanceof Map ? [...source] : Object.entries(source as Record<string, T>)
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1))
}
