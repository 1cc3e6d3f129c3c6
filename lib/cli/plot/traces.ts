/** What is drawn of a file: where each fish was, at no more moments than a picture can show. */
import { TrackingReader } from '../../index.js'
import { checkInterruption, Failure } from '../exit.js'

export interface Place {
  x: number
  y: number
  z: number
  /** Counts the moments that are drawn. */
  moment: number
}

export interface Trace {
  fishId: number
  /** In the order of time; NaN where the fish is not known, which interrupts its line. */
  places: Place[]
}

export interface Traces {
  /** In ascending order of id. */
  fish: Trace[]
  /** Moments that are drawn: every frame, or every second, … of a long file. */
  moments: number
  frames: number
  cameras: number
  fps: number | null
  units: string | null
  /** Length, width, depth, from 0; null where the file does not say. */
  tank: readonly [number, number, number] | null
}

const MOST_MOMENTS = 1500
const WINDOW_FRAMES = 20_000

export async function readTraces(path: string): Promise<Traces> {
  using reader = new TrackingReader(path)
  const { length, maxFish, metadata } = reader
  const stride = Math.ceil(length / MOST_MOMENTS)
  const traces = new Map<number, Trace>()
  let moment = 0
  for (let start = 0; start < length; start += WINDOW_FRAMES) {
    await checkInterruption()
    const stop = Math.min(length, start + WINDOW_FRAMES)
    const { fishId, centroid3d } = await reader.read({ start, stop, fields: ['fishId', 'centroid3d'] })
    for (; moment * stride < stop; moment++) {
      const row = (moment * stride - start) * maxFish
      for (let k = row; k < row + maxFish; k++) {
        const id = fishId.data[k]!
        if (id < 0) continue
        const trace: Trace = traces.get(id) ?? { fishId: id, places: [] }
        traces.set(id, trace)
        const last = trace.places.at(-1)?.moment ?? moment
        if (last < moment - 1) trace.places.push({ x: Number.NaN, y: Number.NaN, z: Number.NaN, moment: moment - 1 })
        const [x, y, z] = centroid3d.data.subarray(3 * k, 3 * k + 3)
        trace.places.push({ x: x!, y: y!, z: z!, moment })
      }
    }
  }
  const fish = [...traces.values()]
  if (!fish.some(({ places }) => places.some(isKnown))) throw new Failure(`${path} holds no positions to draw`)
  return {
    fish: fish.sort((a, b) => a.fishId - b.fishId),
    moments: moment,
    frames: length,
    cameras: reader.cameraNames.length,
    fps: typeof metadata.fps === 'number' ? metadata.fps : null,
    units: typeof metadata.position_units === 'string' ? metadata.position_units : null,
    tank: sizeOfTank(metadata.tank_size),
  }
}

export function isKnown({ x, y, z }: Place): boolean {
  return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z)
}

function sizeOfTank(value: unknown): readonly [number, number, number] | null {
  const sizes =
    Array.isArray(value) && value.length === 3 && value.every((size) => typeof size === 'number' && size > 0)
  return sizes ? (value as unknown as [number, number, number]) : null
}
