/** `stats`: how far, how fast and how completely each animal was tracked. */
import { checkOptions, invalidArgument } from '../base/errors.js'
import { toPath } from '../base/path.js'
import type { LossOptions } from '../frames/file/unclosed.js'
import { positionsToDraw } from '../positions/fields.js'
import type { IndexRange } from '../positions/frame-range.js'
import { FrameSteps } from '../positions/frame-steps.js'
import { type Positions, positionsIn } from '../positions/positions.js'
import { FrameReader } from '../reader/frame-reader.js'
import { checkCamera } from './camera.js'
import { Course, type CourseStats } from './course.js'
import { checkKeys } from './options.js'

export interface StatsOptions extends IndexRange, LossOptions {
  /** The name of the group of the layout. Needed if the file has several. */
  layout?: string
  /** The field with the positions. Default: the only one that holds positions; `x, y` for fields x and y. */
  field?: string
  /** The point of a record, of several in the field: a name along its axis, or a number. Default: the mean of those that are known. */
  node?: string
  /** The camera in whose image positions are measured. Default: positions in space. */
  camera?: string
  /** The keys of the records: the ids of animals. Default: all. */
  animals?: Iterable<number>
  /** Frames per second. Default: the attribute `fps` of the file. */
  fps?: number
  signal?: AbortSignal
}

/** What is known of an animal. Distances are in `units`, speeds in `units` per second, or per frame if `fps` is not known. */
export interface AnimalStats extends CourseStats {
  id: number
  /** What the file calls it: a name, or 'fish 3'. */
  name: string
  /** The share of the frames, missing ones included, in which its position is known: 0 to 1. */
  coverage: number
}

export interface StatsReport {
  path: string
  layout: string
  /** What was measured, in words: the field, and the mean or node. */
  measured: string
  /** Frames that were read, and the frame indices from the first to the last of them, missing ones included. */
  frames: number
  span: number
  fps: number | null
  units: string | null
  /** What the animals are called: 'fish', 'animal' or 'track'. */
  noun: string
  animals: AnimalStats[]
}

/**
 * Measures each animal of a recording: in how many frames its position is known, gaps, distance and speed. Distance adds up the straight
 * lines between the positions in successive frames, so that nothing is added across a gap; it grows with the noise of the positions. Memory does
 * not grow with the file.
 *
 * Rejects with ERR_INVALID_ARGUMENT for layouts and fields that need a choice or hold no positions; ERR_UNKNOWN_CAMERA; and the errors of opening.
 */
export async function stats(path: string | URL, options: StatsOptions = {}): Promise<StatsReport> {
  const { layout, field, node, camera, animals, fps, signal, acceptLoss = false, start, stop } = checkStats(options)
  const name = toPath(path)
  using reader = new FrameReader(name, layout, { acceptLoss })
  checkCamera(reader, camera)
  const layoutName = reader.layout.root.slice(1)
  const drawn = positionsToDraw(reader.layout, layoutName, name, { field, node, inCameras: camera !== undefined })
  const ids = animals === undefined ? undefined : [...checkKeys('animals', animals)]
  const part = { ids, signal, ...(start !== undefined && { start }), ...(stop !== undefined && { stop }) }
  const seen = drawn.perCamera ? (camera ?? onlyCamera(reader.cameraNames)) : null
  const positions = await positionsIn(reader, layoutName, drawn, seen, part)
  const rate = fps ?? (typeof positions.metadata.fps === 'number' ? positions.metadata.fps : null)
  // The reader is closed when this function returns.
  return await measure(name, layoutName, positions, rate !== null && rate > 0 ? rate : null)
}

function checkStats(options: StatsOptions): StatsOptions {
  const known = ['layout', 'field', 'node', 'camera', 'animals', 'fps', 'signal', 'acceptLoss', 'start', 'stop']
  checkOptions('stats', options, known)
  const { fps } = options
  if (fps !== undefined && !(Number.isFinite(fps) && fps > 0)) throw invalidArgument('fps', fps, 'a number above 0')
  return options
}

function onlyCamera(cameras: readonly string[]): string {
  const [only, another] = cameras
  if (only === undefined || another !== undefined) {
    throw invalidArgument(
      'camera',
      undefined,
      `one of ${cameras.join(', ')}: positions are those in the images of cameras`,
    )
  }
  return only
}

async function measure(path: string, layout: string, positions: Positions, fps: number | null): Promise<StatsReport> {
  const steps = new FrameSteps()
  for await (const { frameIndex } of positions.windows()) for (const frame of frameIndex) steps.add(frame)
  const step = steps.usual
  const courses = new Map<number, Course>()
  let row = 0
  for await (const { frameIndex, ids, points } of positions.windows()) {
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k] as number
      if (id < 0) continue
      let course = courses.get(id)
      if (course === undefined) {
        course = new Course(positions.dimensions, step)
        courses.set(id, course)
      }
      const at = Math.floor(k / positions.slots)
      course.add(row + at, frameIndex[at] as bigint, points, 3 * k)
    }
    row += frameIndex.length
  }
  const span = steps.span ?? positions.frames
  // Of frames that were numbered with larger steps, or by a clock.
  const expected = Math.max(positions.frames, steps.span === null ? 0 : Math.round((span - 1) / step) + 1)
  const animals = [...courses]
    .sort(([a], [b]) => a - b)
    .map(([id, course]) => {
      const one = course.stats(fps)
      return { id, name: positions.label(id), coverage: expected === 0 ? 0 : one.frames / expected, ...one }
    })
  const { drawn, frames, units, noun } = positions
  const measured = drawn?.replace(/^Drawn: /, '').replace(/\.$/, '') ?? `centroid3d of ${layout}`
  return { path, layout, measured, frames, span, fps, units, noun, animals }
}
