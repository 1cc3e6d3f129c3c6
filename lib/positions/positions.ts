/** The positions of animals, frame by frame: those of a tracking file, or fields of another layout; in space, or in the image of a camera. */
import { setImmediate } from 'node:timers/promises'
import type { ReadMetadata } from '../layout/infer.js'
import type { Field } from '../layout/model.js'
import { isTracking } from '../layouts/tracking.js'
import type { FrameReader } from '../reader/frame-reader.js'
import type { Drawn } from './fields.js'
import { checkRange, type IndexRange, type RowRange, rowsInRange } from './frame-range.js'
import { positionsOf } from './means.js'
import { type Names, namesFor } from './names.js'

/** Frames with the ids of their tracks, and a position of three numbers for each id. An id below 0 is an empty slot. */
export interface PositionWindow {
  frameIndex: BigInt64Array
  ids: Int32Array
  points: Float32Array | Float64Array
}

/** What is drawn. */
export interface Positions extends Names {
  /** Frames that are drawn, and whether the file has others. */
  readonly frames: number
  readonly isPart: boolean
  readonly cameras: number
  /** The camera in whose image the positions are; null in space. */
  readonly camera: string | null
  readonly slots: number
  readonly metadata: Readonly<ReadMetadata>
  /** With 2, the third number of a position is 0. */
  readonly dimensions: 2 | 3
  /** Names of the axes. */
  readonly axes: readonly string[]
  /** y grows downwards, as in images. */
  readonly down: boolean
  readonly units: string | null
  /** Says what is drawn; null for positions of tracking files in space. */
  readonly drawn: string | null
  /** Reads window by window, so memory does not grow with the file. */
  windows(): AsyncGenerator<PositionWindow>
}

/** The part of a file that is drawn. */
export interface Part extends IndexRange {
  /** The ids of the animals to draw. Default: all. */
  ids?: readonly number[] | undefined
  signal?: AbortSignal | undefined
}

const windowBytes = 16 * 2 ** 20

async function* pieces(
  rows: readonly RowRange[],
  bytesPerFrame: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<RowRange> {
  const most = Math.max(1, Math.floor(windowBytes / bytesPerFrame))
  for (const { start: first, stop: end } of rows) {
    for (let start = first; start < end; start += most) {
      await setImmediate()
      signal?.throwIfAborted()
      yield { start, stop: Math.min(end, start + most) }
    }
  }
}

/** The positions in fields of a layout; `camera`: the camera in whose image they are. */
export function positionsIn(
  reader: FrameReader,
  name: string,
  drawn: Drawn,
  camera: string | null,
  part: Part,
): Promise<Positions> {
  const { layout, slots, cameraNames, metadata } = reader
  const { key, index } = layout
  const { fields, dimensions, points, perCamera } = drawn
  const [first] = fields as [Field]
  const names = [index.name, ...(key ? [key.name] : []), ...fields.map((field) => field.name)]
  const labels = layout.axes.get(first.axes.at(-1) as string)
  // What the picture of a tracking file shows needs no words.
  const isCentroids = isTracking(layout) && !perCamera
  const isImage = perCamera || /^(px|pixels?)$/i.test(first.unit ?? '')
  return selected(reader, part, {
    ...namesFor(layout, metadata),
    cameras: cameraNames.length,
    camera,
    metadata,
    slots,
    dimensions,
    axes: !drawn.isBox && labels?.length === dimensions ? labels.map(String) : ['x', 'y', 'z'],
    down: dimensions === 2 && (isImage || (first.unit === undefined && points > 1)),
    units: isCentroids ? unitsIn(metadata) : (first.unit ?? (perCamera ? 'px' : null)),
    drawn: isCentroids
      ? null
      : `Drawn: ${drawn.name} of ${name}${camera === null ? '' : ` in camera ${camera}`}${whichOf(drawn, layout.axes)}.`,
    // Half-precision floats are read into float32, and positions are kept as float64 besides.
    bytesPerFrame:
      12 + slots * (4 + 24 + 8 * fields.reduce((sum, { shape }) => sum + shape.reduce((all, n) => all * n, 1), 0)),
    async read(range) {
      const options = { ...range, fields: names as never, ...(camera !== null && { cameras: [camera] }) }
      const window = (await reader.read(options)) as unknown as Record<string, Read & Record<string, Read>>
      const data = (one: Field) =>
        (one.perCamera ? window[one.name]?.[camera as string] : window[one.name])?.data as Float32Array
      const ids = key ? (data(key) as unknown as Int32Array) : new Int32Array(range.stop - range.start)
      const positions = positionsOf(fields.map(data), drawn)
      return { frameIndex: data(index) as unknown as BigInt64Array, ids, points: positions }
    },
  })
}

function unitsIn({ position_units: units }: Readonly<ReadMetadata>): string | null {
  return typeof units === 'string' ? units : null
}

interface Read {
  data: unknown
}

function whichOf({ points, node, isBox, fields }: Drawn, axes: ReadonlyMap<string, readonly unknown[]>): string {
  if (isBox) return ', the middle of each box'
  if (node !== null) return `, the node ${axes.get(fields[0]?.axes[0] as string)?.[node] ?? node}`
  return points === 1 ? '' : `, the mean of the ${points} points of a record that are known`
}

type Readable = Omit<Positions, 'frames' | 'isPart' | 'windows'> & {
  bytesPerFrame: number
  read(range: RowRange): Promise<PositionWindow>
}

/** The frames and animals of the part. */
async function selected(
  reader: FrameReader,
  { start, stop, ids: wanted, signal }: Part,
  { bytesPerFrame, read, ...rest }: Readable,
): Promise<Positions> {
  const range = checkRange({ ...(start !== undefined && { start }), ...(stop !== undefined && { stop }) })
  const rows = await rowsInRange(reader.length, range, async (rows) => {
    const window = await reader.read({ ...rows, fields: ['frameIndex'] as never })
    return (window as unknown as { frameIndex: { data: BigInt64Array } }).frameIndex.data
  })
  const frames = rows.reduce((sum, { start, stop }) => sum + stop - start, 0)
  const chosen = wanted && new Set(wanted)
  return {
    ...rest,
    frames,
    isPart: frames < reader.length,
    async *windows() {
      for await (const piece of pieces(rows, bytesPerFrame, signal)) {
        const window = await read(piece)
        yield chosen ? { ...window, ids: window.ids.map((id) => (chosen.has(id) ? id : -1)) } : window
      }
    },
  }
}
