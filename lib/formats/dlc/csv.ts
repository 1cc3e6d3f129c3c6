/** DeepLabCut's CSV files: tracked videos, and labelled images. */
import type { FormatCode } from '../core/format.js'
import { detectCsv, readCsv } from './csv-read.js'

export const dlcCsv: FormatCode = { detect: detectCsv, read: readCsv }
