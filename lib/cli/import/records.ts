/** Turns a fish of a JSON line into a track record, with defaults for the fields that are left out. */
import type { TrackRecord } from '../../base/track-record.js'

type Fields = Record<string, unknown>

const isNone = (value: unknown): boolean => value === undefined || value === null

/** Completes fish. A value of the wrong type is passed on unchanged: the writer refuses it with a message. */
export class RecordReader {
  /** Number of fish whose isConfirmed was derived from the number of their cameras. */
  guessed = 0
  readonly #confirmedBy: number

  constructor(confirmedBy: number) {
    this.#confirmedBy = confirmedBy
  }

  track(given: unknown): TrackRecord {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given as TrackRecord
    const track = given as Fields
    const cameraDetections = present(track.cameraDetections, isNone)
    const bboxes = present(track.bboxes, isNoBox)
    const nCameras = track.nCameras ?? seenBy(cameraDetections, bboxes)
    if (isNone(track.isConfirmed)) this.guessed++
    return {
      fishId: track.fishId,
      centroid3d: isUnknown(track.centroid3d) ? null : track.centroid3d,
      confidence: track.confidence ?? -1,
      reprojectionResidual: track.reprojectionResidual ?? -1,
      nCameras,
      isConfirmed: track.isConfirmed ?? (nCameras as number) >= this.#confirmedBy,
      cameraDetections,
      bboxes,
    } as TrackRecord
  }
}

/** True for null and for three nulls, which NaN has become here. */
function isUnknown(position: unknown): boolean {
  return isNone(position) || (Array.isArray(position) && position.length === 3 && position.every(isNone))
}

function isNoBox(box: unknown): boolean {
  return isNone(box) || (Array.isArray(box) && box.length === 4 && box.every(isNone))
}

/** The entries of a record by camera without the absent ones; the record itself if none is absent. */
function present(record: unknown, isAbsent: (value: unknown) => boolean): unknown {
  if (isNone(record)) return {}
  if (typeof record !== 'object' || !Object.values(record as Fields).some(isAbsent)) return record
  const kept: Fields = Object.create(null)
  for (const [camera, value] of Object.entries(record as Fields)) if (!isAbsent(value)) kept[camera] = value
  return kept
}

/** The number of cameras that detected a fish; without any detection, the number of cameras that have a box of it. */
function seenBy(detections: unknown, bboxes: unknown): number {
  const seen = Object.values(detections as Fields).filter((index) => index !== -1).length
  return seen > 0 ? seen : Object.keys(bboxes as Fields).length
}
