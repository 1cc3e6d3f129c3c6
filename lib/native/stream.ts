/**
 * Declares the parts of the native addon that are not HDF5: the block writer, following and recovery. Import them from native.ts.
 */
import type { ElementType, TypedArray } from './element-types.js'

/**
 * A column of blocks and the dataset that it is written to. The dataset stores what typed arrays of `type` hold, bytes unchanged: the
 * element type itself; an enum over it; an IEEE float of 2 bytes for 'uint16'; a fixed-length, null-padded string for 'uint8', whose
 * length is then the last number of `rowShape`.
 */
export interface BlockColumn {
  /** Absolute path of an existing chunked dataset whose chunk is [rows, ...rowShape]. */
  path: string
  type: ElementType
  /** Shape of a row; [] for a single value. */
  rowShape: number[]
  fill: number
  /** Allowed range, for `fault`; null for all values of the type. The fill value is allowed beside it. */
  range: readonly [number, number] | null
  /** Allowed values of an enum, for `fault`; absent for all values of the type. The fill value is allowed beside them. */
  members?: readonly number[]
  /** Values in groups of so many must be all finite or all NaN, for `fault`; absent for no such rule. */
  finite?: number
  /** True if the values belong to the slots of a row, equally many to each: an empty slot has the fill value. For `fault`. */
  perCell: boolean
  /** Zlib level 0-9 of the chunks; null if the dataset has no deflate filter. */
  deflate: number | null
  /** Our own, which is made for such chunks; a general one at that level; or whatever makes the smallest chunk. */
  encoder: 'own' | 'level' | 'smallest'
  shuffle: boolean
}

/** A stream of rows of a block writer. Each has its own columns, blocks and pace. */
export interface StreamOptions {
  columns: BlockColumn[]
  /** Rows in a block, equal to the rows in a chunk. */
  rows: number
  /** Number of blocks, at least 2: one is filled while the others are in flight. */
  blocks: number
  /** Number of rows that the datasets already hold in whole blocks. */
  base: number
  /** Number of rows after those. They become the counted rows of the first block, which is open. */
  tail: number
}

/** A run over a file: its marks, its journal, and one or more streams of rows. */
export interface NativeBlockWriter {
  readonly streams: readonly NativeBlockStream[]
  /**
   * Memory of one int32: 0, or 1 after a block could not be encoded or committed (`throwFailure` throws the reason). If the streams
   * share no memory, it stays 0, and their `accept` tells.
   */
  readonly failed: ArrayBuffer
  /** Throws the error that made `failed` 1. It ends all streams. */
  throwFailure(): void
  /** Resolves when every submitted block is committed; rejects with the failure. */
  drain(): Promise<void>
  /** Does what `drain` does, then commits the counted rows of the open blocks as padded chunks and flushes the file. */
  flush(): Promise<void>
  flushSync(): void
  /** Flushes and closes the file. A second call does nothing. */
  close(): Promise<void>
  closeSync(): void
}

/**
 * Writes blocks of `rows` rows. JavaScript fills a block, which has a typed array for each column; native threads encode and commit
 * it. A block from `acquire` has its row counter at 0. It is blank, that is, filled with the fill values of the columns, when it is
 * used for the first time and after a `submit` with `blank`. Write a row first and the row counter after it. At close, at garbage
 * collection and at the end of the process, the counted rows of the open block are committed. Blocks of all streams are committed in
 * the order in which they are submitted.
 */
