/** Collects the lines of all fish. A line joins successive frames only: it is interrupted while a fish is not known. */
import { Canvas } from './canvas.js'
import type { ColourOf } from './colours.js'
import type { View } from './geometry.js'
import type { Positions } from './positions.js'
import { type Point, pointAt, type Survey } from './survey.js'
import { Trail } from './trail.js'

/** The share of the frames, at the end, that is drawn with heavy lines, so that the latest movements stand out. */
export const LATEST = 0.1

/** About the number of points in the whole picture that a browser still draws at once. */
const MOST_POINTS = 200_000

/** The lines of all fish in one view. */
export interface ViewTrails {
  /** By the id of the fish. */
  lines: Map<number, Lines>
  /** The lines that have too many points to be drawn as paths. */
  canvas: { all: Canvas; latest: Canvas }
}

/** The lines of a fish in one view. */
export interface Lines {
  all: Trail
  latest: Trail
}

export interface Trails {
  views: ViewTrails[]
  /** Number of interruptions, where a fish was not known. */
  gaps: number
}

interface Course {
  /** One for each view. */
  lines: Lines[]
  row: number
  frame: bigint
  point: Point | null
}

export async function trailsOf(
  positions: Positions,
  { fish, step }: Survey,
  views: readonly View[],
  colourOf: ColourOf,
): Promise<Trails> {
  const drawn = fish.filter(({ first }) => first !== null)
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
    point: null,
  })
  const courses = new Map(drawn.map(({ id }) => [id, course(id)]))
  const latest = (1 - LATEST) * positions.frames
  const slots = positions.slots
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
        const [x, y] = views[v]!.place(point)
        const lines = one.lines[v]!
        lines.all.add(x, y, joined)
        if (row + at >= latest) lines.latest.add(x, y, joined && row + at - 1 >= latest)
      }
      one.row = row + at
      one.frame = frame
      one.point = point
    }
    row += frameIndex.length
  }
  const linesIn = (v: number) => new Map([...courses].map(([id, { lines }]) => [id, lines[v]!]))
  return { views: canvases.map((canvas, v) => ({ canvas, lines: linesIn(v) })), gaps }
}
