/** The rows of a long table: one for each animal in each frame. CSV has a faster way of its own. */
import { arrayIn } from '../core/arrays.js'
import type { Batch, BatchArray, Recording, WriteOptions } from '../core/format.js'
import { attributesOf } from '../core/recordings.js'
import { arraysOf, type OutColumn, outColumns } from './out-columns.js'

/** Takes the rows, in the order of {@link LongRows}, and returns groups of them when they are full. */
export interface RowSink<Value, Group> {
  /** The value of a cell of the recording. */
  cellOf(column: OutColumn, array: BatchArray | undefined, cell: number): Value
  /** The values of a column in the group that is being filled. `column` counts frame, the columns of frames, id, name, the columns of records. */
  valuesOf(column: number): Value[]
  /** Number of rows in that group, and of those that it has room for. */
  readonly used: number
  readonly capacity: number
  /** Counts rows that were filled in all columns. Returns the group if it is full. */
  endRows(count: number): Group | undefined
  /** The rows that fill no group. */
  rest(): Group | undefined
}

export class LongRows {
  readonly frames: readonly OutColumn[]
  readonly records: readonly OutColumn[]
  readonly hasId: boolean
  /** The names of the animals by id, if the recording has ids and names. */
  readonly names: readonly string[] | undefined
  readonly #recording: Recording

  constructor(recording: Recording) {
    const { frames, records } = outColumns(recording)
    const { names } = attributesOf(recording)
    this.frames = frames
    this.records = records
    this.hasId = recording.layout.key !== undefined
    this.names = this.hasId && Array.isArray(names) ? names.map(String) : undefined
    this.#recording = recording
  }

  /** Puts all rows into the sink. Frames without animals have no row, and are counted in the report. */
  async *into<Group>(
    sink: RowSink<unknown, Group>,
    { report, signal }: WriteOptions,
  ): AsyncGenerator<Group, void, void> {
    const lost = { frames: 0 }
    for await (const batch of this.#recording.batches()) {
      signal?.throwIfAborted()
      yield* this.#groupsOf(batch, sink, lost)
    }
    const rest = sink.rest()
    if (rest !== undefined) yield rest
    report.lost('frames without animals', lost.frames, 'a long table has a row for each animal')
  }

  *#groupsOf<Group>(batch: Batch, sink: RowSink<unknown, Group>, lost: { frames: number }): Generator<Group> {
    const { layout } = this.#recording
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    const keys = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : undefined
    const { cells, empty } = presentCells(keys, index.length, layout.slots)
    lost.frames += empty
    const frames = cells.map((cell) => Math.floor(cell / layout.slots))
    const [ofFrames, ofRecords] = [arraysOf(this.frames, batch), arraysOf(this.records, batch)]
    for (let from = 0; from < cells.length; ) {
      const to = Math.min(cells.length, from + sink.capacity - sink.used)
      const places = { from, to, at: sink.used }
      let column = 0
      fill(sink.valuesOf(column++), places, (row) => index[frames[row] as number])
      for (const [i, own] of this.frames.entries()) {
        const array = ofFrames[i]
        fill(sink.valuesOf(column++), places, (row) => sink.cellOf(own, array, frames[row] as number))
      }
      if (keys) fill(sink.valuesOf(column++), places, (row) => keys[cells[row] as number])
      const { names } = this
      if (keys && names)
        fill(sink.valuesOf(column++), places, (row) => names[keys[cells[row] as number] as number] ?? null)
      for (const [i, own] of this.records.entries()) {
        const array = ofRecords[i]
        fill(sink.valuesOf(column++), places, (row) => sink.cellOf(own, array, cells[row] as number))
      }
      const group = sink.endRows(to - from)
      if (group !== undefined) yield group
      from = to
    }
  }
}

/** The cells that have an animal, and the number of frames without any. */
function presentCells(keys: Int32Array | undefined, frames: number, slots: number) {
  const cells = new Uint32Array(frames * slots)
  let [count, empty] = [0, 0]
  for (let frame = 0; frame < frames; frame++) {
    const before = count
    for (let cell = frame * slots; cell < (frame + 1) * slots; cell++) if (keys?.[cell] !== -1) cells[count++] = cell
    if (count === before) empty++
  }
  return { cells: cells.subarray(0, count), empty }
}

/** Fills a column with rows of a batch. */
function fill(
  values: unknown[],
  { from, to, at }: { from: number; to: number; at: number },
  read: (row: number) => unknown,
): void {
  for (let row = from; row < to; row++) values[at + row - from] = read(row)
}
