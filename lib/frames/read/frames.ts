/** Reads frames one by one, window by window. */
import { type Column, type Layout, rowsIn } from '../../layout/model.js'
import type { TypedArray } from '../../native/element-types.js'
import type { WindowSource } from '../file/window-source.js'
import { readAhead } from './read-ahead.js'

/** What a decoder needs to know of a file. */
export interface Decoded {
  readonly layout: Layout
  readonly cameraNames: readonly string[]
  readonly slots: number
  readonly columns: readonly Column[]
}

/** Makes frames from the stored values of columns. */
export interface FrameDecoder<F> {
  /** Yields the frames of a window. `arrays`: the stored values of all columns. The frames are copies. */
  frames(arrays: readonly TypedArray[], rows: number): Generator<F, void, void>
}

/** Makes the decoder of a file. */
export type MakeDecoder<F> = (file: Decoded) => FrameDecoder<F>

const windowMemory = 8 * 2 ** 20

/** Yields windows from `start` to `stop`. No window crosses the border of a chunk, and each takes at most about `memory` bytes. */
export function* windowsOf(
  { columns, chunkFrames }: Pick<WindowSource, 'columns' | 'chunkFrames'>,
  start: number,
  stop: number,
  memory = windowMemory,
): Generator<[number, number]> {
  const most = rowsIn(memory, columns)
  for (let from = start; from < stop; ) {
    const to = Math.min(stop, from + most, from - (from % chunkFrames) + chunkFrames)
    yield [from, to]
    from = to
  }
}

/** Yields the frames from `start` to `stop`. While the frames of one window are used, the next window is read. */
export async function* readFrames<F>(
  source: WindowSource,
  decoder: FrameDecoder<F>,
  start: number,
  stop: number,
): AsyncGenerator<F, void, void> {
  const windows = readAhead(windowsOf(source, start, stop), async ([from, to]) => {
    const arrays = await source.readColumns(source.columns, from, to)
    return { arrays: arrays.map(({ data }) => data), rows: to - from }
  })
  for await (const { arrays, rows } of windows) yield* decoder.frames(arrays, rows)
}
