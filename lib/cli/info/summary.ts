/** Makes the summary of a tracking file. It reads window by window, so memory does not grow with the file. */

import { lossLines } from '../../frames/file/marks.js'
import { tallyIn } from '../../frames/file/metadata.js'
import type { ReadMetadata } from '../../frames/file/types.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { TrackingReader } from '../../tracking/reader.js'
import { checkInterruption, interruption } from '../shared/exit.js'
import { readStorage, type Storage } from './storage.js'
import { Tally } from './tally.js'

export interface CameraSummary {
  name: string
  /** Fish that the camera's detections were assigned to, over all frames. */
  detections: number
  /** detections / records; null without records. */
  coverage: number | null
  /** Boxes, over all frames. */
  boxes: number
  /** Frames in which the camera detected at least one fish. */
  frames: number
}

export interface Summary {
  path: string
  frames: number
  /** Frame number of the first row; a string beyond 2^53, null without frames. */
  firstFrame: number | string | null
  lastFrame: number | string | null
  /** Frame numbers between the first and the last that have no row; null if the numbers do not increase. */
  missingFrames: number | string | null
  framesWithoutFish: number
  /** From the metadata. */
  fps: number | null
  /** From the first frame to the end of the last; null without fps. */
  seconds: number | null
  fish: {
    /** Number of different ids. */
    count: number
    /** The first 100 ids, ascending. */
    ids: number[]
    slots: number
    mostInAFrame: number
  }
  /** Records: one for each fish in each frame. */
  records: { count: number; withPosition: number; confirmed: number }
  cameras: CameraSummary[]
  /** False if the writer did not close the file, so that its last frames are lost. */
  closedCleanly: boolean
  /** What a recovery could not restore, as recorded in the file. */
  losses: string[]
  /** Boxes whose fractions were truncated when they were written; null if the file does not record any. */
  boxesTruncated: number | null
  storage: Storage
  chunkFrames: number
  /** The attribute created_by; null if there is none. */
  writtenBy: string | null
  /** The other attributes; integers beyond 2^53 as strings. */
  metadata: Record<string, unknown>
}

/** Large enough to read at full speed, small against the memory of the process. */
const WINDOW_BYTES = 32 * 1024 * 1024

export interface SummaryOptions {
  untrusted?: boolean
  acceptLoss?: boolean
  external?: boolean
}

/** @throws H5TracksError for a file that cannot be read as a tracking file */
export async function summarize(
  path: string,
  { untrusted = false, acceptLoss = false, external = false }: SummaryOptions = {},
): Promise<Summary> {
  await using reader = await (untrusted
    ? TrackingReader.open(path, { untrusted, signal: interruption, acceptLoss })
    : TrackingReader.open(path, { acceptLoss, external }))
  const { length, maxFish, chunkFrames, cameraNames } = reader
  const storage = await readStorage(path, untrusted, trackingLayout.root)
  const tally = new Tally(cameraNames, maxFish)
  // Windows of whole chunks if they fit: a chunk that two windows share is decoded twice.
  const bytesPerFrame = 8 + maxFish * (29 + 20 * cameraNames.length)
  const affordable = Math.max(1, Math.floor(WINDOW_BYTES / bytesPerFrame))
  const step = affordable > chunkFrames ? affordable - (affordable % chunkFrames) : affordable
  for (let start = 0; start < length; start += step) {
    await checkInterruption()
    tally.add(await reader.read({ start, stop: Math.min(length, start + step), fields: Tally.fields }))
  }
  const { created_by: writtenBy, boxes_truncated: _, losses: __, ...metadata } = reader.metadata
  const { first, last } = tally
  const fps = typeof metadata.fps === 'number' && metadata.fps > 0 ? metadata.fps : null
  const span = first === null || last === null || !tally.increasing ? null : last - first + 1n
  return {
    path,
    frames: length,
    firstFrame: first === null ? null : exact(first),
    lastFrame: last === null ? null : exact(last),
    missingFrames: span === null ? null : exact(span - BigInt(length)),
    framesWithoutFish: tally.framesWithoutFish,
    fps,
    seconds: fps === null || span === null ? null : Number(span) / fps,
    fish: {
      count: tally.ids.size,
      ids: [...tally.ids].sort((a, b) => a - b).slice(0, 100),
      slots: maxFish,
      mostInAFrame: tally.mostInAFrame,
    },
    records: { count: tally.records, withPosition: tally.withPosition, confirmed: tally.confirmed },
    cameras: tally.cameras.map((camera) => ({
      ...camera,
      coverage: tally.records === 0 ? null : camera.detections / tally.records,
    })),
    closedCleanly: reader.closedCleanly,
    losses: lossLines(reader.metadata.losses),
    boxesTruncated: tallyIn(trackingLayout, reader.metadata) || null,
    storage,
    chunkFrames,
    writtenBy: typeof writtenBy === 'string' ? writtenBy : null,
    metadata: forJson(metadata),
  }
}

/** An integer beyond 2^53 as a string. */
export function exact(integer: bigint): number | string {
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer)
}

/** Attributes as JSON has them; integers beyond 2^53 as strings. */
export function forJson(metadata: ReadMetadata): Record<string, unknown> {
  const plain = (_key: string, value: unknown) => {
    if (typeof value === 'bigint') return exact(value)
    return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<unknown>) : value
  }
  return JSON.parse(JSON.stringify(metadata, plain)) as Record<string, unknown>
}
