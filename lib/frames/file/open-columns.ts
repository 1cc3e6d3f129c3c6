/** Reads columns of an open file. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import type { RowOptions, Rows } from '../../hdf5/objects/rows.js'
import type { Type } from '../../hdf5/values/types.js'
import type { Column } from '../../layout/model.js'
import type { BlockingSource, ColumnArray } from './window-source.js'

/** A column of an open file. */
export class OpenColumn implements Column {
  readonly field: Column['field']
  readonly camera: Column['camera']
  readonly path: string
  readonly type: Column['type']
  readonly rowShape: Column['rowShape']
  readonly width: number
  readonly fill: number
  /** Its place among the datasets that were opened with it. */
  readonly at: number
  /** The datasets that were opened with it. */
  readonly rows: Rows
  readonly #open: () => Dataset
  #dataset: Dataset | undefined

  /** @param stored the type of the dataset */
  constructor(column: Column, file: File, rows: Rows, at: number, stored: Type) {
    this.field = column.field
    this.camera = column.camera
    this.path = column.path
    this.type = column.type
    this.rowShape = column.rowShape
    this.width = column.width
    this.fill = column.fill
    this.at = at
    this.rows = rows
    this.#open = () => rows.dataset(at, file, column.path, stored)
  }

  /** The dataset as an object, which most readers do not need. */
  get dataset(): Dataset {
    this.#dataset ??= this.#open()
    return this.#dataset
  }
}

/** Columns that were opened together, so that one call reads them: those of one layout. */
function opened(columns: readonly OpenColumn[]): OpenColumn[][] {
  const groups = new Map<Rows, OpenColumn[]>()
  for (const column of columns) {
    const group = groups.get(column.rows)
    if (group) group.push(column)
    else groups.set(column.rows, [column])
  }
  return [...groups.values()]
}

/** Reads rows `start` to `stop` of columns of one file; those of a layout must follow one another. */
export async function readRows(
  columns: readonly OpenColumn[],
  start: number,
  stop: number,
  options: RowOptions = {},
): Promise<ColumnArray[]> {
  const read = opened(columns).map((group) => (group[0] as OpenColumn).rows.read(group, start, stop, options))
  return (await Promise.all(read)).flat()
}

/**
 * Makes the functions that read columns of an open file. Rows that were never written are refused, because their fill values would
 * read as frames without fish. `ownMemory`: see {@link RowOptions}.
 */
export function columnReading(ownMemory: boolean): Pick<BlockingSource, 'readColumns' | 'readColumnsSync'> {
  const options = { storedOnly: true, ownMemory }
  return {
    readColumns: (columns, start, stop) => readRows(columns as OpenColumn[], start, stop, options),
    readColumnsSync: (columns, start, stop) =>
      opened(columns as OpenColumn[]).flatMap((group) =>
        (group[0] as OpenColumn).rows.readSync(group, start, stop, options),
      ),
  }
}
