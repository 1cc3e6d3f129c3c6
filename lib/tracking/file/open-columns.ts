import type { Dataset } from '../../hdf5/objects/dataset.js'
import { readRows, readRowsSync } from '../../hdf5/objects/elements.js'
import type { Column } from './layout.js'
import type { BlockingSource, ColumnArray } from './window-source.js'

/** A column of an open file. */
export interface OpenColumn extends Column {
  dataset: Dataset
}

/**
 * The reading of a file's open columns. Rows that were never written are refused: they must not read as frames without fish.
 * `ownMemory`: into memory of the addon's, see {@link readRows}.
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
