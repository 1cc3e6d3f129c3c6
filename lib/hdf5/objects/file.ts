/** HDF5 files, on disk and in memory. */
import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import {
  type FileMode,
  type NativeFile,
  type NativeFileOptions,
  type NativeHandle,
  native,
} from '../../native/native.js'
import { call, callEither, type Operation, OperationQueue, runSync } from '../../native/operation.js'
import { checkRemote, type RemoteOptions, remoteOptions } from '../../remote/options.js'
import { RemoteFile } from '../../remote/remote-file.js'
import { remoteUrl } from '../../remote/url.js'
import { Group } from './group.js'

export type { FileMode }

/** Format versions, named after the release of HDF5 that introduced them. */
export type LibraryVersion = 'earliest' | 'v108' | 'v110' | 'v112' | 'v114' | 'latest'

/** Options for a file in memory. */
export interface MemoryFileOptions {
  /** Lowest and highest format version of new objects (H5Pset_libver_bounds). Default: `['earliest', 'latest']`. */
  libver?: readonly [low: LibraryVersion, high: LibraryVersion]
  /** For a new file: track the creation order of links and attributes of the root group. */
  trackOrder?: boolean
  /** HDF5's chunk cache of each dataset. Default: 1 MiB, 521 slots, preemption 0.75. */
  cache?: { bytes?: number; slots?: number; preemption?: number }
  /**
   * Also open a file that is marked as open for writing, instead of refusing it with ERR_NOT_CLOSED. Its writer is still writing,
   * or died without closing it, so that unflushed data are missing. Closing the file after `'r+'` removes the mark.
   */
  acceptLoss?: boolean
}

/** Options for opening a file. */
export interface FileOptions extends MemoryFileOptions {
  /** For a new file: size of the user block before the HDF5 data, bytes: 512 or a larger power of two. */
  userblock?: number
  /**
   * With `'r'`: read a file that another process writes in SWMR mode, or that such a writer left when it died. With the other
   * modes: prepare for SWMR writing, see {@link File.startSwmr}.
   */
  swmr?: boolean
  /** false: neither lock the file nor respect the locks of others. Default: true. */
  locking?: boolean
  /** Open other files that this one refers to: external links, external storage, sources of virtual datasets. Default: false. */
  external?: boolean
  /**
   * Open for writing (`'r+'`, `'w'`) even if a writer that died left a journal, instead of refusing with ERR_NEEDS_RECOVERY. The
   * journal cannot be applied afterwards.
   */
  ignoreJournal?: boolean
}

const memoryOptions = ['libver', 'trackOrder', 'cache', 'acceptLoss']
const fileOptions = [...memoryOptions, 'userblock', 'swmr', 'locking', 'external', 'ignoreJournal']

function nativeOptions(options: FileOptions, known: readonly string[]): NativeFileOptions {
  checkOptions('File', options, known)
  const { cache, userblock, ...others } = options
  if (userblock !== undefined && (userblock < 512 || !Number.isInteger(Math.log2(userblock)))) {
    throw invalidArgument('userblock', userblock, '512 or a power of two above')
  }
  return {
    ...others,
    ...(userblock !== undefined && { userblock }),
    ...(cache && {
      cache: {
        bytes: checkInteger('cache.bytes', cache.bytes ?? 2 ** 20, 0, Number.MAX_SAFE_INTEGER),
        slots: checkInteger('cache.slots', cache.slots ?? 521, 0, 2 ** 31),
        preemption: cache.preemption ?? 0.75,
      },
    }),
  }
}

function checkedMode(mode: unknown): FileMode {
  if (mode === 'r' || mode === 'r+' || mode === 'w' || mode === 'x') return mode
  throw invalidArgument('mode', mode, "'r', 'r+', 'w' or 'x'")
}

/** A file that is already open. */
export interface OpenFile {
  native: NativeFile
  filename: string
  remote?: RemoteFile
}

/** Options for opening a file by its URL. */
export interface RemoteFileOptions extends RemoteOptions {
  /** See {@link MemoryFileOptions.acceptLoss}. */
  acceptLoss?: boolean
}

