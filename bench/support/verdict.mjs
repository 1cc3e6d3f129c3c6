// The content of a table row. A ratio always says how many times better ours is than the peer.
import { median } from './statistics.mjs'

/**
 * @typedef {object} Line
 * @property {string} what
 * @property {string} unit of `ours` and `peer`
 * @property {number} ours median
 * @property {number} [peer] median
 * @property {[number, number, number]} [ratio] of the medians, and the smallest and largest within one round
 * @property {[number, number]} [spread] smallest and largest of ours
 * @property {number} [atLeast]
 * @property {number} [aim]
 * @property {string} [limits] the unit printed after `atLeast` and `aim`, e.g. 'x' for a ratio
 * @property {string} verdict
 */

/**
 * Compares ours with a peer, round by round.
 *
 * @param {{ what: string, unit: string, ours: number[], peer: number[], higherIsBetter?: boolean, atLeast?: number, aim?: number }} row
 * @returns {Line}
 */
export function against({ what, unit, ours, peer, higherIsBetter = false, atLeast, aim }) {
  const better = (a, b) => (higherIsBetter ? a / b : b / a)
  const rounds = ours.map((value, i) => better(value, peer[i]))
  const ratio = [better(median(ours), median(peer)), Math.min(...rounds), Math.max(...rounds)]
  const verdict = judge(ratio[0], atLeast, aim)
  return {
    what,
    unit,
    ours: median(ours),
    peer: median(peer),
    ratio,
    atLeast,
    aim,
    limits: 'x',
    verdict,
    samples: { ours, peer },
  }
}

/**
 * Compares ours with a limit that it should stay below.
 *
 * @param {{ what: string, unit: string, ours: number[], peer?: number[], atLeast?: number, aim?: number }} row
 * @returns {Line}
 */
export function below({ what, unit, ours, peer, atLeast, aim }) {
  const value = median(ours)
  const verdict = judge(-value, atLeast === undefined ? undefined : -atLeast, aim === undefined ? undefined : -aim)
  const spread = [Math.min(...ours), Math.max(...ours)]
  return {
    what,
    unit,
    ours: value,
    spread,
    ...(peer && { peer: median(peer) }),
    atLeast,
    aim,
    limits: unit,
    verdict,
    samples: { ours, peer },
  }
}

/**
 * Compares ours with a number that it should reach.
 *
 * @param {{ what: string, unit: string, ours: number[], atLeast?: number, aim?: number }} row
 * @returns {Line}
 */
export function above({ what, unit, ours, atLeast, aim }) {
  const value = median(ours)
  const spread = [Math.min(...ours), Math.max(...ours)]
  const verdict = judge(value, atLeast, aim)
  return { what, unit, ours: value, spread, atLeast, aim, limits: unit, verdict, samples: { ours } }
}

/** @returns {Line} */
export const unmeasured = (what, error) => ({ what, unit: '', ours: Number.NaN, verdict: `not measured: ${error}` })

/** Says which of the two limits the value reaches; a larger value is better. */
export function judge(value, atLeast, aim) {
  if (aim !== undefined && value >= aim) return 'aim reached'
  if (atLeast !== undefined && value >= atLeast) return 'at least reached'
  return atLeast === undefined ? '' : 'NOT REACHED'
}
