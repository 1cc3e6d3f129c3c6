/** Reads columns of an open file. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { readRows, readRowsSync } from '../../hdf5/objects/elements.js'
import type { Column } from '../../layout/model.js'
import type { BlockingSource, ColumnArray } from './window-source.js'

/** A column of an open file, with its dataset. */
export interface OpenColumn extends Column {
  dataset: Dataset
}

/**
 * Makes the functions that read columns of an open file. Rows that were never written are refused, because their fill values would
 * read as frames without fish. `ownMemory`: see {@link readRows}.
 */
export function columnReading(ownMemory: boolean): Pick<BlockingSource, 'readColumns' | 'readColumnsSync'> {
  const options = { storedOnly: true, ownMemory }
  return {
    readColumns: async (columns: readonly OpenColumn[], start, stop) =>
      (await readRows(columns, start, stop, options)) as ColumnArray[],
    readColumnsSync: (columns: readonly OpenColumn[], start, stop) =>
      readRowsSync(columns, start, stop, options) as ColumnArray[],
  }
}
