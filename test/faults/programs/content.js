// The frames that the programs write and the verification expects: frame i of a seed depends on nothing else.
import { fish } from '../../support/tracking/frames.js'

/** @typedef {import('../../support/tracking/frames.js').Frame} Frame */

export const CAMERAS = ['left', 'right']
export const MAX_FISH = 4

/**
 * Two frames differ in every value, except that every eighth frame has no fish.
 * @param {number} seed
 * @param {number} i
 * @returns {Frame}
 */
export function frameOf(seed, i) {
  const count = i % 8 === 5 ? 0 : 1 + ((i + seed) % MAX_FISH)
  const number = seed * 1_000_000 + i
  return { frameIndex: number * 2, tracks: Array.from({ length: count }, (_, k) => fish(k * 3, number, CAMERAS)) }
}

/**
 * The place in the seed of the frame with this index.
 * @param {number} seed
 * @param {number | bigint} frameIndex
 */
export const placeOf = (seed, frameIndex) => Number(frameIndex) / 2 - seed * 1_000_000
