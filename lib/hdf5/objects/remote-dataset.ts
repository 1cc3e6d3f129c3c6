/** Reads the values of a dataset of a remote file: fetches the chunks that a selection needs, and then decodes them. */
import { type NativeHandle, type NativeSelection, native, type TypedArray } from '../../native/native.js'
import type { ChunkPlaces } from '../../remote/chunk-places.js'
import { readInPieces } from '../../remote/pieces.js'
import type { Range } from '../../remote/ranges.js'
import type { RemoteFile } from '../../remote/remote-file.js'
import { product } from '../values/decode.js'
import { flatBox } from '../values/flat-box.js'
import type { Box } from '../values/selection.js'

export class RemoteDataset {
  readonly #remote: RemoteFile
  readonly #handle: NativeHandle
  #places: Promise<ChunkPlaces | undefined> | undefined

  constructor(remote: RemoteFile, handle: NativeHandle) {
    this.#remote = remote
    this.#handle = handle
  }

  /** Reads a box into an array of its size, as many rows at a time as the cache holds. */
  async readBox({ start, stride, count }: Box, out: TypedArray): Promise<void> {
    const [rows, ...row] = count
    const places = await this.#known()
    if (rows === undefined || !places) {
      await this.#remote.withRanges(places?.all() ?? [], () =>
        native.readBox(this.#handle, out, flatBox({ start, stride, count })),
      )
      return
    }
    const width = (out.length / Math.max(product(count), 1)) * product(row)
    const part = (first: number, end: number): Box => {
      const from = (start[0] as number) + first * (stride[0] as number)
      return { start: [from, ...start.slice(1)], stride, count: [end - first, ...row] }
    }
    await readInPieces(this.#remote.room, {
      first: 0,
      end: rows,
      chunkRows: Math.max(1, Math.floor(places.chunkRows / (stride[0] as number))),
      rangesOf: (first, end) => rangesOf(places, part(first, end)),
      read: (first, end, ranges) => {
        const values = out.subarray(first * width, end * width)
        return this.#remote.withRanges(ranges, () => native.readBox(this.#handle, values, flatBox(part(first, end))))
      },
    })
  }

  /** Runs a call that reads a selection. */
  async read<T>(selection: NativeSelection, call: () => Promise<T>): Promise<T> {
    const places = await this.#known()
    return this.#remote.withRanges(places ? selected(places, selection) : [], call)
  }

  #known(): Promise<ChunkPlaces | undefined> {
    this.#places ??= this.#remote.places([this.#handle]).then(([places]) => places)
    // After an error it is asked for again.
    this.#places.catch(() => {
      this.#places = undefined
    })
    return this.#places
  }
}

function selected(places: ChunkPlaces, selection: NativeSelection): Range[] {
  if (selection === null) return places.all()
  return 'boxes' in selection ? selection.boxes.flatMap((box) => rangesOf(places, box)) : []
}

function rangesOf(places: ChunkPlaces, { start, stride, count }: Omit<Box, 'at'>): Range[] {
  if (count.includes(0)) return []
  const end = start.map((from, axis) => from + ((count[axis] as number) - 1) * (stride[axis] as number) + 1)
  return places.ranges(start, end)
}
