/** The positions that `plot` draws: those of a tracking file, or a field of another layout. */
import type { ReadMetadata } from '../../layout/infer.js'
import type { Field } from '../../layout/model.js'
import type { FrameReader } from '../../reader/frame-reader.js'
import type { TrackingReader } from '../../tracking/reader.js'
import { checkInterruption } from '../shared/exit.js'
import { type Drawn, meansOf } from './means.js'

/** Frames with the ids of their tracks, and a position of three numbers for each id. An id below 0 is an empty slot. */
export interface PositionWindow {
  frameIndex: BigInt64Array
  ids: Int32Array
  points: Float32Array | Float64Array
}

/** What is drawn. */
export interface Positions {
  readonly frames: number
  readonly cameras: number
  readonly slots: number
  readonly metadata: Readonly<ReadMetadata>
  /** With 2, the third number of a position is 0. */
  readonly dimensions: 2 | 3
  /** Names of the axes. */
  readonly axes: readonly string[]
  /** y grows downwards, as in images. */
  readonly down: boolean
  readonly units: string | null
  /** One track, several of them, and one with its id. */
  readonly noun: string
  readonly plural: string
  label(id: number): string
  /** Says what is drawn; null for tracking files. */
  readonly drawn: string | null
  /** Reads window by window, so memory does not grow with the file. */
  windows(): AsyncGenerator<PositionWindow>
}

const windowBytes = 16 * 2 ** 20

async function* ranges(frames: number, bytesPerFrame: number): AsyncGenerator<{ start: number; stop: number }> {
  const rows = Math.max(1, Math.floor(windowBytes / bytesPerFrame))
  for (let start = 0; start < frames; start += rows) {
    await checkInterruption()
    yield { start, stop: Math.min(frames, start + rows) }
  }
}

/** The positions of fish. */
export function positionsOfFish(reader: TrackingReader): Positions {
  const { length, maxFish, cameraNames, metadata } = reader
  return {
    frames: length,
    cameras: cameraNames.length,
    slots: maxFish,
    metadata,
    dimensions: 3,
    axes: ['x', 'y', 'z'],
    down: false,
    units: typeof metadata.position_units === 'string' ? metadata.position_units : null,
    noun: 'fish',
    plural: 'fish',
    label: (id) => `fish ${id}`,
    drawn: null,
    async *windows() {
      for await (const range of ranges(length, 8 + 16 * maxFish)) {
        const { frameIndex, fishId, centroid3d } = await reader.read({
          ...range,
          fields: ['frameIndex', 'fishId', 'centroid3d'],
        })
        yield { frameIndex: frameIndex.data, ids: fishId.data, points: centroid3d.data }
      }
    },
  }
}

/** The positions in a field of another layout. */
export function positionsOfField(reader: FrameReader, name: string, { field, dimensions, points }: Drawn): Positions {
  const { length, slots, cameraNames, metadata, layout } = reader
  const { key, index } = layout
  const fields = [index.name, ...(key ? [key.name] : []), field.name]
  const labels = layout.axes.get(field.axes.at(-1) as string) ?? ['x', 'y', 'z']
  const mean = points === 1 ? '' : `, the mean of the ${points} points of a record that are known`
  return {
    frames: length,
    cameras: cameraNames.length,
    slots,
    metadata,
    dimensions,
    axes: labels.map(String),
    down: dimensions === 2 && field.unit === 'px',
    units: field.unit ?? null,
    noun: 'track',
    plural: 'tracks',
    label: (id) => (key ? `${key.name} ${id}` : name),
    drawn: `Drawn: ${field.name} of ${name}${mean}.`,
    async *windows() {
      // Half-precision floats are read into float32, and positions are kept as float64 besides.
      for await (const range of ranges(length, 12 + slots * (4 + 24 + 8 * dimensions * points))) {
        const window = (await reader.read({ ...range, fields: fields as never })) as unknown as Record<string, Read>
        const data = (one: Field) => (window[one.name] as Read).data
        const rows = range.stop - range.start
        const ids = key ? (data(key) as Int32Array) : new Int32Array(rows)
        const means = meansOf(data(field) as Float32Array, { field, dimensions, points })
        yield { frameIndex: data(index) as BigInt64Array, ids, points: means }
      }
    },
  }
}

interface Read {
  data: unknown
}
