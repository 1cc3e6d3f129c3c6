import { H5TracksError } from '../../base/errors.js'
import type { File, FileMode, FileOptions } from '../../hdf5/index.js'
import { OpenFile } from './open-file.js'

// Weak: a file is closed when nobody holds this of it any more.
const all = new Map<bigint, WeakRef<Opened>>()
// Those whose id was given away: a number cannot hold its file.
const pinned = new Set<Opened>()
const forgotten = new FinalizationRegistry<{ id: bigint; file: OpenFile }>(({ id, file }) => {
  all.delete(id)
  try {
    file.close()
  } catch (error) {
    // Nobody waits for it, but what was written last may be missing in the file.
    process.emitWarning(error as Error)
  }
})
// Where h5wasm's ids of files begin.
let next = 0x100000000000000n

/** An open file, for its `File` and the objects in it: those hold this, and it holds the file open. */
export class Opened {
  readonly #id = next++
  readonly #file: OpenFile

  constructor(filename: string, mode: FileMode, options: FileOptions) {
    this.#file = new OpenFile(filename, mode, options)
    all.set(this.#id, new WeakRef(this))
    forgotten.register(this, { id: this.#id, file: this.#file }, this)
  }

  /** The open file of that id. Throws ERR_CLOSED. */
  static at(id: bigint): Opened {
    const opened = all.get(id)?.deref()
    if (opened) return opened
    throw new H5TracksError(`no open file has the id ${id}`, { code: 'ERR_CLOSED' })
  }

  /** The file of the floor below, which may be another one than before. Throws ERR_CLOSED. */
  get file(): File {
    return this.#file.file
  }

  /** A number for it, which holds it open until it is closed. */
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
