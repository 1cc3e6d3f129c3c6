/**
 * Reads a file window by window for the check, and reports the rows that cannot be read: rows that a dataset does not have, rows
 * that were never written, and rows at which HDF5 fails.
 */
import { H5TracksError } from '../../base/errors.js'
import { unstoredRows } from '../../hdf5/objects/elements.js'
import { rowsIn } from '../../layout/model.js'
import type { FrameFile } from '../file/open.js'
import { type OpenColumn, readRows } from '../file/open-columns.js'
import type { ColumnArray } from '../file/window-source.js'
import type { FrameRange } from '../read/base-reader.js'
import { readAhead } from '../read/read-ahead.js'
import type { Findings } from './findings.js'

type Range = Required<FrameRange>
export type Values = ColumnArray['data']

/** Rows of a file, with the values of those columns that have all of these rows. */
export interface Piece extends Range {
  columns: ReadonlyMap<OpenColumn, Values>
}

/** A layout of a file, and the number of rows of each of its columns. */
export interface Measured {
  opened: FrameFile
  lengths: readonly number[]
  /** Number of rows of the longest column, also among those of the layouts that are written in step with this one. */
  frames: number
  /** The path of that column. */
  longest: string
}

const windowMemory = 8 * 2 ** 20

/** Yields all rows in ascending order. While one piece is used, the next one is read. */
export async function* readPieces(measured: Measured, findings: Findings): AsyncGenerator<Piece, void, void> {
  const parts = readAhead(partsOf(measured, findings), (part) => readPart(part, measured.opened.chunkFrames, findings))
  for await (const pieces of parts) yield* pieces
}

/** Yields windows of whole chunks, or of parts of a chunk if chunks are large. */
function* windowsOf({ opened: { columns, chunkFrames }, frames }: Measured): Generator<Range> {
  const most = rowsIn(windowMemory, columns)
  for (let start = 0; start < frames; ) {
    const left = chunkFrames - (start % chunkFrames)
    const step = most < chunkFrames ? Math.min(most, left) : most - (most % chunkFrames)
    const stop = Math.min(frames, start + step)
    yield { start, stop }
    start = stop
  }
}

interface Part extends Range {
  columns: readonly OpenColumn[]
}

/** Yields windows, split where the stored rows of a column begin or end. */
function* partsOf(measured: Measured, findings: Findings): Generator<Part> {
  const { columns } = measured.opened
  for (const { start, stop } of windowsOf(measured)) {
    const gaps = columns.map((column, i) => gapsOf(column, measured.lengths[i] as number, start, stop, findings))
    const edges = [start, stop, ...gaps.flat().flatMap((gap) => [gap.start, gap.stop])]
    const cuts = [...new Set(edges)].sort((a, b) => a - b)
    for (let i = 1; i < cuts.length; i++) {
      const [from, to] = [cuts[i - 1] as number, cuts[i] as number]
      const whole = columns.filter((_, k) => !gaps[k]?.some((gap) => gap.start <= from && to <= gap.stop))
      yield { start: from, stop: to, columns: whole }
    }
  }
}

function gapsOf(column: OpenColumn, length: number, start: number, stop: number, findings: Findings): Range[] {
  const end = Math.max(start, Math.min(stop, length))
  const gaps = unstored(column, start, end, findings)
  return end < stop ? [...gaps, { start: end, stop }] : gaps
}

function unstored(column: OpenColumn, start: number, stop: number, findings: Findings): Range[] {
  try {
    const gaps = unstoredRows(column.dataset, start, stop)
    const text = () => `never written: other programs read fill values there, as if ${findings.terms.nothing}`
    for (const gap of gaps) findings.of('missing-rows', column).add(gap.start, gap.stop, text)
    return gaps
  } catch (error) {
    return [unreadable(column, { start, stop }, error, findings)]
  }
}

function unreadable(column: OpenColumn, rows: Range, error: unknown, findings: Findings): Range {
  if (!(error instanceof H5TracksError) || error.code === 'ERR_CLOSED') throw error
  findings.of('unreadable', column).add(rows.start, rows.stop, () => `cannot be read: ${error.message}`)
  return rows
}

async function readPart(part: Part, chunkFrames: number, findings: Findings): Promise<Piece[]> {
  const { start, stop, columns } = part
  try {
    const arrays = await readRows(columns, start, stop)
    return [{ start, stop, columns: new Map(columns.map((column, i) => [column, arrays[i]?.data as Values])) }]
  } catch {
    const chunks = chunksOf(part, chunkFrames)
    if (chunks.length > 1) {
      const pieces: Piece[] = []
      for (const chunk of chunks) pieces.push(...(await readPart(chunk, chunkFrames, findings)))
      return pieces
    }
  }
  // Read column by column, to find those that cannot be read.
  const read = new Map<OpenColumn, Values>()
  for (const column of columns) {
    try {
      const [array] = await readRows([column], start, stop)
      read.set(column, array?.data as Values)
    } catch (error) {
      unreadable(column, part, error, findings)
    }
  }
  return [{ start, stop, columns: read }]
}

function chunksOf({ start, stop, columns }: Part, chunkFrames: number): Part[] {
  const parts: Part[] = []
  for (let from = start; from < stop; ) {
    const to = Math.min(stop, from - (from % chunkFrames) + chunkFrames)
    parts.push({ start: from, stop: to, columns })
    from = to
  }
  return parts
}
