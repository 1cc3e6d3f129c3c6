/** Reads a file while it is written. */
import { H5TracksError } from '../../base/errors.js'
import { File } from '../../hdf5/objects/file.js'
import { type Column, columnsOf } from '../../layout/model.js'
import { type NativeFollower, native } from '../../native/native.js'
import { layOut } from '../file/lay-out.js'
import { chosen, type LayoutChoice } from '../file/open.js'
import type { FileFacts } from '../file/types.js'
import type { MakeDecoder } from './frames.js'
import { partIn } from './journal-columns.js'
import { LiveStream } from './live-stream.js'

/** A layout whose frames are followed. */
export interface Followed<F> {
  layout: LayoutChoice
  makeDecoder: MakeDecoder<F>
}

/** The rows of a file that is being written. They are read from the journal, or from the file once they are committed. */
export class LiveRows<F> {
  /** What the file says of each layout. */
  readonly facts: readonly FileFacts[]
  /** The streams of the journal that hold these layouts. Layouts that are written in step share one. */
  readonly streams: readonly LiveStream<F>[]
  readonly #native: NativeFollower

  /** Throws ENOENT if the file has no journal, ERR_JOURNAL if it is damaged, ERR_FORMAT if the file does not have the layouts. */
  constructor(path: string, followed: readonly Followed<F>[]) {
    this.#native = new native.Follower(path)
    try {
      const found = describedIn(path, this.#native, followed)
      this.facts = found
      const parts = found.map((file, i) => {
        const part = partIn(path, this.#native.streams, file.columns)
        return { ...part, decoder: (followed[i] as Followed<F>).makeDecoder(file) }
      })
      const used = [...new Set(parts.map(({ stream }) => stream))]
      const of = (index: number) => parts.filter(({ stream }) => stream === index)
      this.streams = used.map((index) => new LiveStream(this.#native, index, of(index)))
    } catch (error) {
      this.#native.close()
      throw error
    }
  }

  /** `rows`: number accepted so far, of each stream. `closed`: there will be no more. `alive`: the writer is alive. */
  look(): { rows: number[]; closed: boolean; alive: boolean } {
    const { rows, ...state } = this.#native.look()
    return { rows: this.streams.map(({ index }) => rows[index] as number), ...state }
  }

  close(): void {
    this.#native.close()
  }
}

/** What the journal's copy of the file without its rows says of each layout. */
function describedIn<F>(
  path: string,
  follower: NativeFollower,
  followed: readonly Followed<F>[],
): (FileFacts & { columns: Column[] })[] {
  const file = File.fromBufferSync(follower.skeleton())
  try {
    return followed.map((one) => {
      const { layout, cameraNames, metadata, slots, chunkFrames } = layOut(file, chosen(file, one.layout))
      return {
        layout,
        cameraNames,
        metadata,
        slots,
        chunkFrames,
        columns: columnsOf(layout, cameraNames, slots),
      }
    })
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    throw new H5TracksError(error.message.replaceAll(file.filename, path), { ...error, path })
  } finally {
    file.closeSync()
  }
}
