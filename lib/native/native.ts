/**
 * The addon as TypeScript sees it: the one declaration of native/binding, and the one place that loads it.
 * Everything in lib/ that touches HDF5 goes through here; nothing here is public.
 */

import { H5TracksError } from '../base/errors.js'
import type { ElementType, TypedArray } from './element-types.js'
import { loadAddon } from './load-addon.js'
import type { BlockColumn, NativeBlockWriter, NativeFollower, NativeRecovery } from './stream.js'

export type * from './element-types.js'
export type * from './stream.js'

/**
 * 'r' read; 'r+' read and write; 'x' create, the file must not exist; 'w' create, what is there is truncated.
 * The file is held by our own flock: shared for 'r', exclusive otherwise.
 */
export type FileMode = 'r' | 'r+' | 'x' | 'w'

/** As lib/hdf5/file.ts has them, checked. */
export interface NativeFileOptions {
  acceptLoss?: boolean
  ignoreJournal?: boolean
  external?: boolean
  locking?: boolean
  swmr?: boolean
  trackOrder?: boolean
  userblock?: number
  libver?: readonly [string, string]
  cache?: { slots: number; bytes: number; preemption: number }
  /** A file in memory: of these bytes, or new where there are none. */
  image?: Uint8Array
}

export interface NativeFile {
  readonly path: string
  readonly isOpen: boolean
  /** The root group. */
  readonly root: NativeHandle
  /** Closes what is open of it too. Harmless when closed. */
  close(): Promise<void>
  closeSync(): void
  /** Open for reading, while a writer of this process has it too. */
  readonly writtenHere: boolean
}

/** An open object: a group, a dataset or a named type. Closed with its file. */
export interface NativeHandle {
  readonly isOpen: boolean
  close(): void
}

/** An object that was opened. */
export type Opened =
  | { handle: NativeHandle; kind: 'group' }
  | { handle: NativeHandle; kind: 'datatype'; type: NativeType }
  // Without an extent where that is refused to those who ask for it.
  | ({ handle: NativeHandle; kind: 'dataset'; type: NativeType } & Partial<NativeExtent>)

/** Of a dataset. */
export interface NativeExtent {
  /** null: a null dataspace. */
  shape: number[] | null
  /** Absent: no other than the shape. null in an axis: unlimited. */
  maxShape?: (number | null)[]
}

export type ObjectKind = 'group' | 'dataset' | 'datatype'

/** A link as it is: where it leads is not asked. */
export type LinkInfo = {
  name: string
  /** The how-manieth it was made, in groups that track it. */
  creationOrder?: number
} & (
  | { type: 'hard' }
  | { type: 'soft'; path: string }
  | { type: 'external'; file: string; path: string }
  | { type: 'user-defined'; class: number }
)

/** A stored chunk. */
export interface ChunkInfo {
  /** Of its first element. */
  offset: number[]
  /** In the file. */
  address: number
  /** Bytes in the file. */
  size: number
  /** Bit i: the i-th filter was left out. */
  filterMask: number
}

/** Which elements: see native/hdf5/description/selection.h. */
export type NativeSelection =
  | null
  | { shape: number[]; boxes: { start: number[]; stride: number[]; count: number[]; at: number[] }[] }
  | { points: BigUint64Array }
  | { region: Uint8Array }

type Order = 'name' | 'creation'
type Handle = NativeHandle

