import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { H5TracksError, show } from '../../base/errors.js'
import { File, type FileMode, type FileOptions } from '../../hdf5/index.js'

/** A file of the floor below, which several writers of this process may share. */
interface Shared {
  floor: File
  users: number
  /** Written so that other processes may read it meanwhile. */
  swmr: boolean
}

// Those of this process.
const all = new Set<OpenFile>()

/** What a `File` of h5wasm's has open. Its file of the floor below can change; objects are to be opened again then. */
export class OpenFile {
  readonly #path: string
  readonly #filename: string
  readonly #mode: FileMode
  readonly #options: FileOptions
  readonly #identity: string
  // Null for a reader that made room for a writer, until it is used again.
  #shared: Shared | null
  #closed = false

  /**
   * As `new File` of the floor below, but that a writer may come where this process has the file open: readers make room for it, and
   * writers share.
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

  /** The open file of the floor below. Throws ERR_CLOSED. */
  get file(): File {
    if (this.#closed) throw this.#gone('is closed')
    this.#shared ??= { floor: this.#again(), users: 1, swmr: false }
    return this.#shared.floor
  }

  /** From now on other processes may read what is flushed. Harmless where they may already. */
  startSwmr(): void {
    const { file } = this
    const shared = this.#shared!
    if (shared.swmr) return
    if (this.#mode !== 'r') {
      // What HDF5 marks in a file that is written so it marks when it opens it.
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

  /** For a reader that made room. */
  #again(): File {
    const floor = this.#open(this.#path)
    if (identityOf(this.#path) === this.#identity) return floor
    floor.closeSync()
    throw this.#gone('has been replaced by another file since it was opened')
  }

  #locked(): H5TracksError {
    const message = `${show(this.#filename)} is open in this process; close it before it is made anew`
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
    return [] // opening it says what is wrong
  }
}

/** The same for two names of one file. */
function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true })
  return `${dev}:${ino}`
}
