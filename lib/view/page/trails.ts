/** Draws where each animal has been in the last frames. A trail ends where the animal was not seen. */
import type { ViewDescription } from '../wire/description.js'
import type { Eye, Pixel } from './cameras.js'
import { colourOf } from './colours.js'
import type { WindowCache } from './window-cache.js'

/** A trail fades in so many steps. */
const steps = 6

interface Course {
  readonly x: number[]
  readonly y: number[]
  /** Row of each point. */
  readonly rows: number[]
}

/** Draws the trails that end at a row. Frames that are not here yet are left out. */
export function drawTrails(
  context: CanvasRenderingContext2D,
  eye: Eye,
  view: ViewDescription,
  windows: WindowCache,
  row: number,
  length: number,
  slots: number,
): void {
  const courses = coursesOf(eye, view, windows, row, length, slots)
  context.lineWidth = 1.6
  context.lineJoin = 'round'
  for (const [id, { x, y, rows }] of courses) {
    context.strokeStyle = colourOf(id)
    for (let step = 0; step < steps; step++) {
      context.globalAlpha = (0.65 * (step + 1)) / steps
      context.beginPath()
      for (let i = 1; i < rows.length; i++) {
        const age = Math.floor(((row - rows[i]!) * steps) / length)
        if (steps - 1 - age !== step || rows[i]! !== rows[i - 1]! + 1) continue
        context.moveTo(x[i - 1]!, y[i - 1]!)
        context.lineTo(x[i]!, y[i]!)
      }
      context.stroke()
    }
  }
  context.globalAlpha = 1
}

function coursesOf(
  eye: Eye,
  { dimensions }: ViewDescription,
  windows: WindowCache,
  row: number,
  length: number,
  slots: number,
): Map<number, Course> {
  const courses = new Map<number, Course>()
  const at: Pixel = { x: 0, y: 0, depth: 0 }
  for (let past = Math.max(0, row - length + 1); past <= row; past++) {
    const held = windows.at(past)
    if (!held) continue
    const { ids, start } = held.window
    for (let cell = (past - start) * slots; cell < (past - start + 1) * slots; cell++) {
      const id = ids[cell]!
      const from = cell * dimensions
      if (id < 0 || Number.isNaN(held.anchors[from]!)) continue
      eye.project(held.anchors[from]!, held.anchors[from + 1]!, dimensions === 3 ? held.anchors[from + 2]! : 0, at)
      if (at.depth > 1) continue
      let course = courses.get(id)
      if (!course) {
        course = { x: [], y: [], rows: [] }
        courses.set(id, course)
      }
      course.x.push(at.x)
      course.y.push(at.y)
      course.rows.push(past)
    }
  }
  return courses
}
