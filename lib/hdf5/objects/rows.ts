/** Reads the same rows of several datasets, for the parts of the package that are built on h5tracks/hdf5. */
import { constants } from 'node:buffer'
import { bytesOf, elementArrays } from '../../native/element-types.js'
import { type ElementType, type NativeRows, native, type TypedArray } from '../../native/native.js'
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

  /** @param count number of datasets */
  constructor(rows: NativeRows, count: number) {
    this.#native = rows
    this.#count = count
  }

  /** Takes datasets that are open. */
  static of(datasets: readonly Dataset[]): Rows {
    return new Rows(new native.Rows(datasets.map(({ handle }) => handle)), datasets.length)
  }

  /** Opens the datasets at these paths, in one call. Returns null unless all of them are datasets that can be opened. */
  static openSync(group: Group, paths: readonly string[]): { rows: Rows; infos: RowInfo[] } | null {
    const opened = native.openRows(group.handle, paths)
    if (opened === null) return null
    const infos = opened.datasets.map(([type, shape, chunks, elsewhere]) => {
      return { type: fromNative(type), shape, chunks, elsewhere }
    })
    return { rows: new Rows(opened.rows, paths.length), infos }
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
    await this.#native.read(this.#which(forms), arrays, start, stop, storedOnly)
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
