/** The one position that stands for the points of a record. */
import { fillNumber } from '../layout/half.js'
import type { Field } from '../layout/model.js'
import type { Drawn } from './fields.js'

/**
 * For each record its position as three numbers: the point chosen, the mean of those points that are known, or the middle of a box. A single
 * point is kept as it is. `columns`: the values of each of the fields.
 */
export function positionsOf(columns: readonly ArrayLike<number>[], drawn: Drawn): Float64Array {
  if (drawn.fields.length > 1) return joined(columns, drawn)
  const [values] = columns as [ArrayLike<number>]
  return drawn.isBox ? middles(values, drawn) : means(values, drawn)
}

function joined(columns: readonly ArrayLike<number>[], { fields }: Drawn): Float64Array {
  const cells = columns[0]!.length
  const positions = new Float64Array(3 * cells)
  const fills = fields.map(fillNumber)
  for (let cell = 0; cell < cells; cell++) {
    const isKnown = columns.some((values, axis) => !Object.is(values[cell], fills[axis]))
    for (let axis = 0; axis < columns.length; axis++)
      positions[3 * cell + axis] = isKnown ? columns[axis]![cell]! : Number.NaN
    if (!isKnown) positions.fill(Number.NaN, 3 * cell, 3 * cell + 3)
  }
  return positions
}

function middles(values: ArrayLike<number>, { fields }: Drawn): Float64Array {
  const fill = fillNumber(fields[0] as Field)
  const positions = new Float64Array((3 * values.length) / 4)
  for (let at = 0, to = 0; at < values.length; at += 4, to += 3) {
    if (!isKnown(values, at, 4, fill, true)) positions.fill(Number.NaN, to, to + 3)
    else {
      positions[to] = values[at]! + values[at + 2]! / 2
      positions[to + 1] = values[at + 1]! + values[at + 3]! / 2
    }
  }
  return positions
}

function means(values: ArrayLike<number>, { fields, dimensions, points, node }: Drawn): Float64Array {
  const width = dimensions * points
  const cells = values.length / width
  const positions = new Float64Array(3 * cells)
  const fill = fillNumber(fields[0] as Field)
  const [first, end] = node === null ? [0, points] : [node, node + 1]
  for (let cell = 0; cell < cells; cell++) {
    let known = 0
    for (let point = first; point < end; point++) {
      const at = cell * width + point * dimensions
      if (!isKnown(values, at, dimensions, fill, end - first === 1)) continue
      known++
      for (let axis = 0; axis < dimensions; axis++) positions[3 * cell + axis]! += values[at + axis]!
    }
    for (let axis = 0; axis < 3; axis++) {
      if (known === 0) positions[3 * cell + axis] = Number.NaN
      else positions[3 * cell + axis]! /= known
    }
  }
  return positions
}

/** False for a point that is not finite or all fill values. `only`: values that are not finite are counted later. */
function isKnown(values: ArrayLike<number>, at: number, dimensions: number, fill: number, only: boolean): boolean {
  let other = false
  for (let k = at; k < at + dimensions; k++) {
    if (!only && !Number.isFinite(values[k])) return false
    if (!Object.is(values[k], fill)) other = true
  }
  return other
}
