/**
 * The addon as TypeScript sees it: the one declaration of native/binding, and the one place that loads it.
 * Everything in lib/ that touches HDF5 goes through here; nothing here is public.
 */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** A type that one typed array holds exactly. 'bool' is h5py's: an enum over int8 with FALSE = 0, TRUE = 1, read as Uint8Array. */
export type ElementType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'bool'

/** A datatype in a file. `element` is null where no typed array holds it (strings, compounds …). */
export interface TypeInfo {
  class:
    | 'integer'
    | 'float'
    | 'enum'
    | 'string'
    | 'compound'
    | 'array'
    | 'vlen'
    | 'reference'
    | 'opaque'
    | 'bitfield'
    | 'time'
  /** Bytes of one element in the file. */
  size: number
  element: ElementType | null
  /** Big-endian in the file (reading converts). */
  bigEndian: boolean
}

export interface DatasetInfo {
  type: TypeInfo
  /** null: a null dataspace. A scalar has []. */
  shape: number[] | null
  /** null in an axis: unlimited. */
  maxShape: (number | null)[] | null
  layout: 'compact' | 'contiguous' | 'chunked' | 'virtual'
  chunks: number[] | null
  filters: { id: number; name: string; options: number[] }[]
  /** Bytes in the file. */
  storageSize: number
}

export interface DatasetSpec {
  /** Absolute path; the groups above it exist. */
  path: string
  type: ElementType
  shape: number[]
  maxShape: (number | null)[]
  /** Absent: contiguous. */
  chunks?: number[]
  fill?: number
  /** 0-9; absent: no deflate filter. */
  deflate?: number
  shuffle?: boolean
}

export interface AttributeData {
  type: TypeInfo
  /** null: a null dataspace; []: a scalar. */
  shape: number[] | null
  /** null where the type is not readable here. */
  values: string[] | TypedArray | null
}

/**
 * 'r' read; 'r+' read and write; 'x' create, the file must not exist; 'w' create, what is there is truncated.
 * The file is held by our own flock: shared for 'r', exclusive otherwise.
 */
export type FileMode = 'r' | 'r+' | 'x' | 'w'

export interface NativeFile {
  readonly path: string
  readonly isOpen: boolean
  /** Closes its datasets too. Harmless when closed. */
  close(): void
  /** To the operating system, not to the disk. */
  flush(): void
  /** Bytes of the file now. */
  size(): number
  /** Open for reading, while a writer of this process has it too. */
  readonly writtenHere: boolean
  /** External links are told, not followed, here and everywhere. */
  kind(path: string): 'group' | 'dataset' | 'datatype' | 'external link' | null
  /** Names of the links in a group, in name order. */
  children(path: string): string[]
  createGroup(path: string): void
  createDataset(spec: DatasetSpec): void
  openDataset(path: string): NativeDataset
  attributeNames(path: string): string[]
  readAttribute(path: string, name: string): AttributeData
  /** shape []: a scalar. Strings are written variable-length UTF-8; 'bool' takes a Uint8Array of 0 and 1. */
  writeAttribute(
    path: string,
    name: string,
    type: 'string' | 'int64' | 'float64' | 'bool',
    shape: number[],
    values: string[] | BigInt64Array | Float64Array | Uint8Array,
  ): void
}

export interface NativeDataset {
  /** Fresh at every call: another handle of this process may have extended it. */
  info(): DatasetInfo
  /**
   * Of the rows from `first` to `end`, the runs that have no place in the file, so that HDF5 makes up fill values for them:
   * pairs of a first row and the row after the last.
   */
  unstoredRows(first: number, end: number): number[]
  close(): void
}

/** The box start/count of a dataset, and where it goes: the element type's typed array, as long as count's product. */
export interface ReadRequest {
  dataset: NativeDataset
  start: number[]
  count: number[]
  out: TypedArray
  /** ERR_FORMAT for rows that have no place in the file, instead of fill values. */
  storedOnly?: boolean
}

export interface BlockColumn {
  /** Absolute path of an existing chunked dataset whose chunk is [rows, ...rowShape]. */
  path: string
  type: ElementType
  /** Shape of one row: [] for one value. */
  rowShape: number[]
  fill: number
  /** Zlib level 0-9 of the chunks; null: the dataset has no deflate filter. */
  deflate: number | null
  /** The encoder made for such chunks, instead of a general one at that level. */
  fast: boolean
  shuffle: boolean
}

