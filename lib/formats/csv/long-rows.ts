/** The rows of a long table: one for each animal in each frame. CSV has a faster way of its own. */
import { arrayIn } from '../core/arrays.js'
import type { Batch, BatchArray, Recording, WriteOptions } from '../core/format.js'
import { attributesOf } from '../core/recordings.js'
import { arraysOf, type OutColumn, outColumns } from './out-columns.js'

/** Takes the rows, in the order of {@link LongRows}, and returns groups of them when they are full. */
export interface RowSink<Value, Group> {
  /** The value of a cell of the recording. */
  cellOf(column: OutColumn, array: BatchArray | undefined, cell: number): Value
  /** Stores a value of the present row. `column` counts frame, the columns of frames, id, name, the columns of records. */
  put(column: number, value: Value): void
  /** Ends the present row. Returns the rows so far if they fill a group. */
  endRow(): Group | undefined
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
    const [frames, records] = [arraysOf(this.frames, batch), arraysOf(this.records, batch)]
    for (let frame = 0; frame < index.length; frame++) {
      let isEmpty = true
      for (let cell = frame * layout.slots; cell < (frame + 1) * layout.slots; cell++) {
        const key = keys?.[cell]
        if (key === -1) continue
        isEmpty = false
        let at = 0
        sink.put(at++, index[frame])
        for (let i = 0; i < frames.length; i++)
          sink.put(at++, sink.cellOf(this.frames[i] as OutColumn, frames[i], frame))
        if (key !== undefined) sink.put(at++, key)
        if (key !== undefined && this.names) sink.put(at++, this.names[key] ?? null)
        for (let i = 0; i < records.length; i++)
          sink.put(at++, sink.cellOf(this.records[i] as OutColumn, records[i], cell))
        const group = sink.endRow()
        if (group !== undefined) yield group
      }
      if (isEmpty) lost.frames++
    }
  }
}
