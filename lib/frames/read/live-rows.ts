/** Reads a file while it is written. */
import { setImmediate } from 'node:timers/promises'
import { newArray } from '../../hdf5/objects/elements.js'
import { File } from '../../hdf5/objects/file.js'
import { type Column, rowsIn } from '../../layout/model.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { type NativeFollower, native } from '../../native/native.js'
import { CameraRecords } from '../file/cameras.js'
import { layOut } from '../file/open.js'
import type { FileFacts, Frame, TrackingWindow } from '../file/types.js'
import { framesOf } from './frames.js'
import { readJournalColumns } from './journal-columns.js'
import { byField } from './window.js'

const windowMemory = 4 * 2 ** 20

/** The rows of a file that is being written. They are read from the journal, or from the file once they are committed. */
export class LiveRows {
  readonly #native: NativeFollower
  readonly #columns: readonly Column[]
  readonly #records: CameraRecords
  // Reused for every window, because frames are copies.
  readonly #arrays: ReturnType<typeof newArray>[]
  readonly #most: number

  /** Throws ENOENT if the file has no journal, ERR_JOURNAL if it is damaged or not that of a tracking file. */
  constructor(path: string) {
    this.#native = new native.Follower(path)
    const { cameraNames, columns } = readJournalColumns(path, this.#native.columns)
    this.#columns = columns
    this.#records = new CameraRecords(cameraNames)
    this.#most = Math.min(this.#native.blockRows, rowsIn(windowMemory, columns))
    this.#arrays = columns.map(({ type, width }) => newArray(type, this.#most * width))
  }

  /** The cameras, sizes and metadata of the file. */
  facts(): FileFacts {
    const file = File.fromBufferSync(this.#native.skeleton())
    try {
      const { slots, ...facts } = layOut(file, trackingLayout)
      return { ...facts, maxFish: slots }
    } finally {
      file.closeSync()
    }
  }

  /** `rows`: number accepted so far. `closed`: there will be no more. `alive`: the writer is alive. */
  look(): { rows: number; closed: boolean; alive: boolean } {
    return this.#native.look()
  }

  /** Reads some of the accepted rows from `start` to `stop`, beginning with `start`. Use all frames before the next call. */
  async read(start: number, stop: number): Promise<{ frames: Generator<Frame>; stop: number }> {
    const { blockRows } = this.#native
    const end = Math.min(stop, start + this.#most, start - (start % blockRows) + blockRows)
    const copied = this.#native.copy(start, end - start, this.#arrays)
    // Yield to the event loop, so that a fast follower does not block timers, signals and sockets.
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
    return byField(trackingLayout.fields, this.#columns, arrays as never, this.#records) as unknown as TrackingWindow
  }
}
