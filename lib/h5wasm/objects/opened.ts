/** The ids of h5wasm's open files, and when a file is closed. */
import { H5TracksError } from '../../base/errors.js'
import type { File, FileMode, FileOptions } from '../../hdf5/index.js'
import { OpenFile } from './open-file.js'

// Weak references, so that a file is closed when its Opened is collected.
const all = new Map<bigint, WeakRef<Opened>>()
// Files whose id a program has read: a number cannot keep its file open, so this set does.
const pinned = new Set<Opened>()
const forgotten = new FinalizationRegistry<{ id: bigint; file: OpenFile }>(({ id, file }) => {
  all.delete(id)
  try {
    file.close()
  } catch (error) {
    // No caller can catch this error, but the last writes may be missing in the file.
    process.emitWarning(error as Error)
  }
})
// h5wasm's file ids begin here.
let next = 0x100000000000000n

/** An open file. Its `File` and the objects in it hold this object, and it holds the file open. */
export class Opened {
  readonly #id = next++
  readonly #file: OpenFile

  constructor(filename: string, mode: FileMode, options: FileOptions) {
    this.#file = new OpenFile(filename, mode, options)
    all.set(this.#id, new WeakRef(this))
    forgotten.register(this, { id: this.#id, file: this.#file }, this)
  }

  /** The open file with that id. Throws ERR_CLOSED if there is none. */
  static at(id: bigint): Opened {
    const opened = all.get(id)?.deref()
    if (opened) return opened
    throw new H5TracksError(`no open file has the id ${id}`, { code: 'ERR_CLOSED' })
  }

  /** The `File` of h5tracks/hdf5, which may have been replaced since the last call. Throws ERR_CLOSED. */
  get file(): File {
    return this.#file.file
  }

  /** The id of the file. Once it is read, the file stays open until `close`. */
  get id(): bigint {
    if (all.has(this.#id)) pinned.add(this)
    return this.#id
  }

  startSwmr(): void {
    this.#file.startSwmr()
  }

  close(): void {
    all.delete(this.#id)
    pinned.delete(this)
    forgotten.unregister(this)
    this.#file.close()
  }
}
