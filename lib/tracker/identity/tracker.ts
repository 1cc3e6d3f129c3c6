/** Follows fish from frame to frame and gives them identities. */
import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import { FrameLocation } from '../../base/frame-location.js'
import type { Vector } from '../../base/vectors.js'
import { checkLength } from '../association/options.js'
import type { AssociationResult, FrameAssociations } from '../association/types.js'
import { assign, byPlace, sorted } from './assign.js'
import { FishTrack } from './track.js'

/** Options of {@link FishTracker}. */
export interface TrackerOptions {
  /** Number of frames in a row in which a track must be matched to be confirmed. Default 2. */
  minHits?: number
  /** Number of frames in a row in which a track may be missed. A track that is missed once more ends. Default 7. */
  maxAge?: number
  /** Maximum distance in x and y between a fish and its predicted position, in the unit of positions. Default 0.1, for metres. */
  maxDistance?: number
  /** Number of fish, default 9. The tracker does not use it; it keeps it for `ransacCentroidCluster` and for `maxFish`. */
  expectedCount?: number
}

const int32Max = 2 ** 31 - 1

/**
 * Follows fish from frame to frame: takes associations without identity and returns tracks with one. The algorithm is AquaPose's
 * (phase 05-02): prediction at constant velocity and optimal assignment in x and y. An observation that matches no track takes
 * over the identity of a track that ends in the same frame, so that the number of identities grows only if it must.
 *
 * ```ts
 * const tracker = new FishTracker()
 * for (const detections of frames) {
 *   const frame = ransacCentroidCluster(detections, models, { seedPoints: tracker.seedPoints(), frameIndex })
 *   writer.writeFrame(frameIndex, tracker.update(frame))
 * }
 * ```
 */
export class FishTracker {
  readonly minHits: number
  readonly maxAge: number
  readonly maxDistance: number
  readonly expectedCount: number
  readonly #location = new FrameLocation('the frame was not tracked')
  #tracks: readonly FishTrack[] = []
  #lastIndex: number | bigint | null = null
  #nextId = 0

  /** Throws ERR_INVALID_ARGUMENT for an invalid option. */
  constructor(options: TrackerOptions = {}) {
    checkOptions('FishTracker', options, ['minHits', 'maxAge', 'maxDistance', 'expectedCount'])
    this.minHits = checkInteger('minHits', options.minHits ?? 2, 1, int32Max)
    this.maxAge = checkInteger('maxAge', options.maxAge ?? 7, 0, int32Max)
    this.maxDistance = checkLength('maxDistance', options.maxDistance ?? 0.1)
    this.expectedCount = checkInteger('expectedCount', options.expectedCount ?? 9, 0, int32Max)
  }

  /**
   * Processes the next frame and returns the confirmed tracks, including those that were missed in it. The fish of the first frame
   * get the ids 0, 1, 2 … by ascending x; later fish get ids in the order of the associations.
   *
   * Throws ERR_FRAME_ORDER if the index is not greater than that of the previous frame, and ERR_INVALID_TRACK or ERR_OUT_OF_RANGE
   * for an invalid association. A refused frame changes nothing, and tracking can continue with the next one.
   */
  update(frame: Pick<FrameAssociations, 'associations' | 'frameIndex'>): FishTrack[] {
    const places = this.#check(frame)
    const { associations, frameIndex } = frame
    this.#tracks = this.#advance(associations, places)
    this.#lastIndex = frameIndex
    return this.#confirmed()
  }

  /** All tracks, including those that are not confirmed. */
  allTracks(): FishTrack[] {
    return [...this.#tracks]
  }

  /** The last positions of the confirmed tracks, for the option `seedPoints` of `ransacCentroidCluster`; null if there are none. */
  seedPoints(): Vector[] | null {
    const confirmed = this.#confirmed()
    return confirmed.length === 0 ? null : confirmed.map(({ centroid3d }) => centroid3d)
  }

  #confirmed(): FishTrack[] {
    return this.#tracks.filter(({ isConfirmed }) => isConfirmed)
  }

  #advance(associations: readonly AssociationResult[], places: readonly Vector[]): FishTrack[] {
    const { minHits, maxAge, maxDistance } = this
    const assigned = assign(this.#tracks, places, maxDistance)
    const living: FishTrack[] = []
    const freed: number[] = []
    for (let n = 0; n < assigned.length; n++) {
      const track = this.#tracks[n]!
      const i = assigned[n]!
      const next = i < 0 ? track.missed() : track.matched(associations[i]!, places[i]!, minHits)
      if (next.framesSinceUpdate > maxAge) freed.push(track.fishId)
      else living.push(next)
    }
    const isFirst = this.#lastIndex === null
    for (const i of sorted(places.length, isFirst ? (i, j) => byPlace(places[i]!, places[j]!) : () => 0)) {
      if (assigned.includes(i)) continue
      const fishId = freed.shift() ?? this.#nextId++
      living.push(FishTrack.begin(fishId, associations[i]!, places[i]!, minHits))
    }
    return living
  }

  /** Checks a frame and returns the positions of its associations. */
  #check(frame: Pick<FrameAssociations, 'associations' | 'frameIndex'>): Vector[] {
    if (typeof frame !== 'object' || frame === null) throw invalidArgument('frame', frame, 'a FrameAssociations')
    const { associations, frameIndex } = frame
    const location = this.#location
    location.frame = frameIndex
    location.checkFrameIndex(this.#lastIndex)
    if (!Array.isArray(associations)) {
      throw location.refusal('ERR_INVALID_TRACK', 'associations', 'must be an array of AssociationResult', associations)
    }
    return (associations as readonly AssociationResult[]).map((association, i) => {
      if (typeof association !== 'object' || association === null) {
        throw location.refusal('ERR_INVALID_TRACK', `associations[${i}]`, 'must be an object', association)
      }
      return location.checkPoint(association.centroid3d, `associations[${i}].centroid3d`)
    })
  }
}
