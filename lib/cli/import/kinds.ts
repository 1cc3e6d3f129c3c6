/** What the columns of a CSV file hold, for the scanner of plain rows. */
import { BEYOND, BLANK, FLOAT, FRAME, INTEGER, PIXEL, TRUTH } from '../../formats/csv/row-scanner.js'
import type { Columns } from './columns.js'

/** What each column holds, for the scanner. */
export function kindsOf(columns: Columns, delimiter: string): Uint8Array {
  const beyond = delimiter === ',' ? 0 : BEYOND
  const kinds = new Uint8Array(columns.header.length + beyond).fill(BLANK, columns.header.length)
  const set = (kind: number, ...indices: number[]) => {
    for (const index of indices) if (index >= 0) kinds[index] = kind
  }
  set(BLANK, ...columns.unnamed)
  set(FRAME, columns.frame)
  set(INTEGER, columns.fish, columns.nCameras, ...columns.cameras.map(({ detection }) => detection))
  set(FLOAT, ...columns.position, columns.confidence, columns.residual)
  set(PIXEL, ...columns.cameras.flatMap(({ box }) => box ?? []))
  set(TRUTH, columns.confirmed)
  return kinds
}
