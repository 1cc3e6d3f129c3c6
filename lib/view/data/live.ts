/** Windows of a file that is being written, from its journal or from the file. */
import { CameraRecords } from '../../frames/file/cameras.js'
import type { ColumnArray } from '../../frames/file/window-source.js'
import type { Decoded, FrameDecoder } from '../../frames/read/frames.js'
import type { LiveRows } from '../../frames/read/live-rows.js'
import type { LiveStream } from '../../frames/read/live-stream.js'
import { byField } from '../../frames/read/window.js'
import type { Column } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import type { RowFacts, RowsRead, RowsWanted } from './rows.js'

/** Stored values of consecutive rows, in arrays that are used again. */
export interface RawRows {
  readonly arrays: readonly TypedArray[]
  readonly columns: readonly Column[]
  readonly rows: number
}

/** Passes the stored values on, instead of making frames. */
export function rawDecoder({ columns }: Decoded): FrameDecoder<RawRows> {
  return {
    *frames(arrays, rows) {
      yield { arrays, columns, rows }
    },
  }
}

export class LiveReading {
  readonly facts: RowFacts
  readonly #live: LiveRows<RawRows>
  readonly #stream: LiveStream<RawRows>
  #before: Promise<unknown> = Promise.resolve()

  constructor(live: LiveRows<RawRows>) {
    this.#live = live
    this.#stream = live.streams[0] as LiveStream<RawRows>
    this.facts = live.facts[0] as RowFacts
  }

  look(): { rows: number; closed: boolean; alive: boolean } {
    const { rows, ...state } = this.#live.look()
    return { rows: rows[0] as number, ...state }
  }

  async *read({ start, stop, fields, camera }: RowsWanted): AsyncGenerator<RowsRead, void, void> {
    const wanted = this.facts.layout.fields.filter(({ name }) => fields.includes(name))
    const records = camera === null ? new CameraRecords([]) : new CameraRecords([camera])
    for (let at = start; at < stop; ) {
      const part = await this.#alone(async () => {
        const read = await this.#stream.read(at, stop)
        const [raw] = [...read.frames] as [RawRows]
        const own = raw.columns.filter(
          ({ field, camera: of }) => wanted.includes(field) && (of === null || of === camera),
        )
        const arrays = own.map((column) => copyOf(raw, column))
        return { rows: raw.rows, stop: read.stop, columns: byField(wanted, own, arrays, records) }
      })
      yield part
      at = part.stop
    }
  }

  /** One read at a time, because all reads use the same arrays. */
  async #alone<T>(task: () => Promise<T>): Promise<T> {
    const own = this.#before.then(task)
    this.#before = own.catch(() => {})
    return own
  }

  async close(): Promise<void> {
    await this.#before
    this.#live.close()
  }
}

function copyOf({ arrays, columns, rows }: RawRows, column: Column): ColumnArray {
  const data = (arrays[columns.indexOf(column)] as TypedArray).slice(0, rows * column.width) as TypedArray
  return { data, shape: [rows, ...column.rowShape] }
}
