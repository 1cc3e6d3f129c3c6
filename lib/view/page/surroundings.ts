/** Draws what lies around the animals: the tank or the ranges of the positions in 3D, the image in 2D. */
import type { Bounds, ViewDescription } from '../wire/description.js'
import type { Eye, Pixel } from './cameras.js'

const axisNames = ['x', 'y', 'z'] as const

/** The ranges that are shown: the tank or the image with what reaches beyond, or the ranges of the positions. */
export function extentOf({ size, dimensions }: ViewDescription, bounds: Bounds | null): Bounds | null {
  if (size) return size.map((length, axis) => widened([0, length], bounds?.[axis], length))
  if (!bounds) return null
  // A flat recording gets a depth, so that it can be seen.
  const widest = Math.max(...bounds.map(([from, to]) => to - from)) || 1
  return bounds.slice(0, dimensions).map(([from, to]): readonly [number, number] => {
    const margin = Math.max(0.04 * (to - from), 0.02 * widest)
    return [from - margin, to + margin]
  })
}

/** So many times its size, positions beside the tank or the image are still shown: then the sizes do not fit one another. */
const far = 10

/** The range of the tank or image, and of the positions. */
function widened(
  [from, to]: readonly [number, number],
  range: readonly [number, number] | undefined,
  length: number,
): readonly [number, number] {
  if (!range) return [from, to]
  return [Math.max(Math.min(from, range[0]), from - far * length), Math.min(Math.max(to, range[1]), to + far * length)]
}

export function drawSurroundings(
  context: CanvasRenderingContext2D,
  eye: Eye,
  view: ViewDescription,
  bounds: Bounds | null,
): void {
  const box: Bounds | null = view.size ? view.size.map((length) => [0, length] as const) : extentOf(view, bounds)
  if (!box) return
  context.globalAlpha = 1
  context.lineWidth = 1
  if (view.dimensions === 3) drawTank(context, eye, box, view.unit)
  else drawImage(context, eye, box, view.unit)
}

function drawTank(context: CanvasRenderingContext2D, eye: Eye, box: Bounds, unit: string | null): void {
  const [a, b]: [Pixel, Pixel] = [
    { x: 0, y: 0, depth: 0 },
    { x: 0, y: 0, depth: 0 },
  ]
  const corner = (bits: number, out: Pixel) =>
    eye.project(box[0]![bits & 1]!, box[1]![(bits >> 1) & 1]!, box[2]![(bits >> 2) & 1]!, out)
  context.strokeStyle = '#4a5866'
  for (let from = 0; from < 8; from++) {
    for (const bit of [1, 2, 4]) {
      if (from & bit) continue
      line(context, corner(from, a), corner(from | bit, b))
    }
  }
  // The floor.
  context.strokeStyle = '#2a343f'
  for (let i = 1; i < 8; i++) {
    const [x, y] = [0, 1].map((axis) => box[axis]![0] + ((box[axis]![1] - box[axis]![0]) * i) / 8) as [number, number]
    line(context, eye.project(x, box[1]![0], box[2]![0], a), eye.project(x, box[1]![1], box[2]![0], b))
    line(context, eye.project(box[0]![0], y, box[2]![0], a), eye.project(box[0]![1], y, box[2]![0], b))
  }
  context.fillStyle = '#a9b6c3'
  for (const [axis, name] of axisNames.entries()) {
    // The height stands at an edge where no other label is.
    const middle = box.map(([from, to], other) =>
      other === axis ? (from + to) / 2 : axis === 2 && other === 0 ? to : from,
    )
    const { x, y, depth } = eye.project(middle[0]!, middle[1]!, middle[2]!, a)
    const length = box[axis]![1] - box[axis]![0]
    if (depth <= 1) context.fillText(`${name}  ${number(length)}${unit ? ` ${unit}` : ''}`, x + 4, y + 14)
  }
}

function drawImage(context: CanvasRenderingContext2D, eye: Eye, box: Bounds, unit: string | null): void {
  const from = eye.project(box[0]![0], box[1]![0], 0, { x: 0, y: 0, depth: 0 })
  const to = eye.project(box[0]![1], box[1]![1], 0, { x: 0, y: 0, depth: 0 })
  const [left, top] = [Math.min(from.x, to.x), Math.min(from.y, to.y)]
  const [width, height] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)]
  context.strokeStyle = '#3a4653'
  context.strokeRect(left, top, width, height)
  const size = box.map(([a, b]) => number(b - a)).join(' × ')
  context.fillStyle = '#a9b6c3'
  context.fillText(`${size}${unit ? ` ${unit}` : ''}`, left + 6, top + height - 7)
}

function line(context: CanvasRenderingContext2D, from: Pixel, to: Pixel): void {
  if (from.depth > 1 || to.depth > 1) return
  context.beginPath()
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
  context.stroke()
}

const number = (value: number) => String(Number(value.toPrecision(3)))
