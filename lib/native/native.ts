/**
 * Declares the native addon (native/binding) for TypeScript and loads it. All calls from lib/ to HDF5 go through this module;
 * nothing in it is public.
 */

import { isMainThread } from 'node:worker_threads'
import { H5TracksError } from '../base/errors.js'
import type { ElementType, TypedArray } from './element-types.js'
import type { FileMode, NativeFile, NativeFileOptions, NativeHandle, NativeRemoteBytes } from './file.js'
import { loadAddon } from './load-addon.js'
import type { NativeBlockWriter, NativeFollower, NativeRecovery, StreamOptions } from './stream.js'

export type * from './element-types.js'
export type * from './file.js'
export type * from './stream.js'

/** Open datasets that are read together. `at` is the place of one of them. */
export interface NativeRows {
  handle(at: number): NativeHandle
  /** The present number of rows of one dataset. */
  length(at: number): number
  /** The present number of rows of each dataset. */
  lengths(): number[]
  /**
   * Reads rows `first` to `end` of the datasets at the places `which` (null: all) into an array for each, of its type and with exactly
   * that many values. Runs off the calling thread and decodes in parallel. Do not touch the arrays until it settles. With `storedOnly`,
   * rows that are not stored in the file throw ERR_FORMAT instead of giving fill values.
   */
  read(
    which: Uint32Array | null,
    out: readonly TypedArray[],
    first: number,
    end: number,
    storedOnly: boolean,
  ): Promise<void>
  readSync(which: Uint32Array | null, out: readonly TypedArray[], first: number, end: number, storedOnly: boolean): void
}

/** Of a dataset: its type, its shape, that of its chunks, and whether its values lie in other files. */
export type NativeRowInfo = [type: NativeType, shape: number[] | null, chunks: number[] | null, elsewhere: boolean]

/** An object that was opened, with its description. */
export type Opened =
  | { handle: NativeHandle; kind: 'group' }
  | { handle: NativeHandle; kind: 'datatype'; type: NativeType }
  // Without an extent if HDF5 cannot give it; asking for it again throws the error.
  | ({ handle: NativeHandle; kind: 'dataset'; type: NativeType } & Partial<NativeExtent>)

/** The shape of a dataset. */
export interface NativeExtent {
  /** null for a null dataspace. */
  shape: number[] | null
  /** Absent if it equals the shape. null for an unlimited axis. */
  maxShape?: (number | null)[]
}

export type ObjectKind = 'group' | 'dataset' | 'datatype'

/** A link; its target is not opened. */
export type LinkInfo = {
  name: string
  /** Creation index, in a group that tracks creation order. */
  creationOrder?: number
} & (
  | { type: 'hard' }
  | { type: 'soft'; path: string }
  | { type: 'external'; file: string; path: string }
  | { type: 'user-defined'; class: number }
)

/** A stored chunk. */
export interface ChunkInfo {
  /** Index of its first element along each axis. */
  offset: number[]
  /** Byte offset in the file. */
  address: number
  /** Size in the file, bytes. */
  size: number
  /** If bit i is set, filter i of the pipeline was skipped. */
  filterMask: number
}

/** The elements to read or write, see native/hdf5/description/selection.h; null for all. */
export type NativeSelection =
  | null
  | { shape: number[]; boxes: { start: number[]; stride: number[]; count: number[]; at: number[] }[] }
  | { points: BigUint64Array }
  | { region: Uint8Array }

type Order = 'name' | 'creation'
type Handle = NativeHandle

