/** JSON lines of any layout. */
import type { FormatCode } from '../core/format.js'
import { detectLines, readLines } from './read.js'
import { writeLines } from './write.js'

export const jsonl: FormatCode = { detect: detectLines, read: readLines, write: writeLines }
