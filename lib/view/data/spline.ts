/** Points on B-splines, from their control points. */

/** The number of points that a spline is drawn with. */
export const splinePoints = 17

/**
 * Weights of the control points for each point of a spline: `splinePoints` rows of as many weights as there are control points.
 * null if the knots do not fit.
 */
export function splineWeights(knots: readonly number[], degree: number, controls: number): Float64Array | null {
  const fits = Number.isInteger(degree) && degree >= 1 && degree <= 10 && knots.length === controls + degree + 1
  if (!fits || controls <= degree || knots.some((knot, i) => i > 0 && !(knot >= knots[i - 1]!))) return null
  const [from, to] = [knots[degree]!, knots[controls]!]
  if (!(to > from)) return null
  const weights = new Float64Array(splinePoints * controls)
  for (let point = 0; point < splinePoints; point++) {
    const at = from + ((to - from) * point) / (splinePoints - 1)
    weights.set(basis(knots, degree, controls, at), point * controls)
  }
  return weights
}

/** The value of each basis function at a place, by the recursion of Cox and de Boor. */
function basis(knots: readonly number[], degree: number, controls: number, at: number): number[] {
  // The last interval that is not empty includes its end.
  let interval = degree
  while (interval < controls - 1 && at >= knots[interval + 1]!) interval++
  let values = Array.from({ length: knots.length - 1 }, (_, i): number => (i === interval ? 1 : 0))
  for (let k = 1; k <= degree; k++) {
    values = values.slice(1).map((next, i) => {
      const rise = knots[i + k]! - knots[i]!
      const fall = knots[i + k + 1]! - knots[i + 1]!
      return (
        (rise > 0 ? ((at - knots[i]!) / rise) * values[i]! : 0) +
        (fall > 0 ? ((knots[i + k + 1]! - at) / fall) * next : 0)
      )
    })
  }
  return values
}
