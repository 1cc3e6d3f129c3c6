/** Sorts the tracks of a frame by id. */
import type { FrameLocation } from '../base/frame-location.js'
import type { TrackRecord } from '../base/track-record.js'

/** The tracks of the current frame by ascending id. Allocates no memory in the steady state. */
export class SortedTracks {
  /** The number of tracks. Later elements of `ids` and `tracks` belong to other frames. */
  length = 0
  ids = new Int32Array(64)
  tracks: readonly TrackRecord[] = []

  readonly #location: FrameLocation
  /** A reused array for tracks that are not in an array or not in order. It never shrinks, because that would free its memory. */
  readonly #own: TrackRecord[] = []

  constructor(location: FrameLocation) {
    this.#location = location
  }

  /** Takes the tracks of a frame. Throws if one has no valid id, or if two have the same id. */
  take(tracks: Iterable<TrackRecord>): void {
    if (Array.isArray(tracks)) {
      this.tracks = tracks
      this.length = tracks.length
    } else {
      this.#gather(tracks)
    }
    if (this.length > this.ids.length) this.ids = new Int32Array(2 * this.length)
    let ascending = true
    let before = -1
    for (let i = 0; i < this.length; i++) {
      const id = this.#idOf(i)
      this.ids[i] = id
      if (id <= before) ascending = false
      before = id
    }
    if (!ascending) this.#sort()
  }

  #gather(tracks: unknown): void {
    if (typeof (tracks as Iterable<TrackRecord> | null | undefined)?.[Symbol.iterator] !== 'function') {
      const allowed = 'must be an array or another iterable of TrackRecord'
      throw this.#location.refusal('ERR_INVALID_TRACK', 'tracks', allowed, tracks)
    }
    this.tracks = this.#own
    this.length = 0
    for (const track of tracks as Iterable<TrackRecord>) this.#own[this.length++] = track
  }

  #idOf(i: number): number {
    const track: unknown = this.tracks[i]
    if (typeof track !== 'object' || track === null) {
      throw this.#location.refusal('ERR_INVALID_TRACK', `tracks[${i}]`, 'must be an object', track)
    }
    const id: unknown = (track as TrackRecord).fishId
    if (typeof id !== 'number' || (id | 0) !== id || id < 0) this.#location.checkInteger(id, 0, `tracks[${i}].fishId`)
    return id
  }

  // An insertion sort: there are few fish, mostly in order, and it needs no memory.
  #sort(): void {
    const own = this.#own
    const { ids } = this
    if (this.tracks !== own) {
      for (let i = 0; i < this.length; i++) own[i] = this.tracks[i] as TrackRecord
      this.tracks = own
    }
    for (let i = 1; i < this.length; i++) {
      const id = ids[i] as number
      const track = own[i] as TrackRecord
      let to = i
      for (; to > 0 && (ids[to - 1] as number) > id; to--) {
        ids[to] = ids[to - 1] as number
        own[to] = own[to - 1] as TrackRecord
      }
      if (to > 0 && ids[to - 1] === id) {
        this.#location.key = id
        throw this.#location.refusal('ERR_DUPLICATE_FISH', 'fishId', 'must occur once in a frame', id)
      }
      ids[to] = id
      own[to] = track
    }
  }
}