async function openRemote(url: URL, options: RemoteFileOptions): Promise<OpenFile> {
  const { acceptLoss = false, ...rest } = options
  checkRemote(rest, [...remoteOptions, 'acceptLoss'])
  const remote = await RemoteFile.open(url, rest)
  const opened = await remote.run(() => native.openFile(remote.path, 'r', { acceptLoss }, remote.bytes))
  return { native: opened, filename: remote.path, remote }
}

function openSync(filename: string | URL, mode: FileMode, options: FileOptions): OpenFile {
  const name = toPath(filename)
  return { filename: name, native: native.openFileSync(name, checkedMode(mode), nativeOptions(options, fileOptions)) }
}

/** The arguments to open a file in memory. An empty `image` makes a new file. */
function inMemory(image: Uint8Array, mode: FileMode, options: MemoryFileOptions) {
  if (!(image instanceof Uint8Array)) throw invalidArgument('bytes', image, 'a Uint8Array')
  return ['(memory)', checkedMode(mode), { ...nativeOptions(options, memoryOptions), image }] as const
}

/**
 * An open HDF5 file. It is also the root group of the file. Closing it closes all its open objects; every method other than `close`
 * then throws ERR_CLOSED. Promises settle in the order of the calls; blocking calls do not wait for pending promises.
 */
export class File extends Group implements AsyncDisposable {
  /** The name of the file as it was given. */
  readonly filename: string
  readonly mode: FileMode
  /** @internal For the parts of the package that use native code directly. */
  readonly native: NativeFile
  /** @internal */
  readonly queue: OperationQueue
  /** @internal Present if the file was opened by its URL. */
  readonly remote: RemoteFile | undefined
  /** @internal True if other files that this one refers to may be opened. */
  readonly followsOthers: boolean

  /**
   * Opens a file. This call blocks; {@link File.open} does not.
   *
   * Throws ENOENT, EEXIST and other system errors, ERR_NOT_HDF5, ERR_LOCKED, ERR_NOT_CLOSED, ERR_NEEDS_RECOVERY and
   * ERR_INVALID_ARGUMENT.
   * @param mode `'r'`: read. `'r+'`: read and write. `'x'`: create; throws EEXIST if the file exists. `'w'`: create; an existing
   *   file is truncated. A file opened with `'r'` is shared with other readers; the other modes need the file for themselves.
   */
  constructor(filename: string | URL, mode?: FileMode, options?: FileOptions)
  /** @internal */
  constructor(opened: OpenFile, mode: FileMode, options: FileOptions)
  constructor(file: string | URL | OpenFile, mode: FileMode = 'r', options: FileOptions = {}) {
    const opened = typeof file === 'object' && file !== null && 'native' in file ? file : openSync(file, mode, options)
    // Only files of a writer, which are not opened here, may lack it.
    super({ path: '/', handle: opened.native.root as NativeHandle })
    this.filename = opened.filename
    this.mode = mode
    const { remote } = opened
    this.remote = remote
    this.queue = new OperationQueue(remote && ((call) => remote.run(call)))
    this.native = opened.native
    this.followsOthers = options.external ?? false
  }

  /** Opens a file as the constructor does, off the calling thread. */
  static open(filename: string | URL, mode?: FileMode, options?: FileOptions): Promise<File>
  /**
   * Opens a file by its http: or https: URL, for reading. Only the parts that are read are fetched, by range requests. Methods that
   * return promises fetch what they need; blocking ones throw ERR_NOT_FETCHED for bytes that were not fetched before.
   *
   * Rejects, as all later reads do, with the errors that docs/scale.md lists: ERR_HTTP_NOT_FOUND, ERR_REPLACED and others.
   */
  static open(url: string | URL, options: RemoteFileOptions): Promise<File>
  static async open(
    filename: string | URL,
    modeOrOptions: FileMode | RemoteFileOptions = 'r',
    options: FileOptions = {},
  ): Promise<File> {
    const url = remoteUrl(filename)
    const [mode, given] = typeof modeOrOptions === 'string' ? [modeOrOptions, options] : ['r' as const, modeOrOptions]
    if (url) {
      if (mode !== 'r') throw invalidArgument('mode', mode, "'r' for a URL")
      return new File(await openRemote(url, given as RemoteFileOptions), 'r', {})
    }
    return File.#openLocal(filename, mode, given as FileOptions)
  }

