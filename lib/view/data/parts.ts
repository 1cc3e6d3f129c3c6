/** How the parts of a view are made from the columns of a window. */
import { fillNumber } from '../../layout/half.js'
import type { Field, Layout } from '../../layout/model.js'
import type { PartDescription } from '../wire/description.js'
import type { PartWindow } from '../wire/window.js'
import type { Facts } from './facts.js'
import { type BoxForm, boxesIn, confidenceIn, type Positions, positionsIn } from './roles.js'
import { splinePoints, splineWeights } from './spline.js'

/** The values of a field in the cells of a window; undefined if the file lacks it. */
export type ColumnOf = (field: Field) => ArrayLike<number> | undefined

/** A part of a view, and how it is made. */
export interface PartPlan {
  readonly description: PartDescription
  readonly fields: readonly Field[]
  readonly dimensions: 2 | 3
  /** Writes the values of `cells` cells, the first of which becomes cell `to`. */
  fill(column: ColumnOf, cells: number, part: PartWindow, to: number): void
}

/** The parts that these fields of records make, without regard to their dimensions. */
export function partsOf(layout: Layout, fields: readonly Field[], facts: Facts): PartPlan[] {
  const points = positionsIn(layout, fields).map((positions) => pointsPart(layout, fields, positions, facts))
  return [...points, ...boxesIn(layout, fields).map(({ field, form }) => boxPart(field, form))]
}

function pointsPart(layout: Layout, fields: readonly Field[], given: Positions, facts: Facts): PartPlan {
  const [field] = given.fields as [Field]
  const { dimensions } = given
  const spline = /control_?points?/i.test(field.dataset) ? splineOf(given, facts) : null
  const points = spline ? splinePoints : given.points
  const confidence = points > 1 && !spline ? confidenceIn(fields, points) : undefined
  const labels = (layout.axes.get(field.axes[0] as string) ?? []).map(String)
  const description = {
    kind: 'points',
    name: field.name,
    points,
    edges: spline ? chain(points) : edgesOf(given, labels, facts),
    labels: !spline && given.points > 1 && field.shape.length === 2 ? labels : [],
    hasConfidence: confidence !== undefined,
  } as const
  return {
    description,
    dimensions,
    fields: confidence ? [...given.fields, confidence] : given.fields,
    fill(column, cells, part, to) {
      const width = given.points * dimensions
      const own = spline ? new Float32Array(cells * width) : part.values.subarray(to * width, (to + cells) * width)
      interleave(given.fields, column, own)
      blank(own, dimensions, given.fields.map(fillNumber))
      if (spline) spread(own, part.values.subarray(to * points * dimensions), spline, given, cells)
      if (confidence)
        shares(confidence, column(confidence), part.confidence.subarray(to * points, (to + cells) * points))
    },
  }
}

/** Copies values; those of several fields alternate. Absent values become NaN. */
function interleave(fields: readonly Field[], column: ColumnOf, out: Float32Array): void {
  for (const [i, field] of fields.entries()) {
    const values = column(field)
    if (!values) out.fill(Number.NaN)
    else if (fields.length === 1) out.set(values as ArrayLike<number>)
    else for (let at = 0; at < values.length; at++) out[at * fields.length + i] = values[at]!
  }
}

/** Makes points NaN that are partly unknown, or whose coordinates are all fill values. */
function blank(out: Float32Array, width: number, fills: readonly number[]): void {
  for (let at = 0; at < out.length; at += width) {
    let isFill = true
    let isKnown = true
    for (let k = 0; k < width; k++) {
      if (out[at + k] !== fills[fills.length > 1 ? k : 0]) isFill = false
      if (!Number.isFinite(out[at + k])) isKnown = false
    }
    if (isFill || !isKnown) out.fill(Number.NaN, at, at + width)
  }
}

/** Copies confidences as numbers from 0 to 1. */
export function shares(field: Field, values: ArrayLike<number> | undefined, out: Float32Array): void {
  const fill = fillNumber(field)
  for (let i = 0; i < out.length; i++) {
    const value = values?.[i] ?? Number.NaN
    out[i] = value === fill ? Number.NaN : Math.min(1, Math.max(0, value))
  }
}

function boxPart(field: Field, form: BoxForm): PartPlan {
  return {
    description: { kind: 'box', name: field.name, points: 1, edges: [], labels: [], hasConfidence: false },
    fields: [field],
    dimensions: 2,
    fill(column, cells, { values }, to) {
      const own = values.subarray(to * 4, (to + cells) * 4)
      interleave([field], column, own)
      blank(own, 4, [fillNumber(field)])
      if (form === 'corner') return
      for (let at = 0; at < own.length; at += 4) {
        const [x, y, a, b] = own.subarray(at, at + 4) as unknown as [number, number, number, number]
        own.set(form === 'corners' ? [x, y, a - x, b - y] : [x - a / 2, y - b / 2, a, b], at)
      }
    },
  }
}

const chain = (points: number) => Array.from({ length: points - 1 }, (_, i) => [i, i + 1] as const)

/** The edges of the skeleton, if the field holds its nodes; a chain for points along a line; else none. */
function edgesOf(
  { points, fields }: Positions,
  labels: readonly string[],
  facts: Facts,
): (readonly [number, number])[] {
  if (points < 2) return []
  const axis = fields[0]?.axes[0] ?? ''
  if (/sample|control|midline|spline|contour/i.test(`${axis} ${fields[0]?.name}`)) return chain(points)
  const numbers = facts.numbers('edge_inds', 'edges', 'skeleton_edges')
  const names = facts.texts('edges', 'skeleton_edges', 'edge_names')
  const nodes = numbers.length > 0 ? numbers : names.map((name) => labels.indexOf(name))
  const pairs = Array.from(
    { length: Math.floor(nodes.length / 2) },
    (_, i) => [nodes[2 * i]!, nodes[2 * i + 1]!] as const,
  )
  return pairs.filter((pair) => pair.every((node) => Number.isInteger(node) && node >= 0 && node < points))
}

function splineOf({ points }: Positions, facts: Facts): Float64Array | null {
  return splineWeights(facts.numbers('spline_knots'), facts.numbers('spline_k')[0] ?? 3, points)
}

/** Makes the points of splines from control points. */
function spread(
  controls: Float32Array,
  out: Float32Array,
  weights: Float64Array,
  { points, dimensions }: Positions,
  cells: number,
): void {
  for (let cell = 0; cell < cells; cell++) {
    for (let point = 0; point < splinePoints; point++) {
      for (let axis = 0; axis < dimensions; axis++) {
        let sum = 0
        for (let k = 0; k < points; k++) {
          sum += weights[point * points + k]! * controls[(cell * points + k) * dimensions + axis]!
        }
        out[(cell * splinePoints + point) * dimensions + axis] = sum
      }
    }
  }
}
