/** A fish of a JSON line as a track record: what may be left out gets its meaning. */
import type { TrackRecord } from '../../base/track-record.js'

type Fields = Record<string, unknown>

const isNone = (value: unknown): boolean => value === undefined || value === null

/** Completes the fish of frames. What has the wrong type goes on as it is: the writer refuses it, and says why. */
export class RecordReader {
  /** Fish that were taken as confirmed, or as not, by the number of their cameras. */
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

/** null, or three times null, which is what NaN is here. */
function isUnknown(position: unknown): boolean {
  return isNone(position) || (Array.isArray(position) && position.length === 3 && position.every(isNone))
}

function isNoBox(box: unknown): boolean {
  return isNone(box) || (Array.isArray(box) && box.length === 4 && box.every(isNone))
}

/** The entries of a record by camera that say something. Without any that do not, the record itself. */
function present(record: unknown, isAbsent: (value: unknown) => boolean): unknown {
  if (isNone(record)) return {}
  if (typeof record !== 'object' || !Object.values(record as Fields).some(isAbsent)) return record
  const kept: Fields = Object.create(null)
  for (const [camera, value] of Object.entries(record as Fields)) if (!isAbsent(value)) kept[camera] = value
  return kept
}

/** In how many cameras a fish was detected; where no detections are told, how many have a box of it. */
function seenBy(detections: unknown, bboxes: unknown): number {
  const seen = Object.values(detections as Fields).filter((index) => index !== -1).length
  return seen > 0 ? seen : Object.keys(bboxes as Fields).length
}
