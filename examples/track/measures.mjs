// Measures of how well identities are kept, from the literature on multi-object tracking.

import { munkres } from 'munkres'

/** @typedef {{ id: number, at: readonly [number, number, number] }} Located */

/**
 * Compares tracks with the ground truth frame by frame. Identity switches are those of CLEAR MOT (Bernardin and Stiefelhagen
 * 2008): a match of the frame before is kept while the two are within `radius`; the others are matched with the smallest sum of
 * distances; a true object matched to another track than before counts as a switch. IDF1 is that of Ristani et al.
 * 2016: whole true trajectories and whole tracks are paired one to one so that as many detections as possible agree (IDTP);
 * IDF1 = 2 IDTP / (detections in the truth + detections in the tracks).
 */
export class IdentityMeasures {
  switches = 0
  #radius
  #truth = 0
  #tracked = 0
  /** The last matched track of each true object. @type {Map<number, number>} */
  #last = new Map()
  /** The number of frames within the radius, by true object and track. @type {Map<number, Map<number, number>>} */
  #together = new Map()

  constructor(/** @type {number} */ radius) {
    this.#radius = radius
  }

  /** @param {readonly Located[]} truth @param {readonly Located[]} tracks */
  add(truth, tracks) {
    this.#truth += truth.length
    this.#tracked += tracks.length
    for (const object of truth) {
      const counts = this.#together.get(object.id) ?? new Map()
      this.#together.set(object.id, counts)
      for (const track of tracks) {
        if (distance(object, track) <= this.#radius) counts.set(track.id, (counts.get(track.id) ?? 0) + 1)
      }
    }
    for (const [object, track] of this.#matches(truth, tracks)) {
      const last = this.#last.get(object)
      if (last !== undefined && last !== track) this.switches++
      this.#last.set(object, track)
    }
  }

  get idf1() {
    const objects = [...this.#together.values()]
    const tracks = [...new Set(objects.flatMap((counts) => [...counts.keys()]))]
    const agreed = objects.map((counts) => tracks.map((track) => counts.get(track) ?? 0))
    const pairs = munkres(agreed.map((row) => row.map((frames) => -frames)))
    const identityTruePositives = pairs.reduce((sum, [object, track]) => sum + (agreed[object]?.[track] ?? 0), 0)
    return (2 * identityTruePositives) / (this.#truth + this.#tracked)
  }

  /** Pairs of ids. @param {readonly Located[]} truth @param {readonly Located[]} tracks @returns {[number, number][]} */
  #matches(truth, tracks) {
    /** @type {[number, number][]} */
    const kept = truth.flatMap((object) => {
      const track = tracks.find(({ id }) => id === this.#last.get(object.id))
      return track && distance(object, track) <= this.#radius ? [[object.id, track.id]] : []
    })
    const freeObjects = truth.filter(({ id }) => !kept.some(([object]) => object === id))
    const freeTracks = tracks.filter(({ id }) => !kept.some(([, track]) => track === id))
    // A pair too far apart costs more than all other pairs together, so the assignment matches as many as possible.
    const tooFar = this.#radius * truth.length + 1
    const costs = freeObjects.map((object) =>
      freeTracks.map((track) => (distance(object, track) <= this.#radius ? distance(object, track) : tooFar)),
    )
    /** @type {[number, number][]} */
    const found = munkres(costs).flatMap(([i, j]) => {
      const [object, track] = [freeObjects[i], freeTracks[j]]
      return object && track && distance(object, track) <= this.#radius ? [[object.id, track.id]] : []
    })
    return [...kept, ...found]
  }
}

function distance(/** @type {Located} */ a, /** @type {Located} */ b) {
  return Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1], a.at[2] - b.at[2])
}
