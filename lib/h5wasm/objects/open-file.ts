/** Lets several h5wasm `File`s of one process open the same file, which HDF5 and our locks do not allow by themselves. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { H5TracksError, show } from '../../base/errors.js'
import { File, type FileMode, type FileOptions } from '../../hdf5/index.js'

/** A `File` of h5tracks/hdf5 that several writers of this process may share. */
interface Shared {
  floor: File
  users: number
  /** SWMR writing has started: other processes may read the file. */
  swmr: boolean
}

// All open files of this process.
const all = new Set<OpenFile>()

/** The open file of an h5wasm `File`. Its `File` of h5tracks/hdf5 can be replaced; objects must then be opened again. */
export class OpenFile {
  readonly #path: string
  readonly #filename: string
  readonly #mode: FileMode
  readonly #options: FileOptions
  readonly #identity: string
  // Null for a reader that was closed for a writer, until it is used again.
  #shared: Shared | null
  #closed = false

  /**
   * Opens a file like `new File` of h5tracks/hdf5, but a file that this process has open may be opened for writing as well: its
   * readers are closed until they are used again, and writers share one `File`. Throws ERR_LOCKED for mode 'w'.
   */
  constructor(filename: string, mode: FileMode, options: FileOptions) {
    this.#filename = filename
    this.#path = resolve(filename)
    this.#mode = mode
    this.#options = options
    const beside = openHere(this.#path)
    if (mode === 'w' && beside.length > 0) throw this.#locked()
    const writer = mode === 'r+' ? beside.find((other) => other.#canBeSharedWith(this)) : undefined
    const shared = writer ? writer.#shared : null
    if (!shared && (mode === 'r+' || options.swmr)) for (const other of beside) other.#makeRoom()
    this.#shared = shared ?? { floor: this.#open(filename), users: 0, swmr: this.#isSwmrWriter }
    this.#shared.users++
    this.#identity = identityOf(this.#path)
    all.add(this)
  }

  /** The open `File` of h5tracks/hdf5. Throws ERR_CLOSED. */
  get file(): File {
    if (this.#closed) throw this.#gone('is closed')
    this.#shared ??= { floor: this.#again(), users: 1, swmr: false }
    return this.#shared.floor
  }

  /** Starts SWMR writing: other processes may read what is flushed. A second call does nothing. */
  startSwmr(): void {
    const { file } = this
    const shared = this.#shared!
    if (shared.swmr) return
    if (this.#mode !== 'r') {
      // HDF5 sets the SWMR flags of the file only when it opens it.
      file.closeSync()
      shared.floor = this.#reopened(true)
    }
    shared.floor.startSwmrSync()
    shared.swmr = true
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    all.delete(this)
    const shared = this.#shared
    if (!shared) return
    if (--shared.users === 0) shared.floor.closeSync()
    else shared.floor.flushSync()
  }

  isOf(identity: string): boolean {
    return this.#identity === identity
  }

  get #isSwmrWriter(): boolean {
    return this.#mode === 'r+' && this.#options.swmr === true
  }

  #canBeSharedWith(writer: OpenFile): boolean {
    const isOpenToWrite = this.#mode !== 'r' && this.#shared !== null
    const follows = this.#options.external === writer.#options.external
    return isOpenToWrite && follows && (this.#shared!.swmr || !writer.#isSwmrWriter)
  }

  #makeRoom(): void {
    if (this.#mode !== 'r') return
    this.#shared?.floor.closeSync()
    this.#shared = null
  }

  #open(path: string): File {
    const floor = new File(path, this.#mode, this.#options)
    if (!this.#isSwmrWriter) return floor
    try {
      floor.startSwmrSync()
      return floor
    } catch (error) {
      floor.closeSync()
      throw error
    }
  }

  #reopened(swmr: boolean): File {
    try {
      return new File(this.#path, 'r+', { ...this.#options, swmr })
    } catch (error) {
      if (swmr) this.#shared!.floor = this.#reopened(false)
      throw error
    }
  }

  /** Opens the file again for a reader that was closed for a writer. */
  #again(): File {
    const floor = this.#open(this.#path)
    if (identityOf(this.#path) === this.#identity) return floor
    floor.closeSync()
    throw this.#gone('has been replaced by another file since it was opened')
  }

  #locked(): H5TracksError {
    const message = `${show(this.#filename)} is open in this process; close it before you create it anew`
    return new H5TracksError(message, { code: 'ERR_LOCKED', path: this.#filename })
  }

  #gone(what: string): H5TracksError {
    return new H5TracksError(`${show(this.#filename)} ${what}`, { code: 'ERR_CLOSED', path: this.#filename })
  }
}

function openHere(path: string): OpenFile[] {
  try {
    const identity = identityOf(path)
    return [...all].filter((file) => file.isOf(identity))
  } catch {
    return [] // opening the file will throw a better error
  }
}

/** Identifies a file by device and inode, so that two names of one file give the same identity. */
function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true })
  return `${dev}:${ino}`
}
