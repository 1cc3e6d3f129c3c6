/** Collects what must be known before a file can be drawn: its animals, ranges, frame numbers and metadata. */

import { FrameSteps } from '../../positions/frame-steps.js'
import type { Positions, PositionWindow } from '../../positions/positions.js'
import { Failure } from '../shared/exit.js'
import { count } from '../shared/terminal.js'
import { include, noRange, type Point, type Range } from './range.js'
import { robustRange, Sample } from './spread.js'

export interface Animal {
  id: number
  /** null if its position is never known. */
  first: Point | null
  last: Point | null
}

export interface Survey {
  /** Every animal that is drawn, by ascending id. */
  animals: Animal[]
  /** The ranges of the positions that the picture shows: x, y, z. */
  ranges: [Range, Range, Range]
  frames: number
  /** The file has frames that are not drawn. */
  isPart: boolean
  /** Frames from the first to the last number, both included; null if the numbers do not increase. */
  span: number | null
  /** The most frequent difference between successive frame numbers. */
  step: number
  /** Number of positions that are partly unknown or not finite. */
  odd: number
  cameras: number
  fps: number | null
  units: string | null
  /** Length, width and depth from the metadata; null if there are none. One corner of the tank is the origin. */
  tank: Point | null
}

/** @throws Failure if the file holds no positions */
export async function survey(positions: Positions, path: string, axes: 'robust' | 'all'): Promise<Survey> {
  const animals = new Map<number, Animal>()
  const sample = new Sample()
  const ranges: [Range, Range, Range] = [noRange(), noRange(), noRange()]
  const steps = new FrameSteps()
  let odd = 0
  for await (const { frameIndex, ids, points } of positions.windows()) {
    for (const frame of frameIndex) steps.add(frame)
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k]!
      if (id < 0) continue
      let one = animals.get(id)
      if (one === undefined) {
        one = { id, first: null, last: null }
        animals.set(id, one)
      }
      const point = pointAt(points, k)
      if (point === null) {
        if (isOdd(points, k)) odd++
        continue
      }
      sample.add(point)
      one.first ??= point
      one.last = point
      for (let axis = 0; axis < 3; axis++) {
        include(ranges[axis]!, point[axis]!)
      }
    }
  }
  if (ranges[0][0] > ranges[0][1]) throw nothing(positions, path, odd)
  const { metadata, frames, isPart, cameras, units, camera } = positions
  const list = [...animals.values()].sort((a, b) => a.id - b.id)
  const shown = ranges.map((whole, axis) => {
    const firsts = list.flatMap(({ first }) => (first === null ? [] : [first[axis]!]))
    return axes === 'all' ? whole : robustRange(sample.along(axis), whole, firsts)
  })
  return {
    animals: list,
    ranges: shown as Survey['ranges'],
    frames,
    isPart,
    span: steps.span,
    step: steps.usual,
    odd,
    cameras,
    fps: typeof metadata.fps === 'number' ? metadata.fps : null,
    units,
    tank: camera === null ? sizeOfTank(metadata.tank_size) : null,
  }
}

function nothing({ isPart, camera, cameras }: Positions, path: string, odd: number): Failure {
  const where = camera === null ? '' : ` in the image of camera ${camera}`
  const advice = camera === null && cameras > 0 ? '; --camera draws those in the images of cameras' : ''
  const partly = odd > 0 ? `; ${count(odd, 'position')} partly unknown or not finite` : ''
  return new Failure(`${path} holds no positions to draw${where}${isPart ? ' in these frames' : ''}${partly}${advice}`)
}

/** null if the position is not completely known. */
export function pointAt(data: PositionWindow['points'], cell: number): Point | null {
  const [x, y, z] = [data[3 * cell]!, data[3 * cell + 1]!, data[3 * cell + 2]!]
  return Number.isFinite(x + y + z) ? [x, y, z] : null
}

function isOdd(data: PositionWindow['points'], cell: number): boolean {
  return !data.subarray(3 * cell, 3 * cell + 3).every(Number.isNaN)
}

function sizeOfTank(value: unknown): Point | null {
  const sizes =
    Array.isArray(value) && value.length === 3 && value.every((size) => typeof size === 'number' && size > 0)
  return sizes ? (value as unknown as Point) : null
}