/** What native code does for lib/hdf5, by name (native/hdf5/operations/operations.h): on the calling thread, or on the I/O thread. */
export interface NativeOperations {
  /** Each with a NUL behind it. */
  'links.names'(group: Handle, order: Order): string
  'links.list'(group: Handle, order: Order): LinkInfo[]
  'links.count'(group: Handle): number
  'links.info'(group: Handle, path: string): LinkInfo
  'links.kind'(group: Handle, path: string): ObjectKind | 'external link' | null
  'links.create'(group: Handle, path: string, target: Handle | { path: string } | { file: string; path: string }): null
  'links.delete'(group: Handle, path: string): null
  'links.move'(group: Handle, from: string, to: string): null
  /** Sooner where a dataset is expected and is there; anything else is opened too. */
  'object.open'(group: Handle, path: string, expected: string | null): Opened
  'object.info'(object: Handle): {
    kind: ObjectKind
    links: number
    attributes: number
    trackOrder: { links: boolean; attributes: boolean }
    created: number | null
    modified: number | null
    token: string
  }
  'object.comment'(object: Handle): string | null
  'object.setComment'(object: Handle, text: string | null): null
  'object.copy'(from: Handle, path: string, to: Handle, target: string, options: object): null
  'group.create'(group: Handle, path: string, options: object): Handle
  'type.create'(group: Handle, path: string, type: NativeType): Handle
  'type.equal'(object: Handle, one: NativeType, other: NativeType): boolean
  /** Each with a NUL behind it. */
  'attributes.names'(object: Handle, order: Order): string
  'attributes.exists'(object: Handle, name: string): boolean
  'attributes.info'(object: Handle, name: string): { type: NativeType; shape: number[] | null }
  /** The column comes along where nothing has to be made of the values: numbers as we store them, strings. */
  'attributes.get'(object: Handle, name: string): { type: NativeType; shape: number[] | null; column?: Column }
  'attributes.read'(object: Handle, name: string, memoryType: NativeType, raw: boolean): Column
  'attributes.write'(
    object: Handle,
    name: string,
    type: NativeType | Handle,
    shape: number[] | null,
    memoryType: NativeType,
    column: Column,
  ): null
  'attributes.delete'(object: Handle, name: string): null
  'attributes.rename'(object: Handle, from: string, to: string): null
  'dataset.create'(
    group: Handle,
    path: string,
    type: NativeType | Handle,
    shape: number[] | null,
    maxShape: (number | null)[] | null,
    /** What else is said of it; null: nothing. */
    creation: object | null,
  ): Handle
  'dataset.shape'(dataset: Handle): number[] | null
  /** As it is now. */
  'dataset.extent'(dataset: Handle): NativeExtent
  'dataset.describe'(dataset: Handle): NativeDatasetInfo
  'dataset.fill'(dataset: Handle, memoryType: NativeType): Column
  'dataset.resize'(dataset: Handle, shape: number[]): null
  'dataset.refresh'(dataset: Handle): null
  'dataset.flush'(dataset: Handle): null
  /**
   * Of the rows from `first` to `end`, the runs that have no place in the file, so that HDF5 makes up fill values for them:
   * pairs of a first row and the row after the last.
   */
  'dataset.unstoredRows'(dataset: Handle, first: number, end: number): number[]
  /** Into `out` where that is given, else the column. */
  'dataset.read'(
    dataset: Handle,
    memoryType: NativeType,
    selection: NativeSelection,
    out: Uint8Array | null,
    raw: boolean,
  ): Column
  'dataset.write'(
    dataset: Handle,
    memoryType: NativeType,
    selection: NativeSelection,
    column: Column,
    raw: boolean,
  ): null
  'chunks.list'(dataset: Handle): ChunkInfo[]
  'chunks.info'(dataset: Handle, offset: number[]): ChunkInfo | null
  'chunks.read'(dataset: Handle, offset: number[]): { data: ArrayBuffer; filterMask: number } | null
  'chunks.write'(dataset: Handle, offset: number[], bytes: Uint8Array, filterMask: number): null
  'reference.object'(object: Handle): ArrayBuffer
  'reference.region'(dataset: Handle, selection: NativeSelection): ArrayBuffer
  'reference.open'(from: Handle, to: 'object' | 'region' | 'attribute', bytes: Uint8Array): Opened & { path: string }
  'file.flush'(object: Handle): null
  'file.size'(object: Handle): number
  'file.image'(object: Handle): ArrayBuffer
  /** A file as it would be if the datasets at these paths had no rows; `lost`: what could not be brought along, and why. */
  'file.skeleton'(object: Handle, emptied: string[]): { image: ArrayBuffer; lost: string[] }
  'file.startSwmr'(object: Handle): null
  'file.creation'(object: Handle): {
    userblock: number
    trackOrder: boolean
    superblock: number
    libver: [string, string]
  }
}

/** As native/hdf5/description/creation.cc tells it. */
export interface NativeDatasetInfo extends NativeExtent {
  type: NativeType
  layout: 'compact' | 'contiguous' | 'chunked' | 'virtual'
  chunks: number[] | null
  filters: { id: number; name: string; options: number[]; optional: boolean }[]
  fillTime: 'ifset' | 'alloc' | 'never'
  fillDefined: 'undefined' | 'default' | 'user'
  allocation: 'default' | 'early' | 'late' | 'incremental'
  external: { file: string; offset: number; size: number | null }[]
  virtual: { file: string; path: string; source: object | null; at: object | null }[]
  trackOrder: boolean
  attributePhase: [number, number]
  trackTimes: boolean
  storageSize: number
  offset: number | null
}

/** A datatype as plain data: see native/hdf5/description/type.h. Numbers as we store them go by their names. */
export type NativeType = ElementType | { readonly class: string; readonly [field: string]: unknown }

