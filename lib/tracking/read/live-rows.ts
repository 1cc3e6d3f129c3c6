import { setImmediate } from 'node:timers/promises'
import { newArray } from '../../hdf5/objects/elements.js'
import { File } from '../../hdf5/objects/file.js'
import { type NativeFollower, native } from '../../native/native.js'
import { CameraRecords } from '../file/cameras.js'
import { type Column, fieldNames, rowsIn } from '../file/layout.js'
import { layOut } from '../file/open.js'
import type { FileFacts, Frame, TrackingWindow } from '../file/types.js'
import { framesOf } from './frames.js'
import { readJournalColumns } from './journal-columns.js'
import { byField } from './window.js'

const windowMemory = 4 * 2 ** 20

/** The rows of a file that is being written, out of its journal and, once they are there, out of the file. */
export class LiveRows {
  readonly #native: NativeFollower
  readonly #columns: readonly Column[]
  readonly #records: CameraRecords
  // Used again for every window: frames are copies of what is in it.
  readonly #arrays: ReturnType<typeof newArray>[]
  readonly #most: number

  /** ENOENT: no journal lies beside the file. ERR_JOURNAL: it is damaged, or not that of a tracking file. */
  constructor(path: string) {
    this.#native = new native.Follower(path)
    const { cameraNames, columns } = readJournalColumns(path, this.#native.columns)
    this.#columns = columns
    this.#records = new CameraRecords(cameraNames)
    this.#most = Math.min(this.#native.blockRows, rowsIn(windowMemory, columns))
    this.#arrays = columns.map(({ type, width }) => newArray(type, this.#most * width))
  }

  /** What the file says of itself, and where its rows will be. */
  facts(): FileFacts {
    const file = File.fromBufferSync(this.#native.skeleton())
    try {
      return layOut(file)
    } finally {
      file.closeSync()
    }
  }

  /** Rows accepted so far; whether there will be no more; whether the writer lives. */
  look(): { rows: number; closed: boolean; alive: boolean } {
    return this.#native.look()
  }

  /** Some of the accepted rows from `start` to `stop`, from the first on. Use them up before the next call. */
  async read(start: number, stop: number): Promise<{ frames: Generator<Frame>; stop: number }> {
    const { blockRows } = this.#native
    const end = Math.min(stop, start + this.#most, start - (start % blockRows) + blockRows)
    const copied = this.#native.copy(start, end - start, this.#arrays)
    // Who follows at full speed must not keep timers, signals and sockets of this process from their turn.
    if (copied) await setImmediate()
    else await this.#native.load(start, end - start, this.#arrays)
    return { frames: framesOf(this.#window(end - start), this.#records), stop: end }
  }

  close(): void {
    this.#native.close()
  }

  #window(rows: number): TrackingWindow {
    const arrays = this.#columns.map(({ rowShape }, i) => ({
      data: this.#arrays[i] as ReturnType<typeof newArray>,
      shape: [rows, ...rowShape],
    }))
    return byField(fieldNames, this.#columns, arrays as never, this.#records) as unknown as TrackingWindow
  }
}
