/** Recordings out of arrays whose first axes are frames and animals. */
import type { Layout } from '../../layout/model.js'
import { BatchBuilder, valuesOf } from '../core/batches.js'
import type { Batch, ReadOptions, Recording } from '../core/format.js'

type Numbers = ArrayLike<number | bigint>

/** A field that is read in windows of frames. */
export interface DenseField {
  readonly name: string
  /** The values of the frames from `start` to `stop`: [frame, animal, ...shape] of a field of animals, [frame, ...shape] of one of frames. */
  read(start: number, stop: number): Promise<Numbers> | Numbers
  /** Number of frames that are decoded together. Default: 1. */
  readonly chunk?: number
}

/** What a file holds for each frame and animal. */
export interface Dense {
  readonly frames: number
  /** Length of the axis of animals. */
  readonly animals: number
  readonly fields: readonly DenseField[]
  readonly perFrame?: readonly DenseField[]
  /** The index of a row's frame. Default: the row. */
  frameIndex?(row: number): number
  /**
   * The identities [frame, animal] of a window, -1 for an animal that is not in the frame. Default: the place along the axis, where any value
   * of `fields` is neither NaN nor infinite.
   */
  identities?(start: number, stop: number): Promise<ArrayLike<number>> | ArrayLike<number>
}

const windowBytes = 8 * 2 ** 20
const fewAnimals = 16

/** Number of frames of a window, by the numbers that a frame has. */
function windowOf({ fields, perFrame = [], animals }: Dense, numbers: number): number {
  const chunk = Math.max(1, ...[...fields, ...perFrame].map((field) => field.chunk ?? 1))
  const fitting = Math.max(1, Math.floor(windowBytes / 8 / Math.max(1, numbers * animals)))
  return fitting <= chunk ? fitting : fitting - (fitting % chunk)
}

/** Makes a recording. `layoutWith` is given the number of slots that a frame needs. */
export async function denseRecording(
  dense: Dense,
  layoutWith: (slots: number) => Layout,
  metadata: Recording['metadata'],
  { signal, onProgress }: ReadOptions,
): Promise<Recording> {
  const { frames, animals } = dense
  const probe = layoutWith(Math.max(1, animals))
  const numbers = dense.fields.reduce((sum, { name }) => sum + valuesOf(fieldIn(probe, name)), 0)
  const window = windowOf(dense, numbers)
  const slots = animals <= fewAnimals ? animals : await mostAnimals(dense, probe, window, { signal, onProgress })
  const layout = layoutWith(Math.max(1, slots))
  return {
    layout,
    cameras: [],
    metadata,
    frames,
    async *batches(): AsyncGenerator<Batch> {
      const builder = new BatchBuilder(layout)
      for (let start = 0; start < frames; start += window) {
        signal?.throwIfAborted()
        const read = await windowAt(dense, layout, start, Math.min(frames, start + window))
        for (let row = 0; row < read.count; row++) {
          fill(builder, dense, read, row)
          if (builder.isFull) yield builder.take()
        }
      }
      if (builder.rows > 0) yield builder.take()
    },
  }
}

const fieldIn = (layout: Layout, name: string) => {
  const found = layout.fields.find((field) => field.name === name)
  if (!found) throw new TypeError(`the layout has no field ${name}`)
  return found
}

interface Part {
  readonly name: string
  readonly width: number
  readonly data: Numbers
}

interface Window {
  readonly start: number
  readonly count: number
  readonly fields: readonly Part[]
  readonly perFrame: readonly Part[]
  readonly identities: ArrayLike<number> | undefined
}

async function windowAt(dense: Dense, layout: Layout, start: number, stop: number): Promise<Window> {
  const read = async (fields: readonly DenseField[]): Promise<Part[]> => {
    const parts: Part[] = []
    for (const field of fields) {
      parts.push({
        name: field.name,
        width: valuesOf(fieldIn(layout, field.name)),
        data: await field.read(start, stop),
      })
    }
    return parts
  }
  return {
    start,
    count: stop - start,
    fields: await read(dense.fields),
    perFrame: await read(dense.perFrame ?? []),
    identities: await dense.identities?.(start, stop),
  }
}

/** The identity of an animal in a row; -1 if it is not there. */
function identityOf({ fields, identities }: Window, animals: number, row: number, animal: number): number {
  const cell = row * animals + animal
  if (identities) return identities[cell] as number
  for (const { data, width } of fields) {
    for (let i = cell * width; i < (cell + 1) * width; i++) if (Number.isFinite(Number(data[i]))) return animal
  }
  return -1
}

function fill(builder: BatchBuilder, dense: Dense, window: Window, row: number): void {
  const { animals, frameIndex } = dense
  const index = window.start + row
  const to = builder.row(frameIndex ? frameIndex(index) : index)
  for (const { name, width, data } of window.perFrame) copy(builder.column(name), to * width, data, row * width, width)
  const present: { animal: number; identity: number }[] = []
  for (let animal = 0; animal < animals; animal++) {
    const identity = identityOf(window, animals, row, animal)
    if (identity >= 0) present.push({ animal, identity })
  }
  if (window.identities) present.sort((a, b) => a.identity - b.identity)
  const keys = builder.column(builder.layout.key?.name ?? '') as Int32Array
  for (const [slot, { animal, identity }] of present.entries()) {
    const cell = builder.cell(to, slot)
    keys[cell] = identity
    for (const { name, width, data } of window.fields) {
      copy(builder.column(name), cell * width, data, (row * animals + animal) * width, width)
    }
  }
}

function copy(target: ArrayLike<unknown>, to: number, source: Numbers, from: number, count: number): void {
  const values = target as { [index: number]: number | bigint }
  const isWide = target instanceof BigInt64Array || target instanceof BigUint64Array
  for (let i = 0; i < count; i++) {
    const value = source[from + i] as number | bigint
    values[to + i] = isWide ? BigInt(value) : Number(value)
  }
}

/** The largest number of animals in a frame, by a pass over the file. */
async function mostAnimals(
  dense: Dense,
  layout: Layout,
  window: number,
  { signal, onProgress }: { signal: AbortSignal | undefined; onProgress: ReadOptions['onProgress'] },
): Promise<number> {
  let most = 1
  for (let start = 0; start < dense.frames; start += window) {
    signal?.throwIfAborted()
    const stop = Math.min(dense.frames, start + window)
    const read = await windowAt(dense, layout, start, stop)
    for (let row = 0; row < read.count; row++) {
      let count = 0
      for (let animal = 0; animal < dense.animals; animal++)
        if (identityOf(read, dense.animals, row, animal) >= 0) count++
      most = Math.max(most, count)
    }
    onProgress?.(stop, dense.frames, 'frames')
  }
  return most
}
