/** Finds the columns of a layout among those that a journal describes. */
import { H5TracksError, show } from '../../base/errors.js'
import { bytesOf } from '../../hdf5/objects/elements.js'
import type { Column } from '../../layout/model.js'
import type { JournalColumn } from '../../native/native.js'

/** The index of each column in a journal. Throws ERR_JOURNAL if the journal lacks one or describes it otherwise. */
export function placesIn(path: string, described: readonly JournalColumn[], columns: readonly Column[]): number[] {
  const places = new Map(described.map((column, i) => [column.path, i]))
  return columns.map((column) => {
    const place = places.get(column.path)
    const found = place === undefined ? undefined : describe(described[place] as JournalColumn)
    const expected = describe({ path: column.path, rowValues: column.width, elementBytes: bytesOf(column.type) })
    if (place !== undefined && found === expected) return place
    throw new H5TracksError(
      `the journal of ${path} does not have the columns of the file: expected ${expected}; found ${found ?? 'no such column'}`,
      { code: 'ERR_JOURNAL', path },
    )
  })
}

function describe({ path, rowValues, elementBytes }: JournalColumn): string {
  return `${show(path)} with ${rowValues} values of ${elementBytes} bytes in a row`
}
