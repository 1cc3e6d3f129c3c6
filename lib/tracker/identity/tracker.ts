import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import { FrameLocation } from '../../base/frame-location.js'
import type { Vector } from '../../base/vectors.js'
import { checkLength } from '../association/options.js'
import type { AssociationResult, FrameAssociations } from '../association/types.js'
import { assign, byPlace, sorted } from './assign.js'
import { FishTrack } from './track.js'

/** Options of {@link FishTracker}. */
export interface TrackerOptions {
  /** Frames in a row in which a track must be matched to be confirmed. Default 2. */
  minHits?: number
  /** Frames in a row in which a track may be missed; with the next one it dies. Default 7. */
  maxAge?: number
  /** How far, in x and y, a fish may be from where it was predicted, in the positions' unit. Default 0.1, meant as metres. */
  maxDistance?: number
  /** How many fish there are. Default 9. It bounds nothing here; it is kept for `ransacCentroidCluster` and `maxFish`. */
  expectedCount?: number
}

const int32Max = 2 ** 31 - 1

/**
 * Follows fish from frame to frame: observations without identity in, tracks with one out. The algorithm is AquaPose's (phase
 * 05-02): constant velocity, optimal assignment in x and y, and a population that does not grow where it need not, because an
 * observation that fits no track takes over the identity of a track that dies in the same frame.
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

  /** Throws ERR_INVALID_ARGUMENT for an option. */
  constructor(options: TrackerOptions = {}) {
    checkOptions('FishTracker', options, ['minHits', 'maxAge', 'maxDistance', 'expectedCount'])
    this.minHits = checkInteger('minHits', options.minHits ?? 2, 1, int32Max)
    this.maxAge = checkInteger('maxAge', options.maxAge ?? 7, 0, int32Max)
    this.maxDistance = checkLength('maxDistance', options.maxDistance ?? 0.1)
    this.expectedCount = checkInteger('expectedCount', options.expectedCount ?? 9, 0, int32Max)
  }

  /**
   * Takes the next frame in and gives the confirmed tracks, also those that were missed in it. The first frame's fish get the
   * ids 0, 1, 2 … in ascending x; later ones get theirs in the order in which they are given.
   *
   * Throws ERR_FRAME_ORDER for an index that is not above that of the frame before, ERR_INVALID_TRACK and ERR_OUT_OF_RANGE
   * for an association that is none; the frame is then not taken in, and the next one can be.
   */
  update(frame: Pick<FrameAssociations, 'associations' | 'frameIndex'>): FishTrack[] {
    const places = this.#check(frame)
    const { associations, frameIndex } = frame
    this.#tracks = this.#advance(associations, places)
    this.#lastIndex = frameIndex
    return this.#confirmed()
  }

  /** All tracks, also those that are not confirmed. */
  allTracks(): FishTrack[] {
    return [...this.#tracks]
  }

  /** The last positions of the confirmed tracks, where `ransacCentroidCluster` may look first; null while there is none. */
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

  /** The positions of a frame's associations, checked. */
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
