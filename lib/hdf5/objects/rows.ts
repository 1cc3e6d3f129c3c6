/** Reads the same rows of several datasets, for the parts of the package that are built on h5tracks/hdf5. */
import { constants } from 'node:buffer'
import { bytesOf, elementArrays } from '../../native/element-types.js'
import { type ElementType, type NativeRows, native, type TypedArray } from '../../native/native.js'
import type { ChunkPlaces } from '../../remote/chunk-places.js'
import { readInPieces } from '../../remote/pieces.js'
import type { Range } from '../../remote/ranges.js'
import type { RemoteFile } from '../../remote/remote-file.js'
import { fromNative } from '../values/type-spec.js'
import type { NdArray, Type } from '../values/types.js'
import { Dataset } from './dataset.js'
import { newArray } from './elements.js'
import type { Group } from './group.js'

/** How the rows of one of the datasets are read. */
export interface RowForm {
  /** Its place among the datasets. */
  readonly at: number
  /** The element type of the typed array that holds the values. */
  readonly type: ElementType
  readonly rowShape: readonly number[]
  /** Number of elements of the typed array in a row; more than the shape says for strings, whose elements are bytes. */
  readonly width: number
}

export interface RowOptions {
  /** Throw ERR_FORMAT for rows that are not stored, instead of reading fill values. */
  storedOnly?: boolean
  /** Read into memory that the addon allocates: faster for large results, but the arrays cannot be put in a transfer list. */
  ownMemory?: boolean
}

/** What is known of a dataset that was opened with others. */
export interface RowInfo {
  type: Type
  /** null for a null dataspace. */
  shape: readonly number[] | null
  /** null if the dataset has no chunks. */
  chunks: readonly number[] | null
  /** Its values lie in other files. */
  elsewhere: boolean
}

/** Several open datasets of a file. */
export class Rows {
  readonly #native: NativeRows
  readonly #count: number
  readonly #remote: RemoteFile | undefined
  /** Of a remote file, where the values of each dataset lie. */
  readonly #places = new Map<number, ChunkPlaces | undefined>()

  /** @param count number of datasets */
  constructor(rows: NativeRows, count: number, remote?: RemoteFile) {
    this.#native = rows
    this.#count = count
    this.#remote = remote
  }

  /** Takes datasets of one file that are open. */
  static of(datasets: readonly Dataset[]): Rows {
    const rows = new native.Rows(datasets.map(({ handle }) => handle))
    return new Rows(rows, datasets.length, datasets[0]?.file.remote)
  }

  /** Opens the datasets at these paths, in one call. Returns null unless all of them are datasets that can be opened. */
  static openSync(group: Group, paths: readonly string[]): { rows: Rows; infos: RowInfo[] } | null {
    const opened = native.openRows(group.handle, paths)
    if (opened === null) return null
    const infos = opened.datasets.map(([type, shape, chunks, elsewhere]) => {
      return { type: fromNative(type), shape, chunks, elsewhere }
    })
    return { rows: new Rows(opened.rows, paths.length, group.file.remote), infos }
  }

  /** One of the datasets as an object of its own. */
  dataset(at: number, group: Group, path: string, type: Type): Dataset {
    return new Dataset({ file: group.file, path, handle: this.#native.handle(at) }, type, {})
  }

  /** The present number of rows of a dataset. */
  length(at: number): number {
    return this.#native.length(at)
  }

  /** The present number of rows of each dataset. */
  lengths(): number[] {
    return this.#native.lengths()
  }

  /** Reads rows `start` to `stop` of some of the datasets, in one call. */
  async read(
    forms: readonly RowForm[],
    start: number,
    stop: number,
    { storedOnly = false, ownMemory = false }: RowOptions = {},
  ): Promise<NdArray<TypedArray>[]> {
    const arrays = roomFor(forms, stop - start, ownMemory)
    if (this.#remote) await this.#readRemote(this.#remote, forms, arrays, { start, stop, storedOnly })
    else await this.#native.read(this.#which(forms), arrays, start, stop, storedOnly)
    return shaped(forms, stop - start, arrays)
  }

  /** The blocking form of {@link read}. */
  readSync(
    forms: readonly RowForm[],
    start: number,
    stop: number,
    { storedOnly = false, ownMemory = false }: RowOptions = {},
  ): NdArray<TypedArray>[] {
    const arrays = roomFor(forms, stop - start, ownMemory)
    this.#native.readSync(this.#which(forms), arrays, start, stop, storedOnly)
    return shaped(forms, stop - start, arrays)
  }

  /** Of a remote file: finds out where the values lie, if that takes few requests. Otherwise the first read does. */
  async lookAhead(): Promise<void> {
    const handles = Array.from({ length: this.#count }, (_, at) => this.#native.handle(at))
    const found = await this.#remote?.placesAtHand(handles)
    for (const [at, places] of found?.entries() ?? []) this.#places.set(at, places)
  }

  /** Fetches the chunks of all datasets together, as many rows at a time as the cache holds. */
  async #readRemote(
    remote: RemoteFile,
    forms: readonly RowForm[],
    arrays: readonly TypedArray[],
    { start, stop, storedOnly }: { start: number; stop: number; storedOnly: boolean },
  ): Promise<void> {
    const which = this.#which(forms)
    const places = await this.#placesOf(remote, forms)
    const rangesOf = (first: number, end: number) =>
      forms.flatMap(({ rowShape }, i) => places[i]?.ranges([first, ...rowShape.map(() => 0)], [end, ...rowShape]) ?? [])
    const read = (first: number, end: number, ranges: readonly Range[]) => {
      const parts = arrays.map((array, i) => {
        const { width } = forms[i] as RowForm
        return array.subarray((first - start) * width, (end - start) * width)
      })
      return remote.withRanges(ranges, () => this.#native.read(which, parts, first, end, storedOnly))
    }
    const chunkRows = Math.max(1, ...places.map((one) => one?.chunkRows ?? 1))
    await readInPieces(remote.room, { first: start, end: stop, chunkRows, rangesOf, read })
  }

  async #placesOf(remote: RemoteFile, forms: readonly RowForm[]): Promise<(ChunkPlaces | undefined)[]> {
    const unknown = forms.map(({ at }) => at).filter((at) => !this.#places.has(at))
    const found = await remote.places(unknown.map((at) => this.#native.handle(at)))
    for (const [i, at] of unknown.entries()) this.#places.set(at, found[i])
    return forms.map(({ at }) => this.#places.get(at))
  }

  /** The places of the datasets; null for all of them in their order. */
  #which(forms: readonly RowForm[]): Uint32Array | null {
    if (forms.length === this.#count && forms.every(({ at }, i) => at === i)) return null
    return Uint32Array.from(forms, ({ at }) => at)
  }
}

function roomFor(forms: readonly RowForm[], rows: number, ownMemory: boolean): TypedArray[] {
  if (!ownMemory) return forms.map(({ type, width }) => newArray(type, rows * width))
  const sizes = forms.map(({ type, width }) => bytesOf(type) * rows * width)
  // Node does not make larger buffers of external memory.
  if (sizes.some((bytes) => bytes > constants.MAX_LENGTH)) return roomFor(forms, rows, false)
  const buffers = native.newBuffers(sizes)
  return forms.map(({ type }, i) => new elementArrays[type](buffers[i] as ArrayBuffer))
}

function shaped(forms: readonly RowForm[], rows: number, arrays: readonly TypedArray[]): NdArray<TypedArray>[] {
  return arrays.map((data, i) => ({ data, shape: [rows, ...(forms[i] as RowForm).rowShape] }))
}
