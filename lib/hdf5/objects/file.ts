import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { type FileMode, type NativeFile, type NativeFileOptions, native } from '../../native/native.js'
import { call, callEither, type Operation, OperationQueue, runSync } from '../../native/operation.js'
import { Group } from './group.js'

export type { FileMode }

/** Releases of HDF5, by what they can read. */
export type LibraryVersion = 'earliest' | 'v108' | 'v110' | 'v112' | 'v114' | 'latest'

export interface MemoryFileOptions {
  /** From which release on the file's parts may be readable, and up to which: `['earliest', 'latest']` unless told. */
  libver?: readonly [low: LibraryVersion, high: LibraryVersion]
  /** Of a new file: links and attributes of the root group can be told in the order of their making. */
  trackOrder?: boolean
  /** HDF5's cache of chunks, for each dataset. */
  cache?: { bytes?: number; slots?: number; preemption?: number }
  /**
   * Open also a file that is marked as open for writing, which is refused otherwise with ERR_NOT_CLOSED: its writer is still
   * at it, or died without closing it, and what that had not flushed is missing. Closing it after `'r+'` takes the mark away.
   */
  acceptLoss?: boolean
}

export interface FileOptions extends MemoryFileOptions {
  /** Of a new file: bytes before it for other uses; 512 or twice that, and so on. */
  userblock?: number
  /**
   * `'r'`: read while another process writes it in SWMR mode, or as such a writer left it when it died. The other modes: to be
   * written so, see {@link File.startSwmr}.
   */
  swmr?: boolean
  /** false: the file is not locked, and no lock of others is minded. */
  locking?: boolean
  /** Other files that this one names are opened: external links, external storage, virtual datasets. */
  external?: boolean
  /**
   * Open to write (`'r+'`, `'w'`) also beside the journal of a writer that died, which cannot be applied afterwards;
   * otherwise that is refused with ERR_NEEDS_RECOVERY.
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

/** @internal A file that is open already. */
export interface OpenFile {
  native: NativeFile
  filename: string
}

function openSync(filename: string | URL, mode: FileMode, options: FileOptions): OpenFile {
  const name = toPath(filename)
  return { filename: name, native: native.openFileSync(name, checkedMode(mode), nativeOptions(options, fileOptions)) }
}

/** Bytes of a file in memory; none are a new one. */
function inMemory(image: Uint8Array, mode: FileMode, options: MemoryFileOptions) {
  if (!(image instanceof Uint8Array)) throw invalidArgument('bytes', image, 'a Uint8Array')
  return ['(memory)', checkedMode(mode), { ...nativeOptions(options, memoryOptions), image }] as const
}

/**
 * An open HDF5 file, which is its root group. Closing it closes what is open of it; everything but `close` throws
 * ERR_CLOSED afterwards. Promises settle in the order of their calls; blocking calls do not wait for those.
 */
export class File extends Group implements AsyncDisposable {
  /** The file's name, as it was given. */
  readonly filename: string
  readonly mode: FileMode
  /** @internal For what stands on this floor and hands whole blocks to native code. */
  readonly native: NativeFile
  /** @internal */
  readonly queue = new OperationQueue()
  /** @internal Whether other files may be opened because this one names them. */
  readonly followsOthers: boolean

  /**
   * Opens a file, blocking; {@link File.open} does not block.
   * @param mode `'r'` read; `'r+'` read and write; `'x'` create, refused with EEXIST where there is a file already;
   *   `'w'` create, emptying what is there. Reading shares the file with other readers, the other modes share it with nobody.
   */
  constructor(filename: string | URL, mode?: FileMode, options?: FileOptions)
  /** @internal */
  constructor(opened: OpenFile, mode: FileMode, options: FileOptions)
  constructor(file: string | URL | OpenFile, mode: FileMode = 'r', options: FileOptions = {}) {
    const opened = typeof file === 'object' && file !== null && 'native' in file ? file : openSync(file, mode, options)
    super({ path: '/', handle: opened.native.root })
    this.filename = opened.filename
    this.mode = mode
    this.native = opened.native
    this.followsOthers = options.external ?? false
  }

  /** Opens a file off the calling thread, as the constructor does. */
  static async open(filename: string | URL, mode: FileMode = 'r', options: FileOptions = {}): Promise<File> {
    const name = toPath(filename)
    const opened = await native.openFile(name, checkedMode(mode), nativeOptions(options, fileOptions))
    return new File({ native: opened, filename: name }, mode, options)
  }

  /** Opens the bytes of a file: to read, or (`'r+'`) to change a copy of them. They may be used otherwise afterwards. */
  static async fromBuffer(bytes: Uint8Array, mode: 'r' | 'r+' = 'r', options: MemoryFileOptions = {}): Promise<File> {
    return File.#of(await native.openFile(...inMemory(notEmpty(bytes), mode, options)), mode, options)
  }

  static fromBufferSync(bytes: Uint8Array, mode: 'r' | 'r+' = 'r', options: MemoryFileOptions = {}): File {
    return File.#of(native.openFileSync(...inMemory(notEmpty(bytes), mode, options)), mode, options)
  }

  /** A new file in memory; {@link toBuffer} gives its bytes. */
  static inMemory(options: MemoryFileOptions = {}): File {
    return File.#of(native.openFileSync(...inMemory(new Uint8Array(0), 'w', options)), 'w', options)
  }

  static #of(opened: NativeFile, mode: FileMode, options: FileOptions): File {
    return new File({ native: opened, filename: opened.path }, mode, options)
  }

  override get isOpen(): boolean {
    return this.native.isOpen
  }

  /** Bytes of the file now. */
  byteSize(): Promise<number> {
    return this.later(call('file.size', this.handle))
  }

  byteSizeSync(): number {
    return runSync(call('file.size', this.handle))
  }

  /** The bytes of the file, flushed before. */
  toBuffer(): Promise<Buffer> {
    return this.later(this.#image())
  }

  toBufferSync(): Buffer {
    return runSync(this.#image())
  }

  /** Hands everything to the operating system (which is not yet the disk). */
  async flush(): Promise<void> {
    await this.later(call('file.flush', this.handle))
  }

  flushSync(): void {
    runSync(call('file.flush', this.handle))
  }

  /**
   * From now on other processes may read it (`swmr`) while it is written. No object or attribute can be made any more;
   * needs `swmr: true` and `libver: ['v110', 'latest']` or newer.
   */
  async startSwmr(): Promise<void> {
    await this.later(call('file.startSwmr', this.handle))
  }

  startSwmrSync(): void {
    runSync(call('file.startSwmr', this.handle))
  }

  /** What was said of it when it was made. */
  creation(): Promise<FileCreation> {
    return this.later(call('file.creation', this.handle)) as Promise<FileCreation>
  }

  creationSync(): FileCreation {
    return runSync(call('file.creation', this.handle)) as FileCreation
  }

  /** Closes the file and what is open of it, after what was asked before; harmless when it is closed. */
  override close(): Promise<void> {
    return this.later(this.#close())
  }

  /** As {@link close}, now: promises under way are rejected with ERR_CLOSED. */
  closeSync(): void {
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

/** How a file was made. */
export interface FileCreation {
  /** Bytes before it for other uses. */
  userblock: number
  trackOrder: boolean
  /** Version of the superblock. */
  superblock: number
  /** The releases that new parts of it are for, as far as it was opened so. */
  libver: [low: LibraryVersion, high: LibraryVersion]
}

function notEmpty(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array && bytes.length > 0) return bytes
  throw invalidArgument('bytes', bytes, 'a Uint8Array with the bytes of a file')
}
