/** The declarations of open files and objects of the addon. */

/**
 * 'r': read. 'r+': read and write. 'x': create; the file must not exist. 'w': create; an existing file is truncated.
 * The open file holds an flock: shared for 'r', exclusive for the others.
 */
export type FileMode = 'r' | 'r+' | 'x' | 'w'

/** The checked options of `File`, see lib/hdf5/objects/file.ts. */
export interface NativeFileOptions {
  acceptLoss?: boolean
  ignoreJournal?: boolean
  external?: boolean
  locking?: boolean
  swmr?: boolean
  trackOrder?: boolean
  /** For a new file: metadata take little space as long as there are few links and chunks. */
  compact?: boolean
  /** All new metadata are stored in one block of so many bytes, and raw data without gaps after it. */
  metadataBlock?: number
  userblock?: number
  libver?: readonly [string, string]
  cache?: { slots: number; bytes: number; preemption: number }
  /** The file is in memory: a copy of these bytes, or a new file if there are none. */
  image?: Uint8Array
  /**
   * For a new file, the keys of templates. If there is one of the whole file, the file has no root, and a BlockWriter gives it its
   * contents. Else the file begins with the contents of the other one, if there is one.
   */
  templates?: { readonly whole: string; readonly withoutMetadata: string }
}

export interface NativeFile {
  readonly path: string
  readonly isOpen: boolean
  /** The root group. Missing in a file that gets the contents of a template. */
  readonly root?: NativeHandle
  /** True if the file began with the contents of a template. */
  readonly hasContents: boolean
  /** Keeps the present contents as a template for files without metadata. */
  keepTemplate(key: string): void
  /** Also closes the objects of the file. A second call does nothing. */
  close(): Promise<void>
  closeSync(): void
  /** The file is open for reading, and a writer of this process has it open too. */
  readonly writtenHere: boolean
}

/** The bytes of a remote file that were fetched so far, in pages of 4096 bytes. Ranges are pairs of a begin and an end. */
export interface NativeRemoteBytes {
  /** The ranges that calls needed and that were missing, since the last call. Such calls throw ERR_NOT_FETCHED. */
  takeMissed(): Float64Array
  /** The pages of these ranges that are missing. */
  absent(ranges: Float64Array): Float64Array
  /** Keeps bytes that begin at a page and end at a page or at the end of the file. */
  put(at: number, bytes: Uint8Array): void
  /** Drops the pages that were used longest ago, until no more than `bytes` are kept. */
  trim(bytes: number): void
}

/** An open object: a group, a dataset or a named type. Closed with its file. */
export interface NativeHandle {
  readonly isOpen: boolean
  close(): void
}
