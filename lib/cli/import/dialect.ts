/** How a CSV file is written: what stands before its header, and between its cells. */
import { parse } from 'csv-parse/sync'

export interface Dialect {
  delimiter: string
  /** Bytes before the header. */
  skip: number
  /** Lines before the header. */
  lines: number
  /** Whether lines that begin with # are comments: not where the first column may hold a text that begins so. */
  comments: boolean
}

/** As spreadsheets, old ones too, and editors that mix them write lines. */
export const LINE_ENDS = ['\r\n', '\n', '\r']

const DELIMITERS = [',', ';', '\t', '|']
const LINE = /([^\r\n]*)(\r\n|\n|\r|$)/y
/** What tells Excel the delimiter. */
const SEP = /^"?sep=(.)"?[,;\t ]*$/i

/**
 * Looks for the header in the beginning of a file: behind a line `sep=;` and behind comments, or in a comment, as numpy writes it.
 *
 * @returns undefined where the beginning does not reach to the end of the header
 */
export function dialectOf(head: Buffer, complete: boolean): Dialect | undefined {
  // One character for each byte, so that places in the text are places in the bytes.
  const text = head.toString('latin1')
  let told: string | undefined
  let at = text.startsWith('\xef\xbb\xbf') ? 3 : 0
  for (let lines = 0; at < text.length; lines++) {
    LINE.lastIndex = at
    const [whole, line = '', end] = LINE.exec(text)!
    // A \r may be the first half of \r\n, and a line without an end the first half of one.
    if (!complete && at + whole.length === text.length && end !== '\n' && end !== '\r\n') return undefined
    const sep = SEP.exec(line)?.[1]
    const comment = /^#+\s*/.exec(line)?.[0].length ?? 0
    const known = delimiterOf(text.slice(at + comment), told === undefined ? DELIMITERS : [told])
    if (known !== undefined || (comment === 0 && sep === undefined && line.trim() !== '')) {
      const delimiter = known ?? told ?? mostFrequent(line)
      const [first] = headerOf(text.slice(at + comment), delimiter)
      return { delimiter, skip: at + comment, lines, comments: first === 'frame' }
    }
    told ??= sep
    at += whole.length
  }
  return complete ? { delimiter: told ?? ',', skip: text.length, lines: 0, comments: false } : undefined
}

/** The one of the delimiters by which the text begins with a header that has a frame and an id. */
function delimiterOf(text: string, delimiters: readonly string[]): string | undefined {
  return delimiters.find((delimiter) => {
    const names = headerOf(text, delimiter)
    return names.includes('frame') && (names.includes('id') || names.includes('fish_id'))
  })
}

function headerOf(text: string, delimiter: string): string[] {
  try {
    const options = { delimiter, to: 1, relax_column_count: true, record_delimiter: LINE_ENDS }
    return (parse(text, options)[0] ?? []).map((name) => name.trim())
  } catch {
    return []
  }
}

function mostFrequent(line: string): string {
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!
}
