/** Simulates pinhole cameras on a ring above the tank, all looking at its centre. There is no refraction. */
import { cross, unit, type Vector } from '../base/vectors.js'

/** x, y, z in cm; z points up. */
export type Point = Vector

export interface Camera {
  position: Point
  /** Unit vectors of the camera: right and down in the image, and forward into the scene. */
  right: Point
  down: Point
  forward: Point
}

const FOCAL_PX = 1400
const IMAGE_CENTRE_PX: readonly [number, number] = [800, 600]

export function cameraRing(count: number, tank: Point): Camera[] {
  const target: Point = [tank[0] / 2, tank[1] / 2, tank[2] / 2]
  const radius = 0.75 * tank[0]
  const height = 1.5 * tank[0]
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count
    const position: Point = [target[0] + radius * Math.cos(angle), target[1] + radius * Math.sin(angle), height]
    const forward = unit([target[0] - position[0], target[1] - position[1], target[2] - position[2]])
    const right = unit(cross(forward, [0, 0, 1]))
    return { position, forward, right, down: cross(forward, right) }
  })
}

/** The pixel u, v of a point, and the scale of the image there in px per cm. */
export function project(camera: Camera, point: Point): [number, number, number] {
  const { position, right, down, forward } = camera
  const x = point[0] - position[0]
  const y = point[1] - position[1]
  const z = point[2] - position[2]
  const scale = FOCAL_PX / (x * forward[0] + y * forward[1] + z * forward[2])
  return [
    IMAGE_CENTRE_PX[0] + scale * (x * right[0] + y * right[1] + z * right[2]),
    IMAGE_CENTRE_PX[1] + scale * (x * down[0] + y * down[1] + z * down[2]),
    scale,
  ]
}
