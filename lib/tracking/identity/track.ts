import type { Vector } from '../../vectors.js'
import type { AssociationResult } from '../association/types.js'
import type { TrackRecord } from '../types.js'

type Seen = Pick<
  FishTrack,
  'centroid3d' | 'confidence' | 'reprojectionResidual' | 'nCameras' | 'cameraDetections' | 'bboxes'
>
type Life = Pick<FishTrack, 'fishId' | 'isConfirmed' | 'age' | 'hitStreak' | 'framesSinceUpdate' | 'positions'>

const nothing = Object.freeze({})
const unseen = { confidence: -1, reprojectionResidual: -1, nCameras: 0, cameraDetections: nothing, bboxes: nothing }

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
  /** The last two positions, the older one first; one, where there was only one. */
  readonly positions: readonly [Vector] | readonly [Vector, Vector]

  private constructor(life: Life, seen: Seen) {
    this.fishId = life.fishId
    this.centroid3d = seen.centroid3d
    this.confidence = seen.confidence
    this.reprojectionResidual = seen.reprojectionResidual
    this.nCameras = seen.nCameras
    this.isConfirmed = life.isConfirmed
    this.cameraDetections = seen.cameraDetections
    this.bboxes = seen.bboxes
    this.age = life.age
    this.hitStreak = life.hitStreak
    this.framesSinceUpdate = life.framesSinceUpdate
    this.positions = life.positions
  }

  /** Where it will be in the next frame if it keeps its velocity; where it is, as long as there is one position. */
  predict(): Vector {
    const [before, last] = this.positions
    if (!last) return before
    return [2 * last[0] - before[0], 2 * last[1] - before[1], 2 * last[2] - before[2]]
  }

  /** @internal A new track; `at`: the position of the association, checked. */
  static begin(fishId: number, association: AssociationResult, at: Vector, minHits: number): FishTrack {
    const life: Life = {
      fishId,
      isConfirmed: minHits <= 1,
      age: 1,
      hitStreak: 1,
      framesSinceUpdate: 0,
      positions: [at],
    }
    return new FishTrack(life, { ...association, centroid3d: at })
  }

  /** @internal What it is after a frame in which it was matched. */
  matched(association: AssociationResult, at: Vector, minHits: number): FishTrack {
    const hitStreak = this.hitStreak + 1
    const life: Life = {
      fishId: this.fishId,
      isConfirmed: this.isConfirmed || hitStreak >= minHits,
      age: this.age + 1,
      hitStreak,
      framesSinceUpdate: 0,
      positions: [this.centroid3d, at],
    }
    return new FishTrack(life, { ...association, centroid3d: at })
  }

  /** @internal What it is after a frame in which it was missed. */
  missed(): FishTrack {
    const { fishId, isConfirmed, positions } = this
    const [age, framesSinceUpdate] = [this.age + 1, this.framesSinceUpdate + 1]
    const life: Life = { fishId, isConfirmed, age, hitStreak: 0, framesSinceUpdate, positions }
    return new FishTrack(life, { ...unseen, centroid3d: this.centroid3d })
  }
}
