/** The picture: a canvas with the animals over the video of a camera. */
import type { Bounds, ViewDescription } from '../wire/description.js'
import { Eye } from './cameras.js'
import { type Drawn, Picture, type Scene } from './picture.js'
import { drawSurroundings, extentOf } from './surroundings.js'
import { drawTrails } from './trails.js'
import type { VideoLayer } from './video-layer.js'
import type { WindowCache } from './window-cache.js'

/** How near a click must be to an animal, CSS pixels. */
const clickReach = 16

export class Stage {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #video: VideoLayer
  readonly #onChange: () => void
  #view: ViewDescription | null = null
  #eye: Eye | null = null
  #bounds: Bounds | null = null
  #drawn: Drawn[] = []
  /** It is known what to look at. */
  #isFramed = false

  constructor(canvas: HTMLCanvasElement, video: VideoLayer, onChange: () => void) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d')!
    this.#video = video
    this.#onChange = onChange
    new ResizeObserver(() => this.#resize()).observe(canvas)
  }

  /** Shows another view. */
  show(view: ViewDescription): void {
    this.#eye?.dispose()
    this.#view = view
    this.#bounds = null
    this.#isFramed = view.size !== null
    this.#eye = new Eye(view, this.#canvas, this.#onChange)
    this.#resize()
    if (view.size) this.fit(null)
  }

  get isFramed(): boolean {
    return this.#isFramed
  }

  get eye(): Eye | null {
    return this.#eye
  }

  get bounds(): Bounds | null {
    return this.#bounds
  }

  /** Shows the ranges of the positions, with the tank, the image or the video. */
  fit(bounds: Bounds | null): void {
    if (!this.#view) return
    this.#bounds = bounds
    this.#isFramed = true
    const extent = extentOf(this.#sized(this.#view), bounds)
    if (extent) this.#eye?.fit(extent)
    this.#onChange()
  }

  /** The view with the size of the video, if the file does not say how large the images are. */
  #sized(view: ViewDescription): ViewDescription {
    const { size } = this.#video
    return view.size === null && view.video !== null && size ? { ...view, size } : view
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio)
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio)
    this.#eye?.resize(clientWidth, clientHeight)
    this.#onChange()
  }

  /** Draws a frame; without one, only what lies around. */
  draw(scene: Scene | null, windows: WindowCache, trail: number): void {
    if (!this.#view || !this.#eye) return
    const context = this.#context
    const view = this.#sized(this.#view)
    if (scene?.followed != null) this.#moveTo(scene)
    this.#eye.look()
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    context.clearRect(0, 0, this.#canvas.clientWidth, this.#canvas.clientHeight)
    context.font = '12px system-ui, "DejaVu Sans", sans-serif'
    drawSurroundings(context, this.#eye, view, this.#bounds)
    if (view.size) this.#video.place(this.#eye, view.size)
    if (!scene) return
    const row = scene.held.window.start + scene.row
    if (scene.shown.trails) drawTrails(context, this.#eye, view, windows, row, trail, scene.slots)
    this.#drawn = new Picture(context, this.#eye).animals(scene)
  }

  #moveTo({ held, row, slots, followed, view: { dimensions } }: Scene): void {
    for (let cell = row * slots; cell < (row + 1) * slots; cell++) {
      const [x, y, z = 0] = held.anchors.subarray(cell * dimensions, (cell + 1) * dimensions)
      if (held.window.ids[cell] === followed && !Number.isNaN(x!)) this.#eye?.moveTo(x!, y!, z)
    }
  }

  /** The animal at a place in the picture. */
  animalAt(x: number, y: number): number | null {
    const near = this.#drawn
      .map((one) => ({ id: one.id, distance: Math.hypot(one.x - x, one.y - y) }))
      .filter(({ distance }) => distance <= clickReach)
      .sort((a, b) => a.distance - b.distance)
    return near[0]?.id ?? null
  }
}
