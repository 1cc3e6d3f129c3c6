/** Reads a file while it is written. */
import { setImmediate } from 'node:timers/promises'
import { H5TracksError } from '../../base/errors.js'
import { newArray } from '../../hdf5/objects/elements.js'
import { File } from '../../hdf5/objects/file.js'
import type { Column } from '../../layout/model.js'
import { type JournalStream, type NativeFollower, native, type TypedArray } from '../../native/native.js'
import { chosen, type LayoutChoice, layOut } from '../file/open.js'
import type { FileFacts } from '../file/types.js'
import type { FrameDecoder, MakeDecoder } from './frames.js'
import { placesIn } from './journal-columns.js'

const windowMemory = 4 * 2 ** 20

/** A layout whose frames are followed. */
export interface Followed<F> {
  layout: LayoutChoice
  makeDecoder: MakeDecoder<F>
}

/** A layout of the file: its decoder, and the indices of its columns in the journal. */
interface Stream<F> {
  decoder: FrameDecoder<F>
  places: readonly number[]
}

/** The rows of a file that is being written. They are read from the journal, or from the file once they are committed. */
export class LiveRows<F> {
  /** What the file says of each layout. */
  readonly facts: readonly FileFacts[]
  readonly #native: NativeFollower
  readonly #streams: readonly Stream<F>[]
  // Reused for every window, because frames are copies.
  readonly #arrays: readonly TypedArray[]
  readonly #most: number
  readonly #blockRows: number

  /** Throws ENOENT if the file has no journal, ERR_JOURNAL if it is damaged, ERR_FORMAT if the file does not have the layouts. */
  constructor(path: string, followed: readonly Followed<F>[]) {
    this.#native = new native.Follower(path)
    try {
      // All layouts are written in step, in one stream.
      const { columns: described, blockRows } = this.#native.streams[0] as JournalStream
      this.#blockRows = blockRows
      const found = describedIn(path, this.#native, followed)
      this.facts = found
      this.#streams = found.map((file, i) => ({
        decoder: (followed[i] as Followed<F>).makeDecoder(file),
        places: placesIn(path, described, file.columns),
      }))
      const row = described.reduce((sum, { rowValues, elementBytes }) => sum + rowValues * elementBytes, 0)
      this.#most = Math.min(blockRows, Math.max(1, Math.floor(windowMemory / row)))
      const known = new Map(found.flatMap(({ columns }) => columns.map((column) => [column.path, column])))
      this.#arrays = described.map(({ path, rowValues, elementBytes }) => {
        const column = known.get(path)
        if (column) return newArray(column.type, this.#most * rowValues)
        return new Uint8Array(this.#most * rowValues * elementBytes)
      })
    } catch (error) {
      this.#native.close()
      throw error
    }
  }

  /** `rows`: number accepted so far. `closed`: there will be no more. `alive`: the writer is alive. */
  look(): { rows: number; closed: boolean; alive: boolean } {
    const { rows, ...state } = this.#native.look()
    return { rows: rows[0] as number, ...state }
  }

  /**
   * Reads some of the accepted rows from `start` to `stop`, beginning with `start`: of each row the frames of all layouts. Use all frames
   * before the next call.
   */
  async read(start: number, stop: number): Promise<{ frames: Generator<F, void, void>; stop: number }> {
    const blockRows = this.#blockRows
    const end = Math.min(stop, start + this.#most, start - (start % blockRows) + blockRows)
    const copied = this.#native.copy(0, start, end - start, this.#arrays as TypedArray[])
    // Yield to the event loop, so that a fast follower does not block timers, signals and sockets.
    if (copied) await setImmediate()
    else await this.#native.load(0, start, end - start, this.#arrays as TypedArray[])
    return { frames: this.#frames(end - start), stop: end }
  }

  close(): void {
    this.#native.close()
  }

  #frames(rows: number): Generator<F, void, void> {
    const streams = this.#streams.map(({ decoder, places }) =>
      decoder.frames(
        places.map((place) => this.#arrays[place] as TypedArray),
        rows,
      ),
    )
    return streams.length === 1 ? (streams[0] as Generator<F, void, void>) : inTurn(streams)
  }
}

function* inTurn<F>(streams: readonly Generator<F, void, void>[]): Generator<F, void, void> {
  for (;;) {
    for (const stream of streams) {
      const next = stream.next()
      if (next.done) return
      yield next.value
    }
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
      const { layout, cameraNames, metadata, slots, chunkFrames, columns } = layOut(file, chosen(file, one.layout))
      return {
        layout,
        cameraNames,
        metadata,
        slots,
        chunkFrames,
        columns: columns.map(({ dataset: _, ...own }) => own),
      }
    })
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    throw new H5TracksError(error.message.replaceAll(file.filename, path), { ...error, path })
  } finally {
    file.closeSync()
  }
}
