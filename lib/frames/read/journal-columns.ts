/** Finds the columns of a layout among those that a journal describes. */
import { H5TracksError, show } from '../../base/errors.js'
import type { Column } from '../../layout/model.js'
import { bytesOf } from '../../native/element-types.js'
import type { JournalColumn, JournalStream } from '../../native/native.js'

/** The columns of a layout in a journal. */
export interface JournalPart {
  /** Index of the stream that holds them. */
  stream: number
  columns: readonly Column[]
  /** The index of each column in the stream. */
  places: readonly number[]
}

/** Finds columns in a stream of a journal. Throws ERR_JOURNAL if no stream has all of them, or describes one otherwise. */
export function partIn(path: string, streams: readonly JournalStream[], columns: readonly Column[]): JournalPart {
  const has = ({ columns: described }: JournalStream) => described.some((one) => one.path === columns[0]?.path)
  const stream = Math.max(0, streams.findIndex(has))
  const described = streams[stream]?.columns ?? []
  const known = new Map(described.map((column, i) => [column.path, i]))
  const places = columns.map((column) => {
    const place = known.get(column.path)
    const found = place === undefined ? undefined : describe(described[place] as JournalColumn)
    const expected = describe({ path: column.path, rowValues: column.width, elementBytes: bytesOf(column.type) })
    if (place !== undefined && found === expected) return place
    throw new H5TracksError(
      `the journal of ${path} does not have the columns of the file: expected ${expected}; found ${found ?? 'no such column'}`,
      { code: 'ERR_JOURNAL', path },
    )
  })
  return { stream, columns, places }
}

function describe({ path, rowValues, elementBytes }: JournalColumn): string {
  return `${show(path)} with ${rowValues} values of ${elementBytes} bytes in a row`
}
