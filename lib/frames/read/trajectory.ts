/** Reads one key through a file. */
import { H5TracksError, show } from '../../base/errors.js'
import { newArray } from '../../hdf5/objects/elements.js'
import { type Column, cellWidth } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import { CameraRecords } from '../file/cameras.js'
import type { ColumnArray, WindowSource } from '../file/window-source.js'
import { windowsOf } from './frames.js'
import { type ColumnValues, memoryOf } from './values.js'
import { byField } from './window.js'

/** The columns of a trajectory by field, without the key. */
export type TrajectoryColumns = Record<string, ColumnValues | Record<string, ColumnValues>>

/**
 * Reads the records with a key in the first `stop` rows. Searches the keys window by window, and reads the other columns only where the
 * key occurs.
 */
export async function readTrajectory(source: WindowSource, key: number, stop: number): Promise<TrajectoryColumns> {
  const { slots, layout, cameraNames } = source
  const keys = source.columns.filter(({ field }) => field === layout.key)
  if (keys.length === 0) throw withoutKeys(source)
  const columns = source.columns.filter(({ field }) => field !== layout.key)
  // A row without slots holds one cell.
  const bytesPerCell = columns.reduce((sum, column) => sum + memoryOf({ ...column, width: cellWidth(column.field) }), 0)
  const parts: TypedArray[][] = columns.map(() => [])
  let found = 0
  for (const [from, to] of windowsOf(source, 0, stop)) {
    const [search] = await source.readColumns(keys, from, to)
    const cells = occurrences(search?.data as Int32Array, key)
    if (cells.length === 0) continue
    found += cells.length
    // Twice, for the parts and for the arrays that they are joined to.
    source.checkRoom?.(2 * found * bytesPerCell)
    const first = Math.floor((cells[0] as number) / slots)
    const last = Math.floor((cells.at(-1) as number) / slots)
    const arrays = await source.readColumns(columns, from + first, from + last + 1)
    const inWindow = cells.map((cell) => cell - first * slots)
    const rows = inWindow.map((cell) => Math.floor(cell / slots))
    for (const [i, column] of columns.entries()) {
      const at = column.field.perFrame ? rows : inWindow
      parts[i]?.push(gather((arrays[i] as ColumnArray).data, column, at))
    }
  }
  const joined = columns.map((column, i) => join(column, parts[i] ?? []))
  const own = layout.fields.filter((field) => field !== layout.key)
  return byField(own, columns, joined, new CameraRecords(cameraNames))
}

function withoutKeys({ path, layout }: WindowSource): H5TracksError {
  const problem = `${path}: frames of ${show(layout.root)} have no keys, because each is one record; use read or frames`
  return new H5TracksError(problem, { code: 'ERR_INVALID_ARGUMENT', path })
}

function occurrences(keys: Int32Array, key: number): number[] {
  const cells: number[] = []
  for (let cell = keys.indexOf(key); cell !== -1; cell = keys.indexOf(key, cell + 1)) cells.push(cell)
  return cells
}

function gather(source: TypedArray, { type, field }: Column, at: readonly number[]): TypedArray {
  const width = cellWidth(field)
  const values = newArray(type, at.length * width) as TypedArray
  for (const [i, cell] of at.entries())
    values.set(source.subarray(cell * width, (cell + 1) * width) as never, i * width)
  return values
}

function join({ type, field }: Column, parts: readonly TypedArray[]): ColumnArray {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const data = newArray(type, length) as TypedArray
  let at = 0
  for (const part of parts) {
    data.set(part as never, at)
    at += part.length
  }
  return { data, shape: [length / cellWidth(field), ...field.shape] }
}