/** The operations of native code by name (native/hdf5/operations/operations.h). They run on the calling or on the I/O thread. */
export interface NativeOperations {
  /** The names, each followed by a NUL. */
  'links.names'(group: Handle, order: Order): string
  'links.list'(group: Handle, order: Order): LinkInfo[]
  'links.count'(group: Handle): number
  'links.info'(group: Handle, path: string): LinkInfo
  'links.kind'(group: Handle, path: string): ObjectKind | 'external link' | null
  'links.create'(group: Handle, path: string, target: Handle | { path: string } | { file: string; path: string }): null
  'links.delete'(group: Handle, path: string): null
  'links.move'(group: Handle, from: string, to: string): null
  /** `expected` is a hint: a dataset opens faster if 'dataset' is expected. Objects of other kinds are opened too. */
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
  /** The names, each followed by a NUL. */
  'attributes.names'(object: Handle, order: Order): string
  'attributes.exists'(object: Handle, name: string): boolean
  'attributes.info'(object: Handle, name: string): { type: NativeType; shape: number[] | null }
  /** `column` is present if the values need no conversion: strings, and numbers of an `ElementType`. */
  'attributes.get'(object: Handle, name: string): { type: NativeType; shape: number[] | null; column?: Column }
  /** All attributes, in the order of their names. */
  'attributes.all'(object: Handle): { name: string; type: NativeType; shape: number[] | null; column?: Column }[]
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
    /** Creation properties; null for the defaults. */
    creation: object | null,
  ): Handle
  'dataset.shape'(dataset: Handle): number[] | null
  /** The present shape. */
  'dataset.extent'(dataset: Handle): NativeExtent
  'dataset.describe'(dataset: Handle): NativeDatasetInfo
  'dataset.fill'(dataset: Handle, memoryType: NativeType): Column
  'dataset.resize'(dataset: Handle, shape: number[]): null
  'dataset.refresh'(dataset: Handle): null
  'dataset.flush'(dataset: Handle): null
  /**
   * Of the rows from `first` to `end`, the runs that are not stored, for which HDF5 returns fill values. Each run is a pair of its
   * first row and the row after its last.
   */
  'dataset.unstoredRows'(dataset: Handle, first: number, end: number): number[]
  /** Reads into `out` if it is given, else into a new column. */
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
  /**
   * Of each stored chunk the offset along each axis, the address and the size, as float64. A contiguous dataset has one place, and
   * null for `chunk`. null: the values have no places of their own in the file, or they are not known.
   */
  'chunks.places'(dataset: Handle): { shape: number[]; chunk: number[] | null; places: ArrayBuffer } | null
  'chunks.info'(dataset: Handle, offset: number[]): ChunkInfo | null
  'chunks.read'(dataset: Handle, offset: number[]): { data: ArrayBuffer; filterMask: number } | null
  'chunks.write'(dataset: Handle, offset: number[], bytes: Uint8Array, filterMask: number): null
  /**
   * Copies the encoded chunks that begin at the rows `first` to `end` of each source to the target of the same place, where they begin
   * at row `at`. All datasets have chunks of `chunkRows` rows and, in pairs, the same filters; `to` is one of the targets. Copies row by
   * row of chunks, as a writer stores blocks. Throws ERR_FORMAT for a chunk that is not stored.
   */
  'chunks.copy'(
    to: Handle,
    targets: Handle[],
    sources: Handle[],
    chunkRows: number,
    first: number,
    end: number,
    at: number,
  ): null
  'reference.object'(object: Handle): ArrayBuffer
  'reference.region'(dataset: Handle, selection: NativeSelection): ArrayBuffer
  'reference.open'(from: Handle, to: 'object' | 'region' | 'attribute', bytes: Uint8Array): Opened & { path: string }
  'file.flush'(object: Handle): null
  'file.size'(object: Handle): number
  'file.image'(object: Handle): ArrayBuffer
  /**
   * A copy of the file in which some datasets have no rows: those at these paths, in chunks of so many rows (0: as in the file). `lost`:
   * what could not be copied, and why. `virtual`: datasets whose copies are virtual, with the shape and the sources of the copy.
   */
  'file.skeleton'(
    object: Handle,
    emptied: (readonly [path: string, chunkRows: number])[],
    virtual?: readonly { path: string; shape: readonly number[]; sources: readonly NativeVirtualSource[] }[],
  ): {
    image: ArrayBuffer
    lost: string[]
  }
  'file.startSwmr'(object: Handle): null
  'file.creation'(object: Handle): {
    userblock: number
    trackOrder: boolean
    superblock: number
    libver: [string, string]
  }
}

/** A source of a virtual dataset, see native/hdf5/description/virtual_dataset.h. */
export interface NativeVirtualSource {
  file: string
  path: string
  sourceShape: readonly number[]
  source: NativeSelection
  at: NativeSelection
}

/** The description that native/hdf5/description/creation.cc makes. */
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

/** A datatype as plain data, see native/hdf5/description/type.h. An `ElementType` is given by its name. */
export type NativeType = ElementType | { readonly class: string; readonly [field: string]: unknown }