/** Values as they travel: see native/hdf5/description/columns.h. */
export type Column =
  | ArrayBuffer
  | Uint8Array
  | { readonly bytes: ArrayBuffer | Uint8Array; readonly offsets: ArrayBuffer | Uint8Array }
  | { readonly offsets: ArrayBuffer | Uint8Array; readonly items: Column }
  | { readonly columns: readonly Column[] }

export interface NativeAddon {
  readonly versions: {
    /** 'major.minor.release' of the headers. */
    hdf5Built: string
    /** 'major.minor.release' of the library that runs. */
    hdf5Running: string
    linked: 'static' | 'shared'
    /** Names of the filters that can be read here, e.g. 'deflate', 'shuffle', 'szip'. */
    filters: string[]
    /** Those that can be written. */
    writableFilters: string[]
    /** How many threads encode, unless an option says otherwise: the cores, at most 8. */
    threads: number
    /** The library that decodes chunks, and encodes them at a given level, with its version. */
    codec: string
  }
  /** Errors thrown from native code are made with it: `new ErrorClass(message, fields)`. Once per thread. */
  setErrorClass(errorClass: new (message: string, fields: NativeErrorFields) => Error): void
  /** HDF5 identifiers of files, objects and attributes in use in this process: tests look for forgotten ones. */
  identifiers(): number
  /** Zeroed memory in one piece, of large pages, for large results: a buffer for each size in bytes. Not to be transferred. */
  newBuffers(sizes: readonly number[]): ArrayBuffer[]
  /**
   * Rows `first` to `end` of every dataset, whole, into an array of its type that has just their room; off the calling thread,
   * decoding in parallel. The arrays must be left alone until it settles. `storedOnly`: ERR_FORMAT for rows that have no place
   * in the file, instead of fill values.
   */
  readRows(
    datasets: readonly NativeHandle[],
    out: readonly TypedArray[],
    first: number,
    end: number,
    storedOnly: boolean,
  ): Promise<void>
  readRowsSync(
    datasets: readonly NativeHandle[],
    out: readonly TypedArray[],
    first: number,
    end: number,
    storedOnly: boolean,
  ): void
  /**
   * A box of one dataset, straight into `out`: `box` has start, count and stride, each with a number per axis, and is read
   * before this returns; `out` has just the box's bytes. Requests to one file are done in the order of the calls; what only
   * reads may overlap. The blocking ones wait for their turn, and allocate nothing where the chunk is in the cache.
   */
  readBox(dataset: NativeHandle, out: TypedArray, box: Float64Array): Promise<void>
  readBoxSync(dataset: NativeHandle, out: TypedArray, box: Float64Array): void
  /** The other way. `data` must be left alone until it settles. After an error the box holds old and new values. */
  writeBox(dataset: NativeHandle, data: TypedArray, box: Float64Array): Promise<void>
  writeBoxSync(dataset: NativeHandle, data: TypedArray, box: Float64Array): void
  /** Rebuilds the file from its journal, if there is one. Errors: ERR_LOCKED, ERR_JOURNAL, the system's. */
  recover(path: string): Promise<NativeRecovery>
  recoverSync(path: string): NativeRecovery
  /** Of the journal beside the file: none; left by a dead writer; in use by a writer or a recovery, of any process. */
  journalState(path: string): 'none' | 'left' | 'in use'
  Follower: new (path: string) => NativeFollower
  /**
   * For a process that reads what it does not trust: from now on it may take `bytes` more memory (Linux), leaves no core dump, and
   * dies with the thread that started it (Linux). There is no way back.
   */
  confine(bytes: number): void
  /** The system ends the process once it has used `seconds` of processor time more. */
  allowCpu(seconds: number): void
  /** HDF5 loads filters from this directory, and from no other, from now on and for the whole process. */
  loadFilterPlugins(directory: string): void
  openFile(path: string, mode: FileMode, options: NativeFileOptions): Promise<NativeFile>
  /** 'replace': a new file beside the one that there is, whose name it takes when a BlockWriter is made for it. */
  openFileSync(path: string, mode: FileMode | 'replace', options: NativeFileOptions): NativeFile
  /** The arguments must be left alone until it settles; the first is the object that is asked. */
  call(operation: keyof NativeOperations, args: readonly unknown[]): Promise<unknown>
  callSync(operation: keyof NativeOperations, args: readonly unknown[]): unknown
  BlockWriter: new (
    file: NativeFile,
    options: {
      columns: BlockColumn[]
      /** Index of the column of keys; for `fault`. */
      keys: number
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

export const native = loadAddon() as NativeAddon

// Native code throws this class too. Every thread that loads the addon runs this once for itself.
native.setErrorClass(H5TracksError)
