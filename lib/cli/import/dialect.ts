/** Detects the dialect of a CSV file: its delimiter, its comments and the lines before its header. */
import { parse } from 'csv-parse/sync'

export interface Dialect {
  delimiter: string
  /** Bytes before the header. */
  skip: number
  /** Lines before the header. */
  lines: number
  /** True if lines that begin with # are comments. False if the first column may hold text, which may begin with #. */
  comments: boolean
}

/** Spreadsheets, also old ones, write all three; some editors mix them. */
export const LINE_ENDS = ['\r\n', '\n', '\r']

const DELIMITERS = [',', ';', '\t', '|']
const LINE = /([^\r\n]*)(\r\n|\n|\r|$)/y
/** The line that names the delimiter for Excel. */
const SEP = /^"?sep=(.)"?[,;\t ]*$/i

/**
 * Finds the header in the first bytes of a file: after a line `sep=;` and after comments, or in a comment, as numpy writes it.
 *
 * @param complete no more bytes follow
 * @returns undefined if the bytes end before the end of the header
 */
export function dialectOf(head: Buffer, complete: boolean): Dialect | undefined {
  // One character for each byte, so that positions in the text are positions in the bytes.
  const text = head.toString('latin1')
  let declared: string | undefined
  let at = text.startsWith('\xef\xbb\xbf') ? 3 : 0
  for (let lines = 0; at < text.length; lines++) {
    LINE.lastIndex = at
    const [whole, line = '', end] = LINE.exec(text)!
    // The bytes may end in the middle of a line, or between \r and \n.
    if (!complete && at + whole.length === text.length && end !== '\n' && end !== '\r\n') return undefined
    const sep = SEP.exec(line)?.[1]
    const comment = /^#+\s*/.exec(line)?.[0].length ?? 0
    const known = delimiterOf(text.slice(at + comment), declared === undefined ? DELIMITERS : [declared])
    if (known !== undefined || (comment === 0 && sep === undefined && line.trim() !== '')) {
      const delimiter = known ?? declared ?? mostFrequent(line)
      const [first] = headerOf(text.slice(at + comment), delimiter)
      return { delimiter, skip: at + comment, lines, comments: first === 'frame' }
    }
    declared ??= sep
    at += whole.length
  }
  return complete ? { delimiter: declared ?? ',', skip: text.length, lines: 0, comments: false } : undefined
}

/** The delimiter with which the text begins with a header that has a frame and an id. */
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
