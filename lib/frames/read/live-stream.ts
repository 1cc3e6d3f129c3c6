/** Reads one stream of a file while it is written: the rows of layouts that are written in step. */
import { setImmediate } from 'node:timers/promises'
import { newArray } from '../../hdf5/objects/elements.js'
import type { JournalStream, NativeFollower, TypedArray } from '../../native/native.js'
import type { FrameDecoder } from './frames.js'
import type { JournalPart } from './journal-columns.js'

const windowMemory = 4 * 2 ** 20

/** A layout in a stream. */
export interface StreamPart<F> extends JournalPart {
  decoder: FrameDecoder<F>
}

export class LiveStream<F> {
  /** Index of the stream in the journal. */
  readonly index: number
  readonly #native: NativeFollower
  readonly #parts: readonly StreamPart<F>[]
  // Reused for every window, because frames are copies.
  readonly #arrays: TypedArray[]
  readonly #most: number
  readonly #blockRows: number

  constructor(native: NativeFollower, index: number, parts: readonly StreamPart<F>[]) {
    const { columns, blockRows } = native.streams[index] as JournalStream
    this.index = index
    this.#native = native
    this.#parts = parts
    this.#blockRows = blockRows
    const row = columns.reduce((sum, { rowValues, elementBytes }) => sum + rowValues * elementBytes, 0)
    this.#most = Math.min(blockRows, Math.max(1, Math.floor(windowMemory / row)))
    const known = new Map(parts.flatMap(({ columns, places }) => columns.map(({ type }, i) => [places[i], type])))
    this.#arrays = columns.map(({ rowValues, elementBytes }, place) => {
      const type = known.get(place)
      return type ? newArray(type, this.#most * rowValues) : new Uint8Array(this.#most * rowValues * elementBytes)
    })
  }

  /**
   * Reads some of the accepted rows from `start` to `stop`, beginning with `start`: of each row the frames of all layouts. Use all frames
   * before the next call.
   */
  async read(start: number, stop: number): Promise<{ frames: Generator<F, void, void>; stop: number }> {
    const end = Math.min(stop, start + this.#most, start - (start % this.#blockRows) + this.#blockRows)
    const copied = this.#native.copy(this.index, start, end - start, this.#arrays)
    // Yield to the event loop, so that a fast follower does not block timers, signals and sockets.
    if (copied) await setImmediate()
    else await this.#native.load(this.index, start, end - start, this.#arrays)
    return { frames: this.#frames(end - start), stop: end }
  }

  #frames(rows: number): Generator<F, void, void> {
    const generators = this.#parts.map(({ decoder, places }) =>
      decoder.frames(
        places.map((place) => this.#arrays[place] as TypedArray),
        rows,
      ),
    )
    return generators.length === 1 ? (generators[0] as Generator<F, void, void>) : inTurn(generators)
  }
}

function* inTurn<F>(generators: readonly Generator<F, void, void>[]): Generator<F, void, void> {
  for (;;) {
    for (const generator of generators) {
      const next = generator.next()
      if (next.done) return
      yield next.value
    }
  }
}
