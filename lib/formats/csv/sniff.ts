/** Finds out how a table of text is written: its delimiter, where its header is, and whether it has one. */
import { parse } from 'csv-parse/sync'
import { isEmpty, NumberReader } from './numbers.js'

/** How a table is written. */
export interface Form {
  readonly delimiter: string
  /** The cells of the header; undefined if the first row holds numbers. */
  readonly header: readonly string[] | undefined
  /** Bytes before the first row after the header. */
  readonly skip: number
  /** Lines before that row. */
  readonly lines: number
  /** Lines that begin with # are comments. */
  readonly comments: boolean
  /** Some numbers have a decimal comma. */
  readonly commas: boolean
  /** Some of the rows after the header. */
  readonly sample: readonly (readonly string[])[]
}

export const lineEnds = ['\r\n', '\n', '\r']
const delimiters = [',', ';', '\t', '|', ' ']
const LINE = /([^\r\n]*)(\r\n|\n|\r|$)/y
const SEP = /^"?sep=(.)"?[,;\t ]*$/i
const sampleRows = 200

/**
 * @param head the beginning of the table as text, one character for each byte
 * @param complete the head is the whole table
 */
export function sniff(
  head: string,
  complete: boolean,
  wanted: { delimiter?: string; named: boolean },
): Form | undefined {
  let at = 0
  let lines = 0
  let declared = wanted.delimiter
  let comment: { at: number; lines: number } | undefined
  const next = () => {
    LINE.lastIndex = at
    return LINE.exec(head) as RegExpExecArray
  }
  for (; at < head.length; lines++) {
    const [whole, line = ''] = next()
    const sep = SEP.exec(line)?.[1]
    if (line.startsWith('#')) comment = { at, lines }
    else if (sep === undefined && line.trim() !== '') break
    declared ??= sep
    at += whole.length
  }
  if (at >= head.length) return undefined
  const body = wholeLines(head.slice(at), complete)
  const delimiter = declared ?? delimiterOf(body)
  const rows = rowsOf(body, delimiter)
  const commas = rows.some((row) => row.some((cell) => /^\s*[+-]?\d*,\d+(e[+-]?\d+)?\s*$/i.test(cell)))
  const first = rows[0] ?? []
  const isHeader = first.some((cell) => !isNumber(cell, commas) && !isEmpty(cell))
  if (isHeader) {
    const end = at + endOfFirst(body, delimiter)
    const between = head.slice(at, end).match(/\r\n|\n|\r/g)?.length ?? 0
    const header = first.map(decoded)
    return {
      delimiter,
      header,
      skip: end,
      lines: lines + between,
      comments: comment !== undefined,
      commas,
      sample: rows.slice(1),
    }
  }
  // numpy.savetxt writes the header as a comment.
  const names = comment && !wanted.named ? rowsOf(commentAt(head, comment.at), delimiter)[0]?.map(decoded) : undefined
  const header = names?.length === first.length && first.length > 1 ? names : undefined
  return { delimiter, header, skip: at, lines, comments: comment !== undefined, commas, sample: rows }
}

const decoded = (cell: string): string => Buffer.from(cell, 'latin1').toString('utf8').trim()

const commentAt = (head: string, at: number): string => (/^#+\s*([^\r\n]*)/.exec(head.slice(at))?.[1] ?? '').trim()

/** The text up to its last line end. */
function wholeLines(text: string, complete: boolean): string {
  return complete ? text : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1)
}

/** The delimiter that splits the first rows into the most columns of which all have the same number. */
function delimiterOf(body: string): string {
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const counts = rowsOf(body, delimiter, 20).map((row) => row.length)
    const [columns = 1] = counts
    const agree = counts.filter((count) => count === columns).length / counts.length
    const score = columns < 2 ? 0 : agree + Math.min(columns, 100) / 1000
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function rowsOf(body: string, delimiter: string, to = sampleRows): string[][] {
  const rows = parsed(body, delimiter, to)
  if (rows) return rows
  // The first rows up to the one that cannot be parsed.
  const found: string[][] = []
  for (const line of body.split(/\r\n|\n|\r/, to)) {
    const one = parsed(line, delimiter, 1)
    if (!one) break
    found.push(...one)
  }
  return found
}

function parsed(body: string, delimiter: string, to: number): string[][] | undefined {
  try {
    return parse(body, { ...options(delimiter), to }) as string[][]
  } catch {
    return undefined
  }
}

const options = (delimiter: string) => ({
  delimiter,
  record_delimiter: lineEnds,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
})

/** Where the row after the first one begins. */
function endOfFirst(body: string, delimiter: string): number {
  let quoted = false
  for (let at = 0; at < body.length; at++) {
    const character = body[at]
    if (character === '"') quoted = !quoted
    if (quoted || (character !== '\n' && character !== '\r')) continue
    const row = body.slice(0, at)
    const after = character === '\r' && body[at + 1] === '\n' ? at + 2 : at + 1
    if (row.split(delimiter).some((cell) => cell.trim() !== '')) return after
  }
  return body.length
}

/** True if a cell holds a number. */
export function isNumber(cell: string, commas: boolean): boolean {
  return typeof new NumberReader(commas).read(cell) === 'number'
}