  static async #openLocal(filename: string | URL, mode: FileMode, options: FileOptions): Promise<File> {
    const name = toPath(filename)
    const opened = await native.openFile(name, checkedMode(mode), nativeOptions(options, fileOptions))
    return new File({ native: opened, filename: name }, mode, options)
  }

  /** Opens a copy of the bytes of a file, to read or (`'r+'`) to change. The caller may reuse the bytes afterwards. */
  static async fromBuffer(bytes: Uint8Array, mode: 'r' | 'r+' = 'r', options: MemoryFileOptions = {}): Promise<File> {
    return File.#of(await native.openFile(...inMemory(notEmpty(bytes), mode, options)), mode, options)
  }

  static fromBufferSync(bytes: Uint8Array, mode: 'r' | 'r+' = 'r', options: MemoryFileOptions = {}): File {
    return File.#of(native.openFileSync(...inMemory(notEmpty(bytes), mode, options)), mode, options)
  }

  /** Creates a file in memory; {@link toBuffer} returns its bytes. */
  static inMemory(options: MemoryFileOptions = {}): File {
    return File.#of(native.openFileSync(...inMemory(new Uint8Array(0), 'w', options)), 'w', options)
  }

  static #of(opened: NativeFile, mode: FileMode, options: FileOptions): File {
    return new File({ native: opened, filename: opened.path }, mode, options)
  }

  override get isOpen(): boolean {
    return this.native.isOpen
  }

  /** The present size of the file, bytes. */
  byteSize(): Promise<number> {
    return this.later(call('file.size', this.handle))
  }

  byteSizeSync(): number {
    return runSync(call('file.size', this.handle))
  }

  /** Flushes the file and returns a copy of its bytes. */
  toBuffer(): Promise<Buffer> {
    return this.later(this.#image())
  }

  toBufferSync(): Buffer {
    return runSync(this.#image())
  }

  /**
   * Passes all written data to the operating system. They may not be on the disk yet. Throws ERR_HDF5 or a system error (ENOSPC) if
   * values could not be written, also if they were those of a dataset that was garbage-collected since the last flush.
   */
  async flush(): Promise<void> {
    await this.later(call('file.flush', this.handle))
  }

  flushSync(): void {
    runSync(call('file.flush', this.handle))
  }

  /**
   * Starts SWMR writing: other processes may read the file (with `swmr`) while it is written. No more objects and attributes can be
   * created. The file must have been opened with `swmr: true` and `libver: ['v110', 'latest']` or newer.
   */
  async startSwmr(): Promise<void> {
    await this.later(call('file.startSwmr', this.handle))
  }

  startSwmrSync(): void {
    runSync(call('file.startSwmr', this.handle))
  }

  /** The creation properties of the file. */
  creation(): Promise<FileCreation> {
    return this.later(call('file.creation', this.handle)) as Promise<FileCreation>
  }

  creationSync(): FileCreation {
    return runSync(call('file.creation', this.handle)) as FileCreation
  }

  /**
   * Closes the file and its open objects after pending calls. A second call does nothing. Throws ERR_HDF5 or a system error (ENOSPC)
   * if values could not be written, also those of a dataset that was garbage-collected; all is closed nevertheless.
   */
  override close(): Promise<void> {
    return this.later(this.#close())
  }

  /** Closes the file and its open objects at once: pending promises reject with ERR_CLOSED. */
  closeSync(): void {
    this.remote?.close()
    this.native.closeSync()
  }

  override [Symbol.dispose](): void {
    this.closeSync()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  *#image(): Operation<Buffer> {
    return Buffer.from(yield* call('file.image', this.handle))
  }

  #close(): Operation<void> {
    return callEither(
      () => this.native.closeSync(),
      () => this.native.close(),
    )
  }
}

/** The creation properties of a file. */
export interface FileCreation {
  /** Size of the user block before the HDF5 data, bytes. */
  userblock: number
  /** True if the root group tracks the creation order of links and attributes. */
  trackOrder: boolean
  /** Version of the superblock. */
  superblock: number
  /** The bounds of the format version of new objects that are in force. */
  libver: [low: LibraryVersion, high: LibraryVersion]
}

function notEmpty(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array && bytes.length > 0) return bytes
  throw invalidArgument('bytes', bytes, 'a Uint8Array with the bytes of a file')
}
