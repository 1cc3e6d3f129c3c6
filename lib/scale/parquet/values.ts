/** The values of a column of a Parquet table, from the stored values of a window. */
import { type CellForm, Cells } from '../../frames/read/cells.js'
import { bytesIn, fromHalves, textAt } from '../../frames/read/values.js'
import type { TypedArray } from '../../native/element-types.js'

/** The rows of a table in a window: which cell of which camera each comes from. */
export interface TableRows {
  readonly count: number
  /** The frame of each row, as a row of the window. */
  readonly frames: Int32Array
  /** The cell of each row in columns with slots. */
  readonly cells: Int32Array
  /** The camera of each row; null in tables that are not by camera. */
  readonly cameras: Uint16Array | null
}

/** The values of a column of a table. */
export interface ColumnData {
  readonly values: readonly (string | boolean)[] | TypedArray
  /** 1 for each row without a value; null if all rows have one, unless that is NaN. */
  readonly absent: Uint8Array | null
}

/** Parquet's type of values of this form. */
export function parquetType({ kind, column: { field, type } }: CellForm): { type: string; converted_type?: string } {
  if (kind === 'bool') return { type: 'BOOLEAN' }
  if (kind === 'enum' || kind === 'string') return { type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  if (kind === 'half' || field.value.kind === 'float') return { type: type === 'float64' ? 'DOUBLE' : 'FLOAT' }
  if (type === 'uint64') return { type: 'INT64', converted_type: 'UINT_64' }
  // Parquet's own unsigned type of 32 bits has the range of a signed one in some readers.
  if (type === 'int64' || type === 'uint32') return { type: 'INT64' }
  return type === 'int32' ? { type: 'INT32' } : { type: 'INT32', converted_type: type.toUpperCase().replace('T', 'T_') }
}

/** True if values may be missing: NaN becomes null. */
export function isNullable({ kind, column }: CellForm): boolean {
  return kind === 'half' || column.field.value.kind === 'float'
}

/**
 * Takes one value from each of the cells. `stored`: the arrays of the column, one for each camera in tables by camera. `at`: the number
 * of elements before the value in its cell. `nulls`: cells that hold only fill values become null.
 */
export function takeValues(
  form: CellForm,
  stored: readonly TypedArray[],
  rows: TableRows,
  at: number,
  nulls: boolean,
): ColumnData {
  const values =
    form.kind === 'string' ? textsOf(form, stored, rows, at) : converted(form, gather(form, stored, rows, at))
  if (!nulls) return { values, absent: null }
  const isPresent = presenceOf(form, stored)
  const absent = new Uint8Array(rows.count)
  for (let row = 0; row < rows.count; row++) {
    const camera = rows.cameras ? (rows.cameras[row] as number) : 0
    if (!isPresent(camera, rows.cells[row] as number)) absent[row] = 1
  }
  return { values, absent: absent.includes(1) ? absent : null }
}

/** Takes an element as it is stored from each of the cells. */
function gather({ width }: CellForm, stored: readonly TypedArray[], rows: TableRows, at: number): TypedArray {
  const { count, cells, cameras } = rows
  const [only] = stored as [TypedArray]
  const values = new (only.constructor as new (length: number) => TypedArray)(count)
  if (cameras === null) {
    for (let row = 0; row < count; row++) values[row] = only[(cells[row] as number) * width + at] as never
  } else {
    for (let row = 0; row < count; row++) {
      values[row] = (stored[cameras[row] as number] as TypedArray)[(cells[row] as number) * width + at] as never
    }
  }
  return values
}

function converted({ kind, column, members }: CellForm, elements: TypedArray): ColumnData['values'] {
  if (kind === 'bool') return Array.from(elements as Uint8Array, (element) => element === 1)
  if (kind === 'enum') {
    return Array.from(elements as Iterable<number>, (element) => members.get(element) ?? String(element))
  }
  if (kind === 'half') return fromHalves(elements as Uint16Array)
  if (column.type === 'uint32') return BigInt64Array.from(elements as Uint32Array, BigInt)
  if (kind === 'wide' || column.field.value.kind === 'float') return elements
  return Int32Array.from(elements as Int32Array)
}

function textsOf({ width, elements }: CellForm, stored: readonly TypedArray[], rows: TableRows, at: number): string[] {
  const bytes = stored.map(bytesIn)
  return Array.from({ length: rows.count }, (_, row) => {
    const camera = rows.cameras ? (rows.cameras[row] as number) : 0
    return textAt(bytes[camera] as Buffer, (rows.cells[row] as number) * width + at, elements)
  })
}

/** Says of a camera's cell whether it holds another value than fill values. */
export function presenceOf(form: CellForm, stored: readonly TypedArray[]): (camera: number, cell: number) => boolean {
  const { width, fill, fillIsNaN, kind } = form
  // 0 and -0 differ, and NaN is equal to no number.
  if (fillIsNaN || fill === 0 || kind === 'string') {
    const cells = stored.map((array) => new Cells(form, array))
    return (camera, cell) => !(cells[camera] as Cells).isFill(cell)
  }
  return (camera, cell) => {
    const array = stored[camera] as TypedArray
    for (let i = cell * width; i < (cell + 1) * width; i++) if (array[i] !== fill) return true
    return false
  }
}
