/**
 * What native code has for tracking files that HDF5 has not: blocks on their way into a file, following, recovery. A part of
 * the declaration in native.ts, which is the one to import from.
 */
import type { ElementType, TypedArray } from './element-types.js'

export interface BlockColumn {
  /** Absolute path of an existing chunked dataset whose chunk is [rows, ...rowShape]. */
  path: string
  type: ElementType
  /** Shape of one row: [] for one value. */
  rowShape: number[]
  fill: number
  /** What integers may be, if not all that the type holds; for `fault`. */
  range: readonly [number, number] | null
  /** Its values belong to the cells of a row, as many to each: the fill value where a cell is empty; for `fault`. */
  perCell: boolean
  /** Zlib level 0-9 of the chunks; null: the dataset has no deflate filter. */
  deflate: number | null
  /** The encoder made for such chunks, instead of a general one at that level. */
  fast: boolean
  shuffle: boolean
}

/**
 * Blocks of `rows` rows: one typed array per column, filled by JavaScript, encoded and committed by threads of our own.
 * A block arrives from `acquire` with its row counter at 0 and, at first and where `submit` said so, filled with the columns'
 * fill values; whoever fills it writes a row first and the row counter after. At close, garbage collection or the end of the process the counted
 * rows of the open block are committed.
 */
export interface NativeBlockWriter {
  /** One buffer per block. At byte 0 an Int32: rows counted so far. Column i starts at byte `offsets[i]`. */
  readonly blocks: ArrayBuffer[]
  readonly offsets: number[]
  /** Int32Array of one element: 0, or 1 once a block could not be encoded or committed (`throwFailure` says why). */
  readonly failed: ArrayBuffer
  /** Index of an empty block, now the open one. Waits for one while all are in flight; throws the failure. */
  acquire(): number
  /**
   * Hands the open block, full, to the encoder. `blank`: its memory holds the fill values when it comes again. True: `acquire`
   * will not have to wait for the encoder or the disk.
   */
  submit(blank: boolean): boolean
  /**
   * The first value of a batch of rows that rows must not have: of the keys (int32, one for each cell: ascending, then -1 for
   * the empty cells), then column by column. `sources`: a typed array for each column, of its type and `rows` rows long; null:
   * fill values.
   */
  fault(sources: readonly (TypedArray | null)[], rows: number): { column: number; at: number } | null
  /** Rows `from` to `end` of such a batch into a block, from its row `row`; columns that are null are left as they are. */
  copy(sources: readonly (TypedArray | null)[], from: number, end: number, block: number, row: number): void
  /** Throws what made `failed` 1. */
  throwFailure(): void
  stats(): BlockWriterStats
  /** Rows from the beginning of the file that are known to outlast a loss of power. */
  durableRows(): number
  /** Resolves when every submitted block is in the file; rejects with the failure. */
  drain(): Promise<void>
  /** As drain, and the counted rows of the open block are published as a padded chunk, and the file is flushed. */
  flush(): Promise<void>
  flushSync(): void
  /** Flushes and closes the file. The second call is harmless. */
  close(): Promise<void>
  closeSync(): void
}

/** Since the writer was opened; seconds of all threads together. */
export interface BlockWriterStats {
  /** Full blocks that are in the file. */
  blocks: number
  rawBytes: number
  storedBytes: number
  encodeSeconds: number
  commitSeconds: number
  /** The longest that one `acquire` waited. */
  longestWaitSeconds: number
  /** Blocks submitted and not in the file yet, now. */
  inFlight: number
}

export interface NativeRecovery {
  /** The file, symbolic links followed. */
  path: string
  /** False: there was no journal, nothing was done. */
  rebuilt: boolean
  /** Objects and attributes that could not be carried over. */
  lost: string[]
}

/** Rows of a file while another process writes it. ENOENT where there is no journal, ERR_JOURNAL where it is damaged. */
export interface NativeFollower {
  readonly columns: { path: string; rowValues: number; elementBytes: number }[]
  readonly blockRows: number
  /** The bytes of an HDF5 file: the one that is written, without its rows. */
  skeleton(): Uint8Array
  /** Rows accepted so far; whether there will be no more; whether the writer lives. */
  look(): { rows: number; closed: boolean; alive: boolean }
  /** Accepted rows that are all in one block, a typed array per column. False: the block is in the file by now. */
  copy(first: number, count: number, out: TypedArray[]): boolean
  /** As `copy`, of a block that is in the file; off the calling thread, one at a time. */
  load(first: number, count: number, out: TypedArray[]): Promise<void>
  /** Gives up the files. Harmless when closed; afterwards the others throw ERR_CLOSED. */
  close(): void
}
