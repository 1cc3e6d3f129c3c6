/**
 * Simulates the movement of the fish. Each swims in a direction that changes at random, stays loosely with the others, avoids
 * those that are close and turns before a wall. Speeds are in cm/s, accelerations in cm/s².
 */
import type { Point } from './camera.js'
import type { Random } from './random.js'

const CRUISE = 14
const TOP_SPEED = 30
const WALL = 14
const PERSONAL_SPACE = 12

export class School {
  /** x, y, z of each fish in turn, cm. Velocity and random acceleration (push) are stored in the same way. */
  readonly #position: Float64Array
  readonly #velocity: Float64Array
  readonly #push: Float64Array
  readonly #tank: Point
  readonly #random: Random

  constructor(fish: number, tank: Point, random: Random) {
    this.#tank = tank
    this.#random = random
    this.#position = new Float64Array(3 * fish)
    this.#velocity = new Float64Array(3 * fish)
    this.#push = new Float64Array(3 * fish)
    for (let k = 0; k < 3 * fish; k++) {
      this.#position[k] = tank[k % 3]! * (0.2 + 0.6 * random.uniform())
      this.#velocity[k] = (k % 3 === 2 ? 0.3 : 1) * CRUISE * random.normal() * 0.6
    }
  }

  /** The position of fish i, cm. */
  position(i: number): Point {
    return [this.#position[3 * i]!, this.#position[3 * i + 1]!, this.#position[3 * i + 2]!]
  }

  /** A vector of the given length in the swimming direction of fish i. */
  heading(i: number, length: number): Point {
    const factor = length / (speedOf(this.#velocity, i) || 1)
    return [this.#velocity[3 * i]! * factor, this.#velocity[3 * i + 1]! * factor, this.#velocity[3 * i + 2]! * factor]
  }

  /** Moves all fish by `dt` seconds. */
  step(dt: number): void {
    const fish = this.#position.length / 3
    const centre = mean(this.#position)
    const drift = mean(this.#velocity)
    for (let i = 0; i < fish; i++) this.#accelerate(i, centre, drift, dt)
    for (let i = 0; i < fish; i++) this.#advance(i, dt)
  }

  #accelerate(i: number, centre: Point, drift: Point, dt: number): void {
    const position = this.#position
    const velocity = this.#velocity
    const cruise = 1.2 * (CRUISE / (speedOf(velocity, i) || 1) - 1)
    const away = this.#awayFromOthers(i)
    for (let axis = 0; axis < 3; axis++) {
      const k = 3 * i + axis
      const vertical = axis === 2
      // An Ornstein-Uhlenbeck process: its variance does not depend on the frame rate.
      this.#push[k]! += -0.7 * this.#push[k]! * dt + (vertical ? 11 : 17) * Math.sqrt(dt) * this.#random.normal()
      const together = 0.12 * (centre[axis]! - position[k]!) + 0.35 * (drift[axis]! - velocity[k]!)
      const wall = wallPush(position[k]!, this.#tank[axis]!)
      const level = vertical ? -0.9 * velocity[k]! : 0
      velocity[k]! += (this.#push[k]! + together + away[axis]! + wall + level + cruise * velocity[k]!) * dt
    }
  }

  #awayFromOthers(i: number): [number, number, number] {
    const position = this.#position
    const away: [number, number, number] = [0, 0, 0]
    for (let other = 0; other < position.length; other += 3) {
      const dx = position[3 * i]! - position[other]!
      const dy = position[3 * i + 1]! - position[other + 1]!
      const dz = position[3 * i + 2]! - position[other + 2]!
      const distance = Math.sqrt(dx * dx + dy * dy + dz * dz)
      if (distance === 0 || distance > PERSONAL_SPACE) continue
      const push = (30 * (1 - distance / PERSONAL_SPACE)) / distance
      away[0] += push * dx
      away[1] += push * dy
      away[2] += push * dz
    }
    return away
  }

  #advance(i: number, dt: number): void {
    const slow = Math.min(1, TOP_SPEED / (speedOf(this.#velocity, i) || 1))
    for (let axis = 0; axis < 3; axis++) {
      const k = 3 * i + axis
      const size = this.#tank[axis]!
      this.#velocity[k]! *= slow
      this.#position[k]! += this.#velocity[k]! * dt
      if (this.#position[k]! < 1 || this.#position[k]! > size - 1) {
        this.#velocity[k]! *= -0.5
        this.#position[k] = Math.min(size - 1, Math.max(1, this.#position[k]!))
      }
    }
  }
}

function speedOf(velocity: Float64Array, i: number): number {
  const [x, y, z] = [velocity[3 * i]!, velocity[3 * i + 1]!, velocity[3 * i + 2]!]
  return Math.sqrt(x * x + y * y + z * z)
}

/** The acceleration away from the walls of one axis. It grows as a wall comes closer. */
function wallPush(at: number, size: number): number {
  const near = Math.max(0, 1 - at / WALL)
  const far = Math.max(0, 1 - (size - at) / WALL)
  return 130 * (near * near - far * far)
}

function mean(values: Float64Array): Point {
  const sum: [number, number, number] = [0, 0, 0]
  for (let k = 0; k < values.length; k++) sum[k % 3]! += values[k]!
  const n = values.length / 3
  return [sum[0] / n, sum[1] / n, sum[2] / n]
}
