/** JSON lines with a header that describes their layout. */
import type { FormatCode } from '../core/format.js'
import { detectLines, readLines } from './read.js'

export const jsonl: FormatCode = { detect: detectLines, read: readLines }
