/** CSV, TSV and their like. */
import type { FormatCode } from '../core/format.js'
import { detectTable, readTable } from './read.js'
import { writeTable } from './write.js'

export const csv: FormatCode = { detect: detectTable, read: readTable, write: writeTable }
