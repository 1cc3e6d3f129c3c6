/** The table of one animal: numbers in columns, a row for each frame, in CSV or in an archive of NumPy. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { systemError } from '../../base/errors.js'
import { formatProblem } from '../core/problem.js'
import type { FileArray } from '../numpy/array.js'
import { Npz } from '../numpy/npz.js'
import { type Column, columnOf } from './columns.js'

/** An open table. */
export interface Table extends Disposable {
  readonly path: string
  readonly columns: readonly Column[]
  /** Values that are not columns: lists of numbers and texts by name. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Arrays that are neither, with their numbers of values. */
  readonly left: readonly { readonly name: string; readonly count: number }[]
  /** Rows in their order, each with a value for each column. The array is used again for the next row. */
  rows(): AsyncGenerator<ArrayLike<number>>
}

const remedy = 'it is damaged or truncated: export it again from TRex'
const blockRows = 1024

export const openTable = (path: string): Promise<Table> =>
  path.toLowerCase().endsWith('.npz') ? openPacked(path) : openText(path)

async function openText(path: string): Promise<Table> {
  const header = await firstLine(path)
  const columns = header.split(',').map(columnOf)
  return {
    path,
    columns,
    facts: {},
    left: [],
    async *rows() {
      const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
      let number = 0
      try {
        for await (const line of lines) {
          if (++number === 1 || line.trim() === '') continue
          const cells = line.split(',')
          const problem = (what: string) => formatProblem(path, `line ${number}`, what, remedy)
          if (cells.length !== columns.length)
            throw problem(`it has ${cells.length} values, its header ${columns.length}`)
          yield cells.map((cell) => {
            const value = numberOf(cell)
            if (value === undefined) throw problem(`${cell.slice(0, 40)} is not a number`)
            return value
          })
        }
      } catch (error) {
        throw error instanceof Error && 'syscall' in error ? systemError(error) : error
      } finally {
        lines.close()
      }
    },
    [Symbol.dispose]() {},
  }
}

function numberOf(cell: string): number | undefined {
  const text = cell.trim()
  if (text === '' || /^[-+]?(nan|null|none)$/i.test(text)) return Number.NaN
  if (/^[-+]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const value = Number(text)
  return Number.isNaN(value) ? undefined : value
}

async function firstLine(path: string): Promise<string> {
  const lines = createInterface({ input: createReadStream(path, { end: 2 ** 20 }) })
  try {
    for await (const line of lines) return line.replace(/^\uFEFF/, '')
    return ''
  } catch (error) {
    throw systemError(error)
  } finally {
    lines.close()
  }
}

async function openPacked(path: string): Promise<Table> {
  const archive = await Npz.open(path)
  const frames = archive.arrays.get('frame')
  const rows = frames?.shape.length === 1 ? (frames.shape[0] as number) : -1
  const isColumn = (array: FileArray) =>
    array.isNumeric && array.shape.length === 1 && array.shape[0] === rows && rows !== 1
  const all = [...archive.arrays]
  // A recording of one frame has columns of one value each, as facts have.
  const named = all.filter(
    ([name, array]) =>
      isColumn(array) ||
      (rows === 1 &&
        array.isNumeric &&
        array.length === 1 &&
        /^(frame|time|missing|[XY](#.*)?|pose[XYP]\d+)$/.test(name)),
  )
  const others = all.filter((entry) => !named.includes(entry))
  const small = others.filter(([, array]) => array.length <= 16)
  return {
    path,
    columns: named.map(([name]) => columnOf(name)),
    facts: Object.fromEntries(
      small.map(([name, array]) => [name, single(array.texts() ?? (array.isNumeric ? [...array.values()] : []))]),
    ),
    left: others.filter((entry) => !small.includes(entry)).map(([name, array]) => ({ name, count: array.length })),
    async *rows() {
      for (let start = 0; start < rows; start += blockRows) {
        const stop = Math.min(rows, start + blockRows)
        const blocks = named.map(([, array]) => array.rows(start, stop))
        const row = new Float64Array(blocks.length)
        for (let i = 0; i < stop - start; i++) {
          for (const [column, block] of blocks.entries()) row[column] = block[i] as number
          yield row
        }
      }
    },
    [Symbol.dispose]: () => archive.close(),
  }
}

const single = (list: readonly unknown[]): unknown => (list.length === 1 ? list[0] : list)
