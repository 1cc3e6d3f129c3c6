/** Draws the animals of a frame. */
import type { Bounds, PartDescription, ViewDescription } from '../wire/description.js'
import type { PartWindow } from '../wire/window.js'
import type { Eye, Pixel } from './cameras.js'
import { colourOf } from './colours.js'
import type { Held } from './window-cache.js'

/** What is drawn besides points. */
export interface Shown {
  trails: boolean
  names: boolean
  lines: boolean
  boxes: boolean
  confidence: boolean
}

/** A frame to draw. */
export interface Scene {
  readonly view: ViewDescription
  readonly slots: number
  readonly bounds: Bounds | null
  readonly held: Held
  /** Row of the frame in the window. */
  readonly row: number
  readonly followed: number | null
  readonly shown: Shown
  nameOf(id: number): string
}

/** An animal of the drawn frame, for clicks. */
export interface Drawn {
  readonly id: number
  readonly x: number
  readonly y: number
}

/** Opacity of what has the confidence 0. */
const leastOpacity = 0.2

const opacityOf = (confidence: number) =>
  Number.isNaN(confidence) ? 1 : leastOpacity + (1 - leastOpacity) * confidence

const pixel = (): Pixel => ({ x: 0, y: 0, depth: 0 })

export class Picture {
  readonly #context: CanvasRenderingContext2D
  readonly #eye: Eye
  readonly #at = pixel()
  readonly #to = pixel()

  constructor(context: CanvasRenderingContext2D, eye: Eye) {
    this.#context = context
    this.#eye = eye
  }

  /** Draws the animals, those farther away first. */
  animals(scene: Scene): Drawn[] {
    const { held, row, slots, view, followed } = scene
    const cells: { cell: number; at: Pixel }[] = []
    for (let cell = row * slots; cell < (row + 1) * slots; cell++) {
      if (held.window.ids[cell]! < 0) continue
      const at = this.#anchor(held.anchors, cell, view.dimensions, pixel())
      if (at.depth <= 1) cells.push({ cell, at })
    }
    cells.sort((a, b) => b.at.depth - a.at.depth)
    const context = this.#context
    context.globalAlpha = 1
    const drawn = cells.map(({ cell, at: { x, y } }) => ({ id: held.window.ids[cell]!, x, y }))
    // Names lie under the animals, so that they hide none.
    if (scene.shown.names) for (const { id, x, y } of drawn) this.#name(scene.nameOf(id), x, y)
    for (const { cell, at } of cells) this.#animal(scene, cell, at)
    context.globalAlpha = 1
    for (const { id, x, y } of drawn) {
      if (id === followed) {
        context.strokeStyle = '#fff'
        context.lineWidth = 1.5
        context.beginPath()
        context.arc(x, y, 15, 0, 2 * Math.PI)
        context.stroke()
      }
    }
    return drawn
  }

  #anchor(anchors: Float32Array, cell: number, dimensions: 2 | 3, out: Pixel): Pixel {
    const at = cell * dimensions
    if (Number.isNaN(anchors[at]!)) return Object.assign(out, { depth: 2 })
    return this.#eye.project(anchors[at]!, anchors[at + 1]!, dimensions === 3 ? anchors[at + 2]! : 0, out)
  }

  #name(text: string, x: number, y: number): void {
    const context = this.#context
    context.lineWidth = 3
    context.strokeStyle = '#0e1217'
    context.fillStyle = '#e8edf2'
    context.strokeText(text, x + 9, y - 8)
    context.fillText(text, x + 9, y - 8)
  }

  #animal(scene: Scene, cell: number, at: Pixel): void {
    const { held, view, shown } = scene
    const { ids, confidence, parts } = held.window
    const opacity = shown.confidence ? opacityOf(confidence[cell]!) : 1
    const context = this.#context
    context.strokeStyle = context.fillStyle = colourOf(ids[cell]!)
    // Several parts with many points each would hide one another: a single point gives way to them.
    const hasMany = view.parts.some(({ kind, points }) => kind === 'points' && points > 1)
    for (const [p, part] of view.parts.entries()) {
      if (part.kind === 'box') {
        if (shown.boxes) this.#box(parts[p]!, cell, opacity)
      } else if (part.points > 1 || !hasMany) this.#points(part, parts[p]!, cell, opacity, scene)
    }
    const isBoxed = view.parts.every(({ kind }) => kind === 'box')
    if (isBoxed) this.#dot(at.x, at.y, 2.5, opacity)
  }

  #box({ values }: PartWindow, cell: number, opacity: number): void {
    const [x, y, width, height] = values.subarray(4 * cell, 4 * cell + 4) as unknown as [number, number, number, number]
    if (Number.isNaN(x)) return
    const from = this.#eye.project(x, y, 0, this.#at)
    const to = this.#eye.project(x + width, y + height, 0, this.#to)
    this.#context.globalAlpha = opacity
    this.#context.lineWidth = 2
    this.#context.strokeRect(from.x, from.y, to.x - from.x, to.y - from.y)
  }

  #points(
    part: PartDescription,
    { values, confidence }: PartWindow,
    cell: number,
    opacity: number,
    scene: Scene,
  ): void {
    const { view, shown } = scene
    const { points } = part
    const d = view.dimensions
    const place = (point: number, out: Pixel) => {
      const at = (cell * points + point) * d
      if (Number.isNaN(values[at]!)) return Object.assign(out, { depth: 2 })
      return this.#eye.project(values[at]!, values[at + 1]!, d === 3 ? values[at + 2]! : 0, out)
    }
    const opacityAt = (point: number) =>
      part.hasConfidence && shown.confidence ? opacity * opacityOf(confidence[cell * points + point]!) : opacity
    if (shown.lines) this.#lines(part.edges, place, opacityAt)
    // Points along a line are dots at its joints; the first one, the head, is larger.
    const isChain = part.edges.length === points - 1 && part.labels.length === 0 && points > 1
    const context = this.#context
    for (let point = 0; point < points; ) {
      // Points of the same opacity are one path.
      context.globalAlpha = opacityAt(point)
      context.beginPath()
      const first = point
      for (; point < points && opacityAt(point) === opacityAt(first); point++) {
        const { x, y, depth } = place(point, this.#at)
        if (depth > 1) continue
        const size = points === 1 ? 5.5 : isChain && point > 0 ? 1.6 : 3.5
        context.moveTo(x + size, y)
        context.arc(x, y, size, 0, 2 * Math.PI)
      }
      context.fill()
    }
  }

  #lines(
    edges: PartDescription['edges'],
    place: (point: number, out: Pixel) => Pixel,
    opacityAt: (point: number) => number,
  ): void {
    const context = this.#context
    const opacityOfEdge = ([a, b]: readonly [number, number]) => Math.min(opacityAt(a), opacityAt(b))
    context.lineWidth = 2
    for (let i = 0; i < edges.length; ) {
      const opacity = opacityOfEdge(edges[i]!)
      context.globalAlpha = opacity
      context.beginPath()
      for (; i < edges.length && opacityOfEdge(edges[i]!) === opacity; i++) {
        const from = place(edges[i]![0], this.#at)
        const to = place(edges[i]![1], this.#to)
        if (from.depth > 1 || to.depth > 1) continue
        context.moveTo(from.x, from.y)
        context.lineTo(to.x, to.y)
      }
      context.stroke()
    }
  }

  #dot(x: number, y: number, radius: number, opacity: number): void {
    const context = this.#context
    context.globalAlpha = opacity
    context.beginPath()
    context.arc(x, y, radius, 0, 2 * Math.PI)
    context.fill()
  }
}