export interface NativeBlockStream {
  /** True if `block` returns the memory of a block; false if the engine takes no native memory, so that it returns a copy. */
  readonly shared: boolean
  /** The memory of a block; call it once for each. Byte 0 begins the row counter, an Int32. Column i begins at byte `offsets[i]`. */
  block(index: number): ArrayBuffer
  /** Only if the memory is not shared: copies a block that was acquired again into its copy. */
  load(block: number, copy: ArrayBuffer): void
  /**
   * Only if the memory is not shared: copies the rows from `from` on, and the tally, from the copy into the block, and then counts `rows`
   * rows, which are accepted from then on. Returns 1 if the writer has failed, else 0.
   */
  accept(block: number, copy: ArrayBuffer, from: number, rows: number): number
  readonly offsets: number[]
  /** Returns the index of an empty block, which becomes the open one. Waits while all are in flight. Throws the failure. */
  acquire(): number
  /** Prepares another block in the background, so that the next `acquire` need not wait for it. */
  prepareNext(): void
  /**
   * Submits the open block, which is full. With `blank`, its memory is filled with the fill values before it is used again. Returns
   * true if `acquire` will not have to wait for the encoder or the disk.
   */
  submit(blank: boolean): boolean
  /**
   * Finds the first invalid value of a batch of rows: first among the keys (int32, one for each slot: ascending, then -1 for empty
   * slots), then column by column. `sources` holds a typed array for each column, of its type and with `rows` rows; null for fill
   * values, and for the columns of other layouts. `keys`: the column of keys; -1 without slots.
   */
  fault(sources: readonly (TypedArray | null)[], rows: number, keys: number): BatchFault | null
  /** Copies rows `from` to `end` of such a batch into a block, beginning at its row `row`. Columns that are null stay unchanged. */
  copy(sources: readonly (TypedArray | null)[], from: number, end: number, block: number, row: number): void
  stats(): BlockWriterStats
  /** Number of rows from the beginning of the datasets that are durable: known to survive a loss of power. */
  durableRows(): number
}

/** A value that breaks a rule: its column, and its index in the column's array. */
export interface BatchFault {
  column: number
  at: number
  /**
   * 'key': keys must ascend, and empty slots come last. 'range', 'member': the value is not allowed. 'partial': it is not finite, but
   * others of its group are. 'empty': it belongs to an empty slot, and is not the fill value.
   */
  rule: 'key' | 'range' | 'member' | 'partial' | 'empty'
}

/** Counts of a stream since the writer was opened. Seconds are summed over all threads. */
export interface BlockWriterStats {
  /** Number of full blocks that are committed. */
  blocks: number
  rawBytes: number
  storedBytes: number
  encodeSeconds: number
  commitSeconds: number
  /** The longest wait of an `acquire`. */
  longestWaitSeconds: number
  /** Number of blocks that are submitted and not yet committed. */
  inFlight: number
}

export interface NativeRecovery {
  /** Path of the file, with symbolic links resolved. */
  path: string
  /** False if there was no journal; then nothing was done. */
  rebuilt: boolean
  /** Objects and attributes that could not be copied to the new file. */
  lost: string[]
}

/** A column of a journal. */
export interface JournalColumn {
  path: string
  rowValues: number
  elementBytes: number
}

/** A stream of a journal. */
export interface JournalStream {
  columns: JournalColumn[]
  blockRows: number
}

/** Reads rows of a file while another process writes it. Throws ENOENT if there is no journal, ERR_JOURNAL if it is damaged. */
export interface NativeFollower {
  readonly streams: readonly JournalStream[]
  /** The bytes of an HDF5 file that equals the written one but has no rows. */
  skeleton(): Uint8Array
  /** `rows`: number accepted so far, of each stream. `closed`: there will be no more. `alive`: the writer is alive. */
  look(): { rows: number[]; closed: boolean; alive: boolean }
  /** Copies accepted rows of one block of a stream into a typed array for each column. False: the block is already committed. */
  copy(stream: number, first: number, count: number, out: TypedArray[]): boolean
  /** Does what `copy` does, for a committed block. Runs off the calling thread, one call at a time. */
  load(stream: number, first: number, count: number, out: TypedArray[]): Promise<void>
  /** Closes the files. A second call does nothing; the other methods then throw ERR_CLOSED. */
  close(): void
}
