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
 * One identity as it was in one frame: a TrackRecord, to be written as it is. It never changes; the next frame has one of its
 * own. In a frame in which the fish was missed it holds the last position, and says of everything else that there is none.
 */
export class FishTrack implements TrackRecord {
  readonly fishId: number
  /** x, y, z; the last position that is known. */
  readonly centroid3d: Vector
  /** Of the association in this frame; -1 where it was missed. */
  readonly confidence: number
  /** Of the association in this frame, px; -1 where it was missed. */
  readonly reprojectionResidual: number
  /** Cameras that the position comes from; 0 where the fish was missed in this frame. */
  readonly nCameras: number
  /** Once it has been matched in `minHits` frames in a row, for good. */
  readonly isConfirmed: boolean
  /** Camera to the index of the detection; empty where the fish was missed in this frame. */
  readonly cameraDetections: TrackRecord['cameraDetections']
  /** Camera to the detection's box; empty where the fish was missed in this frame. */
  readonly bboxes: TrackRecord['bboxes']
  /** Frames that the track exists, this one among them. */
  readonly age: number
  /** Frames in a row, up to this one, in which it was matched. */
  readonly hitStreak: number
  /** Frames since it was matched: 0 where it was in this one. */
  readonly framesSinceUpdate: number
  /** The position before the last; null, where there was only one. */
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

  /** The last two positions, the older one first; one, where there was only one. */
  get positions(): Vector[] {
    return this.#before ? [this.#before, this.centroid3d] : [this.centroid3d]
  }

  /** Where it will be in the next frame if it keeps its velocity; where it is, as long as there is one position. */
  predict(): Vector {
    const before = this.#before
    const last = this.centroid3d
    if (!before) return last
    return [2 * last[0] - before[0], 2 * last[1] - before[1], 2 * last[2] - before[2]]
  }

  /** @internal A new track; `at`: the position of the association, checked. */
  static begin(fishId: number, association: AssociationResult, at: Vector, minHits: number): FishTrack {
    return new FishTrack(fishId, minHits <= 1, 1, 1, 0, null, at, association)
  }

  /** @internal What it is after a frame in which it was matched. */
  matched(association: AssociationResult, at: Vector, minHits: number): FishTrack {
    const hitStreak = this.hitStreak + 1
    const isConfirmed = this.isConfirmed || hitStreak >= minHits
    return new FishTrack(this.fishId, isConfirmed, this.age + 1, hitStreak, 0, this.centroid3d, at, association)
  }

  /** @internal What it is after a frame in which it was missed. */
  missed(): FishTrack {
    const { fishId, isConfirmed, age, framesSinceUpdate, centroid3d } = this
    return new FishTrack(fishId, isConfirmed, age + 1, 0, framesSinceUpdate + 1, this.#before, centroid3d, unseen)
  }
}