/** Values as they pass between TypeScript and native code, see native/hdf5/description/columns.h. */
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
    /** 'major.minor.release' of the library in use. */
    hdf5Running: string
    linked: 'static' | 'shared'
    /** Names of the filters that this build can read, e.g. 'deflate', 'shuffle', 'szip'. */
    filters: string[]
    /** Names of the filters that this build can write. */
    writableFilters: string[]
    /** Default number of encoder threads: the number of cores, at most 8. */
    threads: number
    /** Name and version of the library that decodes chunks and encodes them at a given level. */
    codec: string
  }
  /**
   * Closes all writers of this process. Only where the system ends threads before the addon learns of the end of the process
   * (Windows): elsewhere the addon does it at exit.
   */
  closeWriters?(): void
  /** Sets the class of the errors that native code throws: `new ErrorClass(message, fields)`. Call it once in each thread. */
  setErrorClass(errorClass: new (message: string, fields: NativeErrorFields) => Error): void
  /** Number of open HDF5 identifiers of files, objects and attributes in this process, with which tests find leaks. */
  identifiers(): number
  /**
   * Allocates zeroed memory in one piece of large pages, for large results: a buffer for each size, in bytes. The buffers must not
   * be put in a transfer list.
   */
  newBuffers(sizes: readonly number[]): ArrayBuffer[]
  /** Takes datasets that are open. */
  Rows: new (
    datasets: readonly NativeHandle[],
  ) => NativeRows
  /** Opens the datasets at these paths. Null unless all of them are datasets that can be opened. */
  openRows(group: NativeHandle, paths: readonly string[]): { rows: NativeRows; datasets: NativeRowInfo[] } | null
  /**
   * Reads a box of one dataset into `out`, which has exactly the size of the box. `box` holds start, count and stride, each with one
   * number per axis; it may be reused after the call returns. Requests to one file run in the order of the calls; reads may overlap.
   * The blocking variants wait for the requests before them, and allocate nothing if the chunk is in the cache.
   */
  readBox(dataset: NativeHandle, out: TypedArray, box: Float64Array): Promise<void>
  readBoxSync(dataset: NativeHandle, out: TypedArray, box: Float64Array): void
  /** Writes a box. Do not touch `data` until it settles. After an error the box may hold old and new values. */
  writeBox(dataset: NativeHandle, data: TypedArray, box: Float64Array): Promise<void>
  writeBoxSync(dataset: NativeHandle, data: TypedArray, box: Float64Array): void
  /** Rebuilds the file from its journal, if there is one. Throws ERR_LOCKED, ERR_JOURNAL and system errors. */
  recover(path: string): Promise<NativeRecovery>
  recoverSync(path: string): NativeRecovery
  /** The journal beside the file: there is none; a dead writer left it; a writer or a recovery of any process uses it. */
  journalState(path: string): 'none' | 'left' | 'in use'
  /** Throws ERR_NEEDS_RECOVERY if a dead writer left a journal, and ERR_LOCKED if a journal is in use. */
  refuseJournal(path: string): void
  /** Makes the error ERR_NEEDS_RECOVERY; `remedy` continues its message. */
  needsRecovery(path: string, remedy: string): H5TracksError
  Follower: new (path: string) => NativeFollower
  /**
   * Confines a process that reads untrusted files: it may take only `bytes` more memory (Linux), writes no core dump, and ends
   * with the thread that started it (Linux). This cannot be undone.
   */
  confine(bytes: number): void
  /** Limits processor time: the system ends the process when it has used `seconds` more. */
  allowCpu(seconds: number): void
  /** Sets the only directory from which HDF5 loads filter plugins, for the whole process. */
  loadFilterPlugins(directory: string): void
  RemoteBytes: new (size: number) => NativeRemoteBytes
  /** With `remote`, the file consists of these bytes, and `path` is only a name. */
  openFile(path: string, mode: FileMode, options: NativeFileOptions, remote?: NativeRemoteBytes): Promise<NativeFile>
  /** 'replace': creates a new file beside the existing one; it takes the name of the latter when a BlockWriter is made for it. */
  openFileSync(path: string, mode: FileMode | 'replace', options: NativeFileOptions): NativeFile
  /** Runs an operation. The first argument is the object that it concerns. Do not change the arguments until it settles. */
  call(operation: keyof NativeOperations, args: readonly unknown[]): Promise<unknown>
  callSync(operation: keyof NativeOperations, args: readonly unknown[]): unknown
  BlockWriter: new (
    file: NativeFile,
    options: {
      /** At least one. With several, the journal has version 2, which older releases refuse. */
      streams: readonly StreamOptions[]
      /** 'none': no journal. 'power': every block is synced, and an open one every `syncInterval` ms if that is not 0. */
      durability: 'process' | 'power' | 'none'
      syncInterval: number
      /** The file was just made and holds no rows. */
      newFile: boolean
      /** Delete the journal of a dead writer instead of throwing ERR_NEEDS_RECOVERY. */
      discardJournal: boolean
      /** Path of the object that gets the attributes run_id and closed_cleanly. */
      marked: string
      /** Keep the contents of a new file that HDF5 has made as a template. */
      template?: string
      /** Maximum number of this writer's chunks that are encoded at the same time. */
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

// Each thread that loads the addon runs this once.
native.setErrorClass(H5TracksError)
if (isMainThread && native.closeWriters) process.on('exit', native.closeWriters)
