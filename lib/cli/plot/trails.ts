/** Collects the lines of all animals. A line joins successive frames only: it is interrupted while an animal is not known. */

import type { Positions } from '../../positions/positions.js'
import type { ColourOf } from './colours.js'
import type { View } from './geometry.js'
import { include, noRange, type Point, type Range } from './range.js'
import { Canvas } from './strokes/canvas.js'
import { Trail } from './strokes/trail.js'
import { pointAt, type Survey } from './survey.js'

/** The share of the frames, at the end, that is drawn with heavy lines, so that the latest movements stand out. */
export const LATEST = 0.1

/** About the number of points in the whole picture that a browser still draws at once. */
const MOST_POINTS = 200_000

/** The lines of all animals in one view. */
export interface ViewTrails {
  /** By the id of the animal. */
  lines: Map<number, Lines>
  /** The lines that have too many points to be drawn as paths. */
  canvas: { all: Canvas; latest: Canvas }
}

/** The lines of an animal in one view. */
export interface Lines {
  all: Trail
  latest: Trail
}

export interface Trails {
  views: ViewTrails[]
  /** Number of interruptions, where an animal was not known. */
  gaps: number
  /** Positions outside of the picture. */
  outside: Outside
}

/** Positions outside of a view: their number, the ids of their animals, and the ranges that have them all. */
export interface Outside {
  positions: number
  ids: Set<number>
  ranges: [Range, Range, Range]
}

interface Course {
  /** One for each view. */
  lines: Lines[]
  row: number
  frame: bigint
  /** Of each view, true if the last position was in it. */
  inside: boolean[]
  point: Point | null
}

export async function trailsOf(
  positions: Positions,
  { animals, step }: Survey,
  views: readonly View[],
  colourOf: ColourOf,
): Promise<Trails> {
  const drawn = animals.filter(({ first }) => first !== null)
  const most = Math.floor(MOST_POINTS / (drawn.length * views.length))
  const canvases = views.map(({ width, height }) => ({
    all: new Canvas(width, height),
    latest: new Canvas(width, height),
  }))
  const course = (id: number): Course => ({
    lines: canvases.map(({ all, latest }) => ({
      all: new Trail(most, all, colourOf(id)),
      latest: new Trail(most, latest, colourOf(id)),
    })),
    row: Number.NEGATIVE_INFINITY,
    frame: 0n,
    inside: views.map(() => false),
    point: null,
  })
  const courses = new Map(drawn.map(({ id }) => [id, course(id)]))
  const latest = (1 - LATEST) * positions.frames
  const slots = positions.slots
  const outside: Outside = { positions: 0, ids: new Set(), ranges: [noRange(), noRange(), noRange()] }
  let gaps = 0
  let row = 0
  for await (const { frameIndex, ids, points } of positions.windows()) {
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k]!
      if (id < 0) continue
      const point = pointAt(points, k)
      const one = courses.get(id)
      if (point === null || one === undefined) continue
      const at = Math.floor(k / slots)
      const frame = frameIndex[at]!
      const advance = Number(frame - one.frame)
      // 1.5: if a clock numbers the frames, their distances vary a little.
      const joined = one.row === row + at - 1 && advance > 0 && advance <= 1.5 * step
      if (!joined && one.point !== null) gaps++
      for (let v = 0; v < views.length; v++) {
        const pixel = views[v]!.place(point)
        if (pixel !== null) {
          const lines = one.lines[v]!
          const isJoined = joined && one.inside[v]!
          lines.all.add(...pixel, isJoined)
          if (row + at >= latest) lines.latest.add(...pixel, isJoined && row + at - 1 >= latest)
        }
        one.inside[v] = pixel !== null
      }
      if (one.inside.includes(false)) {
        outside.positions++
        outside.ids.add(id)
        for (let axis = 0; axis < 3; axis++) include(outside.ranges[axis]!, point[axis]!)
      }
      one.row = row + at
      one.frame = frame
      one.point = point
    }
    row += frameIndex.length
  }
  const linesIn = (v: number) => new Map([...courses].map(([id, { lines }]) => [id, lines[v]!]))
  return { views: canvases.map((canvas, v) => ({ canvas, lines: linesIn(v) })), gaps, outside }
}
