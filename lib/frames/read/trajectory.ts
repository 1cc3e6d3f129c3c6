/** Reads one fish through a file. */
import { newArray } from '../../hdf5/objects/elements.js'
import { type Column, columnsOf, type Field, rowBytes } from '../../layout/model.js'
import type { CameraRecords } from '../file/cameras.js'
import type { Trajectory } from '../file/types.js'
import type { ColumnArray, WindowSource } from '../file/window-source.js'
import { windowsOf } from './frames.js'
import { byField, readWindow, type Window } from './window.js'

type Values = ColumnArray['data']

/** Reads one fish in the first `stop` rows. Searches the ids window by window, and reads the other columns only where it occurs. */
export async function readTrajectory(
  source: WindowSource,
  records: CameraRecords,
  fishId: number,
  stop: number,
): Promise<Trajectory> {
  const { slots, layout } = source
  const { key } = layout
  const own = layout.fields.filter((field) => field !== key)
  const ownFields = own.map(({ name }) => name)
  // Columns of a file with one slot: a row holds the values of the fish in a frame.
  const columns = columnsOf(layout, records.names, 1).filter(({ field }) => field !== key)
  const bytesPerFish = columns.reduce((sum, column) => sum + rowBytes(column), 0)
  const parts: Values[][] = columns.map(() => [])
  let found = 0
  for (const [from, to] of windowsOf(source, 0, stop)) {
    const search = await readWindow(source, { start: from, stop: to, fields: [(key as Field).name], records })
    const cells = occurrences((search[(key as Field).name] as ColumnArray).data as Int32Array, fishId)
    if (cells.length === 0) continue
    found += cells.length
    // Twice, for the parts and for the arrays that they are joined to.
    source.checkRoom?.(2 * found * bytesPerFish)
    const first = Math.floor((cells[0] as number) / slots)
    const last = Math.floor((cells.at(-1) as number) / slots)
    const selection = { start: from + first, stop: from + last + 1, fields: ownFields, records }
    const window = await readWindow(source, selection)
    const inWindow = cells.map((cell) => cell - first * slots)
    const rows = inWindow.map((cell) => Math.floor(cell / slots))
    for (const [i, column] of columns.entries()) {
      parts[i]?.push(gather(sourceOf(window, column), column, column.field.perFrame ? rows : inWindow))
    }
  }
  const arrays = columns.map((column, i) => join(column, parts[i] ?? []))
  return { fishId, ...byField(own, columns, arrays, records) } as unknown as Trajectory
}

function occurrences(ids: Int32Array, fishId: number): number[] {
  const cells: number[] = []
  for (let cell = ids.indexOf(fishId); cell !== -1; cell = ids.indexOf(fishId, cell + 1)) cells.push(cell)
  return cells
}

function sourceOf(window: Window, { field, camera }: Column): Values {
  const values = window[field.name] as ColumnArray | Record<string, ColumnArray>
  return (camera === null ? (values as ColumnArray) : ((values as Record<string, ColumnArray>)[camera] as ColumnArray))
    .data
}

function gather(source: Values, { type, width }: Column, at: readonly number[]): Values {
  const values = newArray(type, at.length * width) as Values
  for (const [i, cell] of at.entries())
    values.set(source.subarray(cell * width, (cell + 1) * width) as never, i * width)
  return values
}

function join({ type, rowShape, width }: Column, parts: readonly Values[]): ColumnArray {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const data = newArray(type, length) as Values
  let at = 0
  for (const part of parts) {
    data.set(part as never, at)
    at += part.length
  }
  return { data, shape: [length / width, ...rowShape.slice(1)] }
}
