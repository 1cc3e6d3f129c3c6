/** The detections of one camera in one frame. */
import { invalidArgument } from '../../base/errors.js'
import type { FrameLocation } from '../../base/frame-location.js'
import type { Vector } from '../../base/vectors.js'
import { centroidOf } from './centroid.js'
import type { Ray } from './nearest.js'
import type { CameraModel, Detection, PerCamera } from './types.js'

/** The detections of one camera in the current frame, and which of them are unclaimed. */
export class View {
  readonly camera: string
  readonly detections: readonly Detection[]
  /** Indices of the unclaimed detections that have a ray, ascending. */
  readonly unclaimed: number[] = []
  /** Indices of the detections without a ray. */
  readonly withoutRay: number[] = []
  readonly #model: CameraModel
  /** n x 2, px. */
  readonly #centroids: Float64Array
  /** n x 3. */
  readonly #origins: ArrayLike<number>
  readonly #directions: ArrayLike<number>

  constructor(camera: string, model: CameraModel, detections: readonly Detection[], location: FrameLocation) {
    this.camera = camera
    this.detections = detections
    this.#model = model
    this.#centroids = new Float64Array(2 * detections.length)
    for (const [i, detection] of detections.entries()) {
      this.#centroids.set(centroidOf(detection, i, camera, location), 2 * i)
    }
    const { origins, directions } = model.castRay(this.#centroids)
    if (origins.length !== 3 * detections.length || directions.length !== 3 * detections.length) {
      throw invalidArgument(
        `models[${camera}].castRay`,
        origins,
        'a function that returns three numbers for each pixel',
      )
    }
    this.#origins = origins
    this.#directions = directions
    for (const i of detections.keys()) (this.#hasRay(i) ? this.unclaimed : this.withoutRay).push(i)
  }

  #hasRay(i: number): boolean {
    const { origin, direction } = this.rayOf(i)
    return origin.every(Number.isFinite) && direction.every(Number.isFinite)
  }

  rayOf(i: number): Ray {
    const at = (values: ArrayLike<number>): Vector => [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!]
    return { origin: at(this.#origins), direction: at(this.#directions) }
  }

  /** The projection of a point, px; null if the camera cannot see it. */
  pixelOf(point: Vector): readonly [number, number] | null {
    const { pixels, valid } = this.#model.project(point)
    if (pixels.length !== 2 || valid.length !== 1) {
      throw invalidArgument(
        `models[${this.camera}].project`,
        pixels,
        'a function that returns two numbers for each point',
      )
    }
    return valid[0] ? [pixels[0]!, pixels[1]!] : null
  }

  /** The distance of a detection to a pixel, px. */
  distance(i: number, [u, v]: readonly [number, number]): number {
    const du = this.#centroids[2 * i]! - u
    const dv = this.#centroids[2 * i + 1]! - v
    return Math.sqrt(du * du + dv * dv)
  }

  claim(i: number): void {
    this.unclaimed.splice(this.unclaimed.indexOf(i), 1)
  }
}

/** Makes a view for each camera with detections. Throws ERR_UNKNOWN_CAMERA for a camera without a model. */
export function viewsOf(
  detections: PerCamera<readonly Detection[]>,
  models: PerCamera<CameraModel>,
  location: FrameLocation,
): View[] {
  const modelOf = new Map(entriesOf('models', models))
  return entriesOf('detections', detections).flatMap(([camera, list]) => {
    if (!Array.isArray(list))
      throw location.refusal('ERR_INVALID_TRACK', 'detections', 'must be an array', list, camera)
    if (list.length === 0) return []
    const model = modelOf.get(camera)
    if (model === undefined) {
      const allowed = 'must be of cameras that have a model'
      throw location.refusal('ERR_UNKNOWN_CAMERA', 'detections', allowed, camera, camera)
    }
    if (typeof model?.project !== 'function' || typeof model.castRay !== 'function') {
      throw invalidArgument(`models[${camera}]`, model, 'a camera with project and castRay')
    }
    return [new View(camera, model, list, location)]
  })
}

function entriesOf<T>(name: string, values: PerCamera<T>): [string, T][] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw invalidArgument(name, values, 'an object or a Map by camera')
  }
  return values instanceof Map ? [...values] : Object.entries(values as Readonly<Record<string, T>>)
}
