/** A track of one fish. */
import type { TrackRecord } from '../../base/track-record.js'
import type { Vector } from '../../base/vectors.js'
import type { AssociationResult } from '../association/types.js'

type Seen = Pick<AssociationResult, 'confidence' | 'reprojectionResidual' | 'nCameras' | 'cameraDetections' | 'bboxes'>

const nothing = Object.freeze({})
const unseen: Seen = {
  confidence: -1,
  reprojectionResidual: -1,
  nCameras: 0,
  cameraDetections: nothing,
  bboxes: nothing,
}

/**
 * The state of one track in one frame. It is a TrackRecord that a writer takes as it is, and it never changes: each frame makes a
 * new one. In a frame in which the fish was missed it has the last known position, no detections, no boxes and confidence -1.
 */
export class FishTrack implements TrackRecord {
  readonly fishId: number
  /** The last known position x, y, z. */
  readonly centroid3d: Vector
  /** Confidence of the association in this frame; -1 if the fish was missed. */
  readonly confidence: number
  /** Reprojection residual of the association in this frame, px; -1 if the fish was missed. */
  readonly reprojectionResidual: number
  /** Number of cameras that detected the fish in this frame; 0 if it was missed. */
  readonly nCameras: number
  /** True from the frame on in which the track has been matched in `minHits` frames in a row. */
  readonly isConfirmed: boolean
  /** By camera, the index of the detection; empty if the fish was missed in this frame. */
  readonly cameraDetections: TrackRecord['cameraDetections']
  /** By camera, the box of the detection; empty if the fish was missed in this frame. */
  readonly bboxes: TrackRecord['bboxes']
  /** Number of frames since the track began, including this one. */
  readonly age: number
  /** Number of frames in a row, up to this one, in which it was matched. */
  readonly hitStreak: number
  /** Number of frames since it was last matched; 0 if it was matched in this one. */
  readonly framesSinceUpdate: number
  /** The position before the last one; null if there was only one. */
  readonly #before: Vector | null

  private constructor(
    fishId: number,
    isConfirmed: boolean,
    age: number,
    hitStreak: number,
    framesSinceUpdate: number,
    before: Vector | null,
    last: Vector,
    seen: Seen,
  ) {
    this.fishId = fishId
    this.centroid3d = last
    this.confidence = seen.confidence
    this.reprojectionResidual = seen.reprojectionResidual
    this.nCameras = seen.nCameras
    this.isConfirmed = isConfirmed
    this.cameraDetections = seen.cameraDetections
    this.bboxes = seen.bboxes
    this.age = age
    this.hitStreak = hitStreak
    this.framesSinceUpdate = framesSinceUpdate
    this.#before = before
  }

  /** The last two positions, the older one first; a single one if the fish was matched once. */
  get positions(): Vector[] {
    return this.#before ? [this.#before, this.centroid3d] : [this.centroid3d]
  }

  /** The position in the next frame at constant velocity; the current position if there is only one. */
  predict(): Vector {
    const before = this.#before
    const last = this.centroid3d
    if (!before) return last
    return [2 * last[0] - before[0], 2 * last[1] - before[1], 2 * last[2] - before[2]]
  }

  /** @internal Begins a track. `at` is the checked position of the association. */
  static begin(fishId: number, association: AssociationResult, at: Vector, minHits: number): FishTrack {
    return new FishTrack(fishId, minHits <= 1, 1, 1, 0, null, at, association)
  }

  /** @internal The state after a frame in which the track was matched. */
  matched(association: AssociationResult, at: Vector, minHits: number): FishTrack {
    const hitStreak = this.hitStreak + 1
    const isConfirmed = this.isConfirmed || hitStreak >= minHits
    return new FishTrack(this.fishId, isConfirmed, this.age + 1, hitStreak, 0, this.centroid3d, at, association)
  }

  /** @internal The state after a frame in which the track was missed. */
  missed(): FishTrack {
    const { fishId, isConfirmed, age, framesSinceUpdate, centroid3d } = this
    return new FishTrack(fishId, isConfirmed, age + 1, 0, framesSinceUpdate + 1, this.#before, centroid3d, unseen)
  }
}