/**
 * Blocks of `rows` rows: one typed array per column, filled by JavaScript, encoded and committed by threads of our own.
 * A block arrives from `acquire` filled with the columns' fill values and with its row counter at 0; whoever fills it
 * writes a row first and the row counter after. At close, garbage collection or the end of the process the counted
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
  /** Hands the open block, full, to the encoder. True: another block is free, `acquire` would not wait. */
  submit(): boolean
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
  /** Rows accepted so far; whether there will be no more; whether the writer lives. */
  look(): { rows: number; closed: boolean; alive: boolean }
  /** Accepted rows that are all in one block, a typed array per column. False: the block is in the file by now. */
  copy(first: number, count: number, out: TypedArray[]): boolean
  /** As `copy`, of a block that is in the file; off the calling thread, one at a time. */
  load(first: number, count: number, out: TypedArray[]): Promise<void>
  /** Gives up the files. Harmless when closed; afterwards the others throw ERR_CLOSED. */
  close(): void
}

export interface NativeAddon {
  readonly versions: {
    /** 'major.minor.release' of the headers. */
    hdf5Built: string
    /** 'major.minor.release' of the library that runs. */
    hdf5Running: string
    linked: 'static' | 'shared'
    /** Names of the filters that can both be used here, e.g. 'deflate', 'shuffle', 'szip'. */
    filters: string[]
    /** How many threads encode, unless an option says otherwise: the cores, at most 8. */
    threads: number
    /** The library that decodes chunks, and encodes them at a given level, with its version. */
    codec: string
  }
  /** Errors thrown from native code are made with it: `new ErrorClass(message, fields)`. Once per thread. */
  setErrorClass(errorClass: new (message: string, fields: NativeErrorFields) => Error): void
  /** Fills every `out`, off the calling thread, decoding in parallel. They must be left alone until it settles. */
  read(requests: ReadRequest[]): Promise<void>
  readSync(requests: ReadRequest[]): void
  /**
   * A box of one dataset, straight into `out`: `box` has start, count and stride, each with a number per axis, and is read
   * before this returns; `out` has just the box's bytes. Requests to one file are done in the order of the calls; what only
   * reads may overlap. The blocking ones wait for their turn, and allocate nothing where the chunk is in the cache.
   */
  readBox(dataset: NativeDataset, out: TypedArray, box: Float64Array): Promise<void>
  readBoxSync(dataset: NativeDataset, out: TypedArray, box: Float64Array): void
  /** The other way. `data` must be left alone until it settles. After an error the box holds old and new values. */
  writeBox(dataset: NativeDataset, data: TypedArray, box: Float64Array): Promise<void>
  writeBoxSync(dataset: NativeDataset, data: TypedArray, box: Float64Array): void
  /** Rebuilds the file from its journal, if there is one. Errors: ERR_LOCKED, ERR_JOURNAL, the system's. */
  recover(path: string): Promise<NativeRecovery>
  recoverSync(path: string): NativeRecovery
  /** Of the journal beside the file: none; left by a dead writer; in use by a writer or a recovery, of any process. */
  journalState(path: string): 'none' | 'left' | 'in use'
  Follower: new (path: string) => NativeFollower
  File: new (path: string, mode: FileMode, ignoreJournal?: boolean) => NativeFile
  BlockWriter: new (
    file: NativeFile,
    options: {
      columns: BlockColumn[]
      /** Rows of a block, which is rows of a chunk. */
      rows: number
      /** How many blocks there are: one is filled while the others are in flight. At least 2. */
      blocks: number
      /** Rows that the datasets hold already, in whole blocks … */
      base: number
      /** … and after those. They are the counted rows of the first block, which is open. */
      tail: number
      /** 'none': no journal. 'power': every block is synced, and open ones every `syncInterval` ms unless that is 0. */
      durability: 'process' | 'power' | 'none'
      syncInterval: number
      /** The file was just made and holds no rows. */
      newFile: boolean
      /** Throw away the journal of a dead writer, instead of ERR_NEEDS_RECOVERY. */
      discardJournal: boolean
      /** The object that gets the attributes run_id and closed_cleanly. */
      marked: string
      /** How many of this writer's chunks are encoded at once, at most. */
      threads: number
    },
  ) => NativeBlockWriter
}

export interface NativeErrorFields {
  /** An errno name ('ENOENT') or one of our codes ('ERR_HDF5'). */
  code: string
  errno?: number
  syscall?: string
  path?: string
  /** HDF5's error stack, innermost last as HDF5 walks it downward. */
  hdf5?: { function: string; major: string; minor: string; text: string }[]
}

function load(): NativeAddon {
  const require = createRequire(import.meta.url)
  // Developers and the tests point this at another build (the one against a system HDF5, a sanitizer's).
  const override = process.env.H5TRACKS_ADDON
  if (override) return require(override) as NativeAddon
  const root = fileURLToPath(new URL('..', import.meta.url))
  return (require('node-gyp-build') as (dir: string) => NativeAddon)(root)
}

export const native: NativeAddon = load()
