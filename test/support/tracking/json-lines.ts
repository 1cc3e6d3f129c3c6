import type { TrackRecord } from 'h5tracks'
import { runPython } from '../python.js'
import type { Frame } from './frames.js'

export interface Header {
  cameras: readonly string[]
  maxFish: number
  chunkFrames: number
  byteOrder?: '<' | '>'
  /** Keyword arguments of h5py's create_dataset; by default gzip 4, as in AquaPose. */
  filters?: Record<string, unknown>
}

// Object.fromEntries defines properties, so a camera named __proto__ becomes an own property and reaches Python.
const record = <T>(source: Record<string, T> | ReadonlyMap<string, T>) =>
  Object.fromEntries(source instanceof Map ? source : Object.entries(source))

function jsonFish(fish: TrackRecord) {
  const boxes: Record<string, ArrayLike<number>> = record(fish.bboxes)
  const bboxes = Object.entries(boxes).map(([camera, box]) => [camera, Array.from(box)])
  return {
    ...fish,
    centroid3d: fish.centroid3d && Array.from(fish.centroid3d),
    cameraDetections: record(fish.cameraDetections),
    bboxes: Object.fromEntries(bboxes),
  }
}

/** The input of our Python programs: a header, then one frame per line; frame indices as strings, which keep every int64. */
export function jsonLines(header: Header, frames: readonly Frame[]): string {
  const lines = frames.map(({ frameIndex, tracks }) => ({
    frameIndex: String(frameIndex),
    tracks: tracks.map(jsonFish),
  }))
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Expects h5py to find exactly these frames in the file, in every field; rejects with the differences. */
export async function sameInH5py(
  path: string,
  header: Omit<Header, 'chunkFrames'>,
  frames: readonly Frame[],
): Promise<void> {
  const rows = await runPython('compare.py', [path], { input: jsonLines({ ...header, chunkFrames: 0 }, frames) })
  if (rows.trim() !== String(frames.length)) throw new Error(`compare.py compared ${rows} rows of ${frames.length}`)
}

/** Writes a file with h5py in AquaPose's layout. */
export async function writeWithH5py(path: string, header: Header, frames: readonly Frame[]): Promise<string> {
  await runPython('aquapose_writer.py', [path], { input: jsonLines(header, frames) })
  return path
}
