import { type Detection, RefractiveCamera } from 'h5tracks'

// Three cameras side by side that look straight down at a water surface 1 m below them; z points down.

export const K = [
  [1400, 0, 800],
  [0, 1400, 600],
  [0, 0, 1],
]
export const straight = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

const above = (x: number, y: number) => new RefractiveCamera({ K, R: straight, t: [-x, -y, 0], waterZ: 1 })

export const overhead: Record<string, RefractiveCamera> = {
  west: above(-0.5, -0.4),
  east: above(0.5, -0.4),
  south: above(0, 0.5),
}

export type Point = [number, number, number]

export const detection = (u: number, v: number, confidence = 0.9): Detection => ({
  centroid: [u, v],
  bbox: [u - 10, v - 5, 20, 10],
  confidence,
})

/** The detections of all fish in each camera, in the order of `fish`, each with a random error of up to `error` px. */
export function detect(fish: Point[], cameras = overhead, error = 0, random: () => number = () => 0.5) {
  return Object.fromEntries(
    Object.entries(cameras).map(([name, camera]) => {
      const { pixels } = camera.project(fish.flat())
      const off = () => 2 * error * (random() - 0.5)
      return [name, fish.map((_, i) => detection(pixels[2 * i]! + off(), pixels[2 * i + 1]! + off()))]
    }),
  )
}

/** A generator that gives the same numbers for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
