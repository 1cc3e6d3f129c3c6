/** The cameras through which the page looks: they turn in 3D, move and zoom in 2D. */
import { type Camera, Matrix4, MOUSE, OrthographicCamera, PerspectiveCamera, Vector3 } from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import type { Bounds, ViewDescription } from '../wire/description.js'

/** A place in the picture, CSS pixels. */
export interface Pixel {
  x: number
  y: number
  /** From the near (-1) to the far end (1) of what is visible. Beyond, a point is not drawn. */
  depth: number
}

export class Eye {
  readonly #view: ViewDescription
  readonly #camera: PerspectiveCamera | OrthographicCamera
  readonly #controls: OrbitControls
  readonly #sign: 1 | -1
  readonly #matrix = new Matrix4()
  #width = 1
  #height = 1
  #bounds: Bounds | null = null
  /** The user has moved the camera: it is not moved to new bounds any more. */
  #isMoved = false

  constructor(view: ViewDescription, canvas: HTMLCanvasElement, onChange: () => void) {
    this.#view = view
    this.#sign = view.down ? -1 : 1
    if (view.dimensions === 3) {
      this.#camera = new PerspectiveCamera(40, 1, 0.01, 1000)
      this.#camera.up.set(0, 0, 1)
    } else this.#camera = new OrthographicCamera(-1, 1, 1, -1, -10, 10)
    this.#controls = new OrbitControls(this.#camera, canvas)
    this.#controls.zoomToCursor = true
    if (view.dimensions === 2) {
      this.#controls.enableRotate = false
      this.#controls.mouseButtons.LEFT = MOUSE.PAN
    }
    this.#controls.addEventListener('start', () => {
      this.#isMoved = true
    })
    this.#controls.addEventListener('change', onChange)
  }

  set turning(isOn: boolean) {
    this.#controls.autoRotate = isOn && this.#view.dimensions === 3
  }

  get turning(): boolean {
    return this.#controls.autoRotate
  }

  resize(width: number, height: number): void {
    this.#width = Math.max(1, width)
    this.#height = Math.max(1, height)
    this.#lens()
    if (!this.#isMoved && this.#bounds) this.#frame(this.#bounds)
  }

  /** Shows these bounds, unless the user chose what to look at. */
  fit(bounds: Bounds): void {
    this.#bounds = bounds
    if (!this.#isMoved) this.#frame(bounds)
  }

  /** Shows everything again. */
  reset(): void {
    this.#isMoved = false
    if (this.#bounds) this.#frame(this.#bounds)
  }

  zoom(factor: number): void {
    this.#isMoved = true
    const { target } = this.#controls
    if (this.#camera instanceof OrthographicCamera) this.#camera.zoom *= factor
    else this.#camera.position.sub(target).divideScalar(factor).add(target)
    this.#lens()
    this.#controls.update()
  }

  /** Moves along with an animal. */
  moveTo(x: number, y: number, z: number): void {
    const by = new Vector3(x, this.#sign * y, z).sub(this.#controls.target)
    this.#controls.target.add(by)
    this.#camera.position.add(by)
  }

  #lens(): void {
    const aspect = this.#width / this.#height
    if (this.#camera instanceof PerspectiveCamera) this.#camera.aspect = aspect
    else {
      const half = (this.#camera.top - this.#camera.bottom) / 2
      this.#camera.left = -half * aspect
      this.#camera.right = half * aspect
    }
    this.#camera.updateProjectionMatrix()
  }

  #frame(bounds: Bounds): void {
    const centre = bounds.map(([from, to]) => (from + to) / 2)
    const size = bounds.map(([from, to]) => Math.max(to - from, 1e-6))
    const [x, y, z] = [centre[0]!, this.#sign * centre[1]!, centre[2] ?? 0]
    this.#controls.target.set(x, y, z)
    if (this.#camera instanceof PerspectiveCamera) {
      const direction = new Vector3(-0.5, -1, 0.55).normalize()
      let distance = 2 * Math.hypot(...size)
      // So near that the corners just fit. Perspective makes the second approach better than the first.
      for (let approach = 0; approach < 3; approach++) {
        this.#camera.near = distance / 1000
        this.#camera.far = 100 * distance
        this.#camera.position.set(x, y, z).addScaledVector(direction, distance)
        this.#lens()
        this.#controls.update()
        distance *= this.#reachOf(bounds) / 0.92
      }
    } else {
      const half = 0.53 * Math.max(size[1]!, (size[0]! * this.#height) / this.#width)
      Object.assign(this.#camera, { top: half, bottom: -half, zoom: 1 })
      this.#camera.position.set(x, y, 1)
    }
    this.#lens()
    this.#controls.update()
  }

  /** How far the corners of a box reach from the middle of the picture: 1 is its border. */
  #reachOf(bounds: Bounds): number {
    this.look()
    let reach = 0
    for (let bits = 0; bits < 8; bits++) {
      const [px, py, pz] = bounds.map((range, axis) => range[(bits >> axis) & 1]!) as [number, number, number]
      const { x, y } = this.project(px, py, pz, { x: 0, y: 0, depth: 0 })
      reach = Math.max(reach, Math.abs((2 * x) / this.#width - 1), Math.abs((2 * y) / this.#height - 1))
    }
    return reach
  }

  /** Prepares for a picture. */
  look(): void {
    if (this.#controls.autoRotate) this.#controls.update(1 / 60)
    this.#camera.updateMatrixWorld()
    const camera: Camera = this.#camera
    this.#matrix.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
  }

  /** Where a point is in the picture. */
  project(px: number, py: number, pz: number, out: Pixel): Pixel {
    const e = this.#matrix.elements
    const y = this.#sign * py
    const w = e[3]! * px + e[7]! * y + e[11]! * pz + e[15]!
    out.x = (((e[0]! * px + e[4]! * y + e[8]! * pz + e[12]!) / w + 1) * this.#width) / 2
    out.y = ((1 - (e[1]! * px + e[5]! * y + e[9]! * pz + e[13]!) / w) * this.#height) / 2
    out.depth = w > 0 ? (e[2]! * px + e[6]! * y + e[10]! * pz + e[14]!) / w : 2
    return out
  }

  dispose(): void {
    this.#controls.dispose()
  }
}
