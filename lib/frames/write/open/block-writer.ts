/** Makes the block writer of a run: its columns, their filters, and how many blocks it has. */
import { isHalf } from '../../../layout/half.js'
import { type Column, type Field, type Layout, rowBytes } from '../../../layout/model.js'
import {
  type BlockColumn,
  type NativeBlockWriter,
  type NativeFile,
  native,
  type StreamOptions,
} from '../../../native/native.js'
import { markedBy } from '../../file/marks.js'
import type { CheckedOptions, WritingOptions } from './options.js'

// Bytes that the blocks of a file take together, unless the caller chooses their number.
const defaultMemory = 64 * 2 ** 20
const defaultInFlight = 7

/** The default filters of all datasets. The level is only declared in the file: our own encoder has no levels. */
const defaultFilters = { level: 1, shuffle: true } as const

/** The filters of a column: zlib level (null for no deflate), the encoder, and shuffle. */
export interface Filters {
  deflate: number | null
  encoder: BlockColumn['encoder']
  shuffle: boolean
}

/** The filters that the options choose for a column. */
export function filtersOf({ type }: Column, { compression }: CheckedOptions): Filters {
  const { level = defaultFilters.level, shuffle: wanted = defaultFilters.shuffle } = compression
  // AquaPose's flags have the filter, too; for the bytes of a text it would be as useless.
  const shuffle = wanted && type !== 'uint8' && type !== 'int8'
  // A level that the caller chose needs a general encoder, because our own has none.
  const encoder = compression.small ? 'smallest' : compression.level === undefined ? 'own' : 'level'
  return { deflate: level, encoder, shuffle }
}

/** Describes a column for native code, without its filters. */
function blockColumn({ path, type, rowShape, fill, field }: Column): Omit<BlockColumn, keyof Filters> {
  const { value, partial, perFrame, shape } = field
  // Half-precision floats are stored as bits, which native code compares with nothing.
  const half = isHalf(field)
  return {
    path,
    type,
    rowShape: storedShape(rowShape, field),
    fill,
    range: type === 'bool' ? [0, 1] : half ? null : field.range,
    perCell: !perFrame,
    ...(value.kind === 'enum' && { members: [...value.members.values()] }),
    ...(partial === 'refuse' && !half && { finite: shape.at(-1) ?? 1 }),
  }
}

/** Columns that are written in step. */
export interface StreamSpec {
  columns: readonly Column[]
  /** The filters of each column. */
  filters: readonly Filters[]
  chunkFrames: number
  /** Number of frames that the file already holds. */
  frames: number
}

/** A run of writers over a file. */
export interface RunSpec {
  file: NativeFile
  layouts: readonly Layout[]
  streams: readonly StreamSpec[]
  options: WritingOptions
  /** The key under which the contents of a new file are kept as a template. */
  template?: string | undefined
}

/** Makes the native writer of a run. */
export function blockWriter({ file, layouts, streams, options, template }: RunSpec): NativeBlockWriter {
  const { blocksInFlight, threads, durability, syncInterval, discardJournal, newFile = true } = options
  const memory = defaultMemory / streams.length
  return new native.BlockWriter(file, {
    streams: streams.map((stream) => streamOptions(stream, blocksInFlight, memory)),
    threads,
    durability,
    syncInterval,
    newFile,
    discardJournal,
    marked: markedBy(layouts),
    ...(template !== undefined && { template }),
  })
}

function streamOptions(
  { columns, filters, chunkFrames, frames }: StreamSpec,
  blocksInFlight: number | null,
  memory: number,
): StreamOptions {
  const bytes = columns.reduce((sum, column) => sum + rowBytes(column), 0) * chunkFrames
  const fitting = Math.floor(memory / bytes) - 1
  const tail = frames % chunkFrames
  return {
    columns: columns.map((column, i) => ({ ...blockColumn(column), ...(filters[i] as Filters) })),
    rows: chunkFrames,
    blocks: (blocksInFlight ?? Math.min(Math.max(fitting, 1), defaultInFlight)) + 1,
    base: frames - tail,
    tail,
  }
}

/** The shape of a row in elements of the storage type. */
const storedShape = (shape: readonly number[], { elements }: Field): number[] =>
  elements === 1 ? [...shape] : [...shape, elements]
