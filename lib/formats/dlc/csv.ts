/** DeepLabCut's CSV files: tracked videos, and labelled images. */
import type { FormatCode } from '../core/format.js'
import { detectCsv, readCsv } from './csv-read.js'
import { writeCsv } from './csv-write.js'

export const dlcCsv: FormatCode = { detect: detectCsv, read: readCsv, write: writeCsv }
