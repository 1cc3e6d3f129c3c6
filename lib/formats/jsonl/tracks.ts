/** JSON lines of tracking files, `{"frame": 0, "tracks": [{"fishId": 1, …}]}`, as lines of records with the layout of tracking files. */
import { trackingLayout } from '../../layouts/tracking.js'
import type { ReadOptions } from '../core/format.js'
import { withSlots } from '../core/recordings.js'
import type { Report } from '../core/report.js'

type Json = Record<string, unknown>

const confirmedBy = 2
/** No entries. */
const none: Json = Object.freeze({})
const headerKeys = ['cameras', 'maxFish', 'chunkFrames', 'metadata']
const trackKeys = new Set([
  ...['fishId', 'centroid3d', 'confidence', 'reprojectionResidual', 'nCameras', 'isConfirmed'],
  ...['cameraDetections', 'bboxes'],
])

/** True for the first line of such a file: its header, or a frame. */
export const isTracksLine = (line: Json): boolean =>
  'tracks' in line || (!('spec' in line) && !('frame' in line) && headerKeys.some((key) => key in line))

/** True if a line is a header. */
export const isTracksHeader = (line: Json): boolean => !('frame' in line)

export const layoutFor = (slots: number) => withSlots(trackingLayout, slots)

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

const tracksOf = (line: Json): readonly Json[] => (Array.isArray(line.tracks) ? line.tracks.map(objectOf) : [])

/** Finds the cameras and the number of slots, where the header does not say them. */
export class TrackSurvey {
  readonly cameras = new Set<string>()
  slots = 1

  add(line: Json): void {
    const tracks = tracksOf(line)
    this.slots = Math.max(this.slots, tracks.length)
    for (const { cameraDetections, bboxes } of tracks) {
      for (const name of Object.keys({ ...objectOf(cameraDetections), ...objectOf(bboxes) })) this.cameras.add(name)
    }
  }

  report({ report, max }: ReadOptions, known: { cameras: boolean; slots: boolean }): void {
    if (!known.cameras && this.cameras.size > 0) report.guessed('cameras', [...this.cameras].join(', '))
    if (!known.slots && max === undefined) report.guessed('slots for animals', String(this.slots))
  }
}

/** Turns frames of tracks into frames of records, and counts what has no place. */
export class TrackLines {
  #truncated = 0
  #guessed = 0
  readonly #ignored = new Map<string, number>()

  /** The same line with the fields of a tracking file. What is not an object is left as it is. */
  records(line: Json): Json {
    const { tracks } = line
    return { ...line, tracks: Array.isArray(tracks) ? tracks.map((track) => this.#record(track)) : tracks }
  }

  report(report: Report): void {
    report.lost('fractions of boxes', this.#truncated, 'boxes of tracking files are integers: they were truncated')
    if (this.#guessed > 0)
      report.guessed('confirmation', `animals in ${confirmedBy} or more cameras (${this.#guessed} records)`)
    for (const [key, count] of this.#ignored) report.lost(`key ${key}`, count, 'tracking files have no place for it')
  }

  #record(given: unknown): unknown {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
    const track = given as Json
    for (const key in track) if (!trackKeys.has(key)) this.#count(key)
    const detections = withoutNull(track.cameraDetections)
    const boxes = this.#boxes(withoutNull(track.bboxes))
    const seen = detections === none ? 0 : Object.values(objectOf(detections)).filter((index) => index !== -1).length
    const nCameras = track.nCameras ?? (seen > 0 ? seen : Object.keys(objectOf(boxes)).length)
    if (track.isConfirmed === undefined || track.isConfirmed === null) this.#guessed++
    return {
      ...(track.fishId !== undefined && { fishId: track.fishId }),
      centroid3d: track.centroid3d ?? null,
      confidence: track.confidence ?? -1,
      reprojectionResidual: track.reprojectionResidual ?? -1,
      nCameras,
      isConfirmed: track.isConfirmed ?? (nCameras as number) >= confirmedBy,
      cameraAssignments: detections,
      bboxes: boxes,
    }
  }

  /** Boxes by camera, truncated to integers. */
  #boxes(given: unknown): unknown {
    if (given === none || objectOf(given) !== given) return given
    const truncate = (side: unknown) => (typeof side === 'number' ? Math.trunc(side) : side)
    const entries = Object.entries(given as Json).flatMap(([camera, box]): [string, unknown][] => {
      if (!Array.isArray(box)) return [[camera, box]]
      if (box.length === 4 && box.every((side) => side === null)) return []
      const sides = box.map(truncate)
      if (sides.some((side, i) => side !== box[i])) this.#truncated++
      return [[camera, sides]]
    })
    return Object.fromEntries(entries)
  }

  #count(key: string): void {
    this.#ignored.set(key, (this.#ignored.get(key) ?? 0) + 1)
  }
}

/** The entries of an object without those that are null; what is no object is left as it is. */
function withoutNull(given: unknown): unknown {
  if (given === undefined || given === null) return none
  if (objectOf(given) !== given || !Object.values(given as Json).includes(null)) return given
  return Object.fromEntries(Object.entries(given as Json).filter(([, value]) => value !== null))
}
