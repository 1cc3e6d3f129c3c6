/** The rows of a finished file. */

import type { LayoutSpec } from '../../layout/spec.js'
import type { RecordReader } from '../../reader/record-reader.js'
import type { RowFacts, Rows, RowsRead, RowsState, RowsWanted } from './rows.js'

export class ReaderRows implements Rows {
  readonly facts: RowFacts
  readonly #reader: RecordReader<LayoutSpec>

  constructor(reader: RecordReader<LayoutSpec>) {
    this.#reader = reader
    const { layout, cameraNames, metadata, slots } = reader
    this.facts = { layout, cameraNames, metadata, slots }
  }

  state(): RowsState {
    return { frames: this.#reader.length, live: false, problem: null }
  }

  async *read({ start, stop, fields, camera }: RowsWanted): AsyncGenerator<RowsRead, void, void> {
    const cameras = camera === null ? [] : [camera]
    yield { rows: stop - start, columns: await this.#reader.read({ start, stop, fields: fields as never, cameras }) }
  }

  async close(): Promise<void> {
    await this.#reader.close()
  }
}
