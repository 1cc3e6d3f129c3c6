/** The fields that can be drawn, and the one position that stands for the points of a record. */
import { fillNumber } from '../../layout/half.js'
import type { Field, Layout } from '../../layout/model.js'
import { Failure } from '../shared/exit.js'

/** A field that is drawn. */
export interface Drawn {
  field: Field
  dimensions: 2 | 3
  /** Number of points of a record, such as keypoints. */
  points: number
}

/** The field named, else the only one that holds positions. Throws Failure, which says what to do. */
export function fieldToDraw({ fields, key }: Layout, name: string, path: string, wanted: string | undefined): Drawn {
  const all = fields.filter((field) => isPosition(field) && !(key && field.perFrame))
  const list = all.map((field) => field.name).join(', ')
  const where = `${path}: the layout ${name}`
  if (wanted !== undefined) {
    const chosen = all.find((field) => field.name === wanted)
    if (chosen) return drawn(chosen)
    throw new Failure(
      `${where} has no positions in a field ${wanted}; it has ${list === '' ? 'none that can be drawn' : list}`,
    )
  }
  const [only, another] = all
  if (only && !another) return drawn(only)
  if (another)
    throw new Failure(`${where} has several fields that may hold positions: ${list}; choose one with --field`)
  throw new Failure(
    `${where} has no positions to draw: none of its fields of a record has 2 or 3 numbers along its last axis; ` +
      'h5tracks info shows the fields',
  )
}

function isPosition({ value, storage, shape, perCamera }: Field): boolean {
  const isNumber = value.kind === 'float' || (value.kind === 'integer' && storage !== 'int64' && storage !== 'uint64')
  return isNumber && !perCamera && (shape.at(-1) === 2 || shape.at(-1) === 3)
}

function drawn(field: Field): Drawn {
  const points = field.shape.slice(0, -1).reduce((all, n) => all * n, 1)
  return { field, dimensions: field.shape.at(-1) as 2 | 3, points }
}

/** For each record the mean of those of its points that are known, as three numbers. A single point is kept as it is. */
export function meansOf(values: ArrayLike<number>, { field, dimensions, points }: Drawn): Float64Array {
  const width = dimensions * points
  const cells = values.length / width
  const means = new Float64Array(3 * cells)
  const fill = fillNumber(field)
  for (let cell = 0; cell < cells; cell++) {
    let known = 0
    for (let point = 0; point < points; point++) {
      const at = cell * width + point * dimensions
      if (!isKnown(values, at, dimensions, fill, points === 1)) continue
      known++
      for (let axis = 0; axis < dimensions; axis++) means[3 * cell + axis]! += values[at + axis]!
    }
    for (let axis = 0; axis < 3; axis++) {
      if (known === 0) means[3 * cell + axis] = Number.NaN
      else means[3 * cell + axis]! /= known
    }
  }
  return means
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
