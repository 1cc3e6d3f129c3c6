/** Tells the CSV of tracking files, which has a reader of its own, from other tables. */
import { withoutUnit } from '../../formats/csv/names.js'
import { isTable } from '../../formats/csv/read.js'
import { readHeader } from './columns.js'
import { CsvParser } from './csv-parser.js'
import { dialectOf } from './dialect.js'
import type { ImportOptions } from './job.js'

/** True for the header of a tracking file, also if something is wrong with it; with `format: 'csv'`, for all that is no other table. */
export function isTidyTable(head: Buffer, options: ImportOptions): boolean {
  return hasTidyHeader(head, options) || (options.format === 'csv' && !isTable('', head))
}

/** True if no column says what it holds. */
export const isUnknownTable = (path: string, head: Buffer): boolean => !isTable(path, head)

function hasTidyHeader(head: Buffer, { cameras }: ImportOptions): boolean {
  try {
    const dialect = dialectOf(head, true)
    if (dialect === undefined) return false
    const rest = head.subarray(dialect.skip)
    const end = rest.indexOf(10)
    const cells = new CsvParser('', dialect).cells(end < 0 ? rest : rest.subarray(0, end + 1), 1) ?? []
    const header = cells.map((name) => name.trim())
    // The reader says what is wrong with a header that is nearly one.
    const bare = header.map((name) => withoutUnit(name).bare)
    const isNearly = ['frame', 'x', 'y', 'z'].every((name) => bare.includes(name))
    if (isNearly && (header.includes('id') || header.includes('fish_id'))) return true
    readHeader(header, cameras)
    return true
  } catch {
    return false
  }
}
