/** DeepLabCut's CSV files. */

import type { ReadOptions, Source } from '../core/format.js'
import type { Probe } from '../core/probe.js'
import { formatProblem } from '../core/problem.js'
import type { ColumnLabels } from './columns.js'
import { cellsOf, linesOf } from './lines.js'
import { recordingsOf } from './recordings.js'
import { type DlcTable, type RowBlock, rowsOfBlock } from './table.js'

const levels = ['scorer', 'individuals', 'bodyparts', 'coords']
const remedy = 'is it a CSV file of DeepLabCut (rows scorer, individuals, bodyparts, coords)?'
const missing = new Set(['', 'nan', 'NaN', 'NA', 'N/A', 'null', 'None', '<NA>', '-nan', '-NaN', 'NULL', '#N/A', 'n/a'])

/** The rows before the first one with values. */
interface Header {
  /** Number of lines. */
  readonly lines: number
  /** Number of columns with the label of a row. */
  readonly index: number
  readonly columns: readonly ColumnLabels[]
}

/** Certain if the first rows have the names of DeepLabCut's levels. */
export function detectCsv(probe: Probe): number {
  const lines = probe.text()?.split(/\r\n|\n|\r/, 4) ?? []
  const names = lines.map((line) => cellsOf(line)[0]?.toLowerCase() ?? '')
  return names[0] === 'scorer' && names.includes('bodyparts') && names.includes('coords') ? 1 : 0
}

export async function readCsv(path: string, options: ReadOptions): Promise<Source> {
  const table = await openCsv(path)
  return { recordings: await recordingsOf(path, table, options), [Symbol.asyncDispose]: async () => {} }
}

async function openCsv(path: string): Promise<DlcTable> {
  const header = await headerOf(path)
  const { columns, index } = header
  return {
    key: '',
    columns,
    rows: undefined,
    place: (row) => `row ${row + 1} after the header`,
    columnPlace: (column) => `column ${column + index + 1}`,
    blocks: () => blocks(path, header),
  }
}

async function headerOf(path: string): Promise<Header> {
  const rows: string[][] = []
  const names: string[] = []
  let labelled = 0
  outer: for await (const lines of linesOf(path)) {
    for (const line of lines) {
      const cells = cellsOf(line)
      const name = (cells[0] ?? '').toLowerCase()
      if (names.at(-1) === 'coords') {
        // pandas gives names of the rows a line of their own.
        if (/^\D+$/.test(name) && !/[./\\]/.test(name) && cells.slice(1).every((cell) => cell === '')) labelled = 1
        break outer
      }
      if (!levels.includes(name)) throw formatProblem(path, `line ${rows.length + 1}`, `begins with ${name}`, remedy)
      rows.push(cells)
      names.push(name)
    }
  }
  const level = (name: string) => rows[names.indexOf(name)]
  const [scorers, individuals, parts, coords] = levels.map(level)
  if (!scorers || !parts || !coords) throw formatProblem(path, 'line 1', `has the rows ${names}`, remedy)
  if (rows.some((row) => row.length !== coords.length)) {
    // Headers of frames without likelihoods may have been cut; the row of the coordinates says how many columns there are.
    const found = rows.map((row) => row.length).join(', ')
    if (parts.length < coords.length) throw formatProblem(path, 'line 1', `has rows of ${found} cells`, remedy)
  }
  let index = 1
  while (index < coords.length && coords[index] === '') index++
  const base = scorers[index] ?? ''
  const columns = coords.slice(index).map((coord, i): ColumnLabels => {
    const scorer = scorers[index + i] ?? base
    return {
      // pandas appends .1, .2 … to names that occur twice, if it took the first row for the only one of the header.
      scorer: scorer.startsWith(`${base}.`) && /^\.\d+$/.test(scorer.slice(base.length)) ? base : scorer,
      individual: individuals && (individuals[index + i] ?? ''),
      bodypart: parts[index + i] ?? '',
      coord,
    }
  })
  return { lines: rows.length + labelled, index, columns }
}

async function* blocks(path: string, { lines: skipped, index, columns }: Header): AsyncGenerator<RowBlock> {
  const most = rowsOfBlock(columns.length)
  let labels: string[] = []
  let values = new Float64Array(most * columns.length)
  let number = 0
  for await (const lines of linesOf(path)) {
    for (const line of lines) {
      if (++number <= skipped || line.trim() === '') continue
      const cells = cellsOf(line)
      if (cells.length > index + columns.length) {
        const problem = `has ${cells.length} cells; the header has ${index + columns.length}`
        throw formatProblem(path, `line ${number}`, problem, 'the file is damaged: write it again with DeepLabCut')
      }
      const first = labels.length * columns.length
      for (let column = 0; column < columns.length; column++) {
        const text = cells[index + column]
        values[first + column] =
          text === undefined || text === '' ? Number.NaN : numberOf(path, text, number, index + column)
      }
      labels.push(index === 1 ? (cells[0] as string) : cells.slice(0, index).join('/'))
      if (labels.length < most) continue
      yield { labels, values }
      labels = []
      values = new Float64Array(most * columns.length)
    }
  }
  if (labels.length > 0) yield { labels, values: values.subarray(0, labels.length * columns.length) }
}

function numberOf(path: string, text: string, line: number, column: number): number {
  const value = Number(text)
  if (!Number.isNaN(value) && text.trim() !== '') return value
  const trimmed = text.trim()
  const infinity = /^([+-]?)inf(inity)?$/i.exec(trimmed)
  if (infinity) return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (missing.has(trimmed)) return Number.NaN
  throw formatProblem(
    path,
    `line ${line}, column ${column + 1}`,
    `holds ${JSON.stringify(text.slice(0, 80))}, which is no number`,
    remedy,
  )
}
