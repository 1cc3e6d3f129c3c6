/** Datasets: their values, chunks, shape and dimension scales. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { ChunkInfo, NativeExtent } from '../../native/native.js'
import { call, type Operation, runSync } from '../../native/operation.js'
import { chunkGrid, type Piece, pieceCount, rowBlocks, storedPieces } from '../values/chunk-grid.js'
import { product } from '../values/decode.js'
import { elementArray } from '../values/memory-type.js'
import { Reference } from '../values/reference.js'
import { resolveSelection, type Selection } from '../values/selection.js'
import { elementCount } from '../values/shaped-values.js'
import { sizeOf } from '../values/type-spec.js'
import type { Data, Text, Type, Values, WritableData } from '../values/types.js'
import { type DatasetInfo, infoOf } from './dataset-info.js'
import { type Abortable, DatasetIo, type ReadOptions, type WriteOptions } from './dataset-io.js'
import { HObject, type ObjectPlace } from './object.js'
import { attachScale, detachScale, isScale, labelOf, makeScale, scaleName, scalesOf, setLabel } from './scales.js'

/** The values of a chunk of a dataset. */
export interface Chunk<D = Data> extends Values<D> {
  /** Index of its first element along each axis. */
  offset: number[]
}

/** Which chunks to visit. */
export interface ChunksOptions {
  /** true: only stored chunks. false: all chunks. Default: false for up to a million chunks, else true. */
  stored?: boolean
}

const mostChunks = 2 ** 20

/** The bytes of a stored chunk. */
export interface RawChunk {
  data: Uint8Array
  /** If bit i is set, filter i of the pipeline was skipped. */
  filterMask: number
}

/** An open dataset. `D` is the form of its values, known if the type was given when it was created or opened. */
export class Dataset<D = Data> extends HObject {
  /** The complete type of its elements. */
  readonly type: Type
  readonly #io: DatasetIo
  // The dataset was opened with a string type, so values that are not strings are refused.
  #strict = false

  /** @internal Made by `Group.dataset`, `get` and `createDataset`. */
  constructor(place: ObjectPlace, type: Type, extent: Partial<NativeExtent>) {
    super(place)
    this.type = type
    this.#io = new DatasetIo(place, type, extent)
  }

  /** The present type, shape and storage of the dataset. */
  details(): Promise<DatasetInfo> {
    return this.later(infoOf(this))
  }

  detailsSync(): DatasetInfo {
    return runSync(infoOf(this))
  }

  /** The present shape, which another handle may have changed. [] for a scalar, null for a null dataspace. */
  shape(): Promise<number[] | null> {
    return this.later(call('dataset.shape', this.handle))
  }

  shapeSync(): number[] | null {
    return runSync(call('dataset.shape', this.handle))
  }

  /**
   * Reads the selected values; without a selection, all of them. The result has no axis for a single index; dimensions of an array
   * type come last. Throws ERR_OUT_OF_RANGE for indices outside the extent, ERR_TOO_LARGE for more than a file of this size can
   * hold, and ERR_FORMAT for a null dataspace and for values in other files, unless the file was opened with `external`.
   */
  read(selection?: Selection | null, options: ReadOptions & Abortable = {}): Promise<Values<D>> {
    return this.file.queue.read(this.#reading(selection, options))
  }

  readSync(selection?: Selection | null, options: ReadOptions = {}): Values<D> {
    if (!options.raw && !options.bigint) {
      const known = this.#io.readKnown(selection, options)
      if (known) return known as Values<D>
    }
    return runSync(this.#reading(selection, options))
  }

  /**
   * Writes the selected values; without a selection, all of them. A typed array is not copied: do not change it until the promise
   * settles. A single number is written to all selected elements.
   */
  async write(data: WritableData, selection?: Selection | null, options: WriteOptions & Abortable = {}): Promise<void> {
    await this.later(this.writing(data, selection, options))
  }

  writeSync(data: WritableData, selection?: Selection | null, options: WriteOptions = {}): void {
    runSync(this.writing(data, selection, options))
  }

  /** Extends the first axis by the rows of `data` and writes them. After an error the old extent is restored. */
  async append(data: WritableData, options: WriteOptions & Abortable = {}): Promise<void> {
    await this.later(this.#append(data, options))
  }

  appendSync(data: WritableData, options: WriteOptions = {}): void {
    runSync(this.#append(data, options))
  }

  /** Changes the shape, up to `maxShape`. Values that are cut off are lost; new elements have the fill value. */
  async resize(shape: readonly number[]): Promise<void> {
    await this.later(call('dataset.resize', this.handle, [...shape]))
  }

  resizeSync(shape: readonly number[]): void {
    runSync(call('dataset.resize', this.handle, [...shape]))
  }

  /** Makes visible what a SWMR writer has written since the dataset was opened or last refreshed. */
  async refresh(): Promise<void> {
    await this.later(call('dataset.refresh', this.handle))
  }

  refreshSync(): void {
    runSync(call('dataset.refresh', this.handle))
  }

  /** Passes written values to the operating system, so that SWMR readers see them. */
  async flush(): Promise<void> {
    await this.later(call('dataset.flush', this.handle))
  }

  flushSync(): void {
    runSync(call('dataset.flush', this.handle))
  }

  /**
   * Yields the values chunk by chunk, in row-major order; if the layout is not chunked, in pieces of whole rows of about 1 MiB.
   * Chunks that are not stored hold fill values; with more than a million chunks they are left out. The option `stored` overrides
   * this. Throws ERR_TOO_LARGE for all chunks of an axis of 2^53 or more.
   */
  async *chunks(options: ChunksOptions & Abortable = {}): AsyncGenerator<Chunk<D>> {
    for (const piece of await this.later(this.#pieces(options))) {
      yield { offset: piece.offset, ...(await this.read(selectionOf(piece), options)) }
    }
  }

  *chunksSync(options: ChunksOptions = {}): Generator<Chunk<D>> {
    for (const piece of runSync(this.#pieces(options))) {
      yield { offset: piece.offset, ...this.readSync(selectionOf(piece)) }
    }
  }

  /** Lists the stored chunks. */
  storedChunks(): Promise<ChunkInfo[]> {
    return this.later(call('chunks.list', this.handle))
  }

  storedChunksSync(): ChunkInfo[] {
    return runSync(call('chunks.list', this.handle))
  }

  /** The chunk whose first element is at `offset`; null if it is not stored. */
  chunkInfo(offset: readonly number[]): Promise<ChunkInfo | null> {
    return this.later(call('chunks.info', this.handle, [...offset]))
  }

  chunkInfoSync(offset: readonly number[]): ChunkInfo | null {
    return runSync(call('chunks.info', this.handle, [...offset]))
  }

  /** Reads the stored bytes of a chunk, which the filters have encoded; null if it is not stored. */
  readChunk(offset: readonly number[]): Promise<RawChunk | null> {
    return this.later(this.#readChunk(offset))
  }

  readChunkSync(offset: readonly number[]): RawChunk | null {
    return runSync(this.#readChunk(offset))
  }

  /** Stores the bytes of a whole chunk, which the caller has encoded with the filters, except those in `filterMask`. */
  async writeChunk(offset: readonly number[], bytes: Uint8Array, options: { filterMask?: number } = {}): Promise<void> {
    await this.later(call('chunks.write', this.handle, [...offset], bytes, options.filterMask ?? 0))
  }

  writeChunkSync(offset: readonly number[], bytes: Uint8Array, options: { filterMask?: number } = {}): void {
    runSync(call('chunks.write', this.handle, [...offset], bytes, options.filterMask ?? 0))
  }

  /** Makes a reference to a part of the dataset. `read` accepts it as a selection. */
  regionReference(selection: Selection): Promise<Reference> {
    return this.later(this.#regionReference(selection))
  }

  regionReferenceSync(selection: Selection): Reference {
    return runSync(this.#regionReference(selection))
  }

  /** Makes the dataset a dimension scale, which holds the coordinates of an axis of other datasets. Throws ERR_FORMAT. */
  async makeScale(name?: string): Promise<void> {
    await this.later(makeScale(this, name))
  }

  makeScaleSync(name?: string): void {
    runSync(makeScale(this, name))
  }

  isScale(): Promise<boolean> {
    return this.later(isScale(this))
  }

  isScaleSync(): boolean {
    return runSync(isScale(this))
  }

  /** The name of the dimension scale; null if it has none. */
  scaleName(): Promise<string | null> {
    return this.later(scaleName(this))
  }

  scaleNameSync(): string | null {
    return runSync(scaleName(this))
  }

  /** Attaches a scale to an axis, which may have several. A dataset that is not a scale becomes one. */
  async attachScale(axis: number, scale: Dataset<unknown>): Promise<void> {
    await this.later(attachScale(this, axis, scale))
  }

  attachScaleSync(axis: number, scale: Dataset<unknown>): void {
    runSync(attachScale(this, axis, scale))
  }

  /** Detaches a scale from an axis. Throws ERR_NOT_FOUND if it is not attached to it. */
  async detachScale(axis: number, scale: Dataset<unknown>): Promise<void> {
    await this.later(detachScale(this, axis, scale))
  }

  detachScaleSync(axis: number, scale: Dataset<unknown>): void {
    runSync(detachScale(this, axis, scale))
  }

  /** References to the dimension scales of an axis; `file.get` opens them. */
  scales(axis: number): Promise<Reference[]> {
    return this.later(scalesOf(this, axis))
  }

  scalesSync(axis: number): Reference[] {
    return runSync(scalesOf(this, axis))
  }

  /** The label of an axis; null if it has none. */
  label(axis: number): Promise<string | null> {
    return this.later(labelOf(this, axis))
  }

  labelSync(axis: number): string | null {
    return runSync(labelOf(this, axis))
  }

  /** Sets the label of an axis; null removes it. */
  async setLabel(axis: number, text: string | null): Promise<void> {
    await this.later(setLabel(this, axis, text))
  }

  setLabelSync(axis: number, text: string | null): void {
    runSync(setLabel(this, axis, text))
  }

  /** @internal Throws ERR_FORMAT if the values have another form than values of that type. */
  expect(wanted: Type): void {
    const [found, asked] = [elementArray(this.type), elementArray(wanted)]
    if (found !== asked) {
      throw new H5TracksError(
        `dataset ${show(this.path)} of ${this.file.filename} has values of type ${show(this.type)}, not ${show(wanted)}`,
        { code: 'ERR_FORMAT', path: this.file.filename },
      )
    }
    this.#strict = wanted.class === 'string'
  }

  /** @internal */
  writing(
    data: WritableData,
    selection: Selection | null | undefined,
    options: WriteOptions & Abortable,
  ): Operation<void> {
    return this.#io.write(data, selection, options)
  }

  /** @internal Writes the values of a new dataset. */
  first(data: WritableData, extent: readonly number[]): Operation<void> {
    return this.#io.first(data, extent)
  }

  *#reading(selection: Selection | null | undefined, options: ReadOptions & Abortable): Operation<Values<D>> {
    const values = yield* this.#io.read(selection, options)
    if (this.#strict && !options.raw) this.#checkText(values.data as Text[])
    return values as Values<D>
  }

  #checkText(texts: readonly Text[]): void {
    const at = texts.findIndex((text) => typeof text !== 'string')
    if (at < 0) return
    throw new H5TracksError(`value ${at} of ${show(this.path)} of ${this.file.filename} is not UTF-8`, {
      code: 'ERR_FORMAT',
      path: this.file.filename,
    })
  }

  *#append(data: WritableData, options: WriteOptions & Abortable): Operation<void> {
    const extent = yield* this.#io.extent()
    const [rows, ...row] = extent
    if (rows === undefined) throw invalidArgument('append', this.path, 'called on a dataset with at least one axis')
    const elements = options.raw ? (data as Uint8Array).length / sizeOf(this.type) : elementCount(this.type, flat(data))
    const added = elements / product(row)
    if (!Number.isInteger(added)) {
      throw invalidArgument('data', elements, `a whole number of rows of ${product(row)} elements`)
    }
    if (added === 0) return
    yield* call('dataset.resize', this.handle, [rows + added, ...row])
    try {
      yield* this.#io.write(data, [{ start: rows }], options)
    } catch (error) {
      yield* call('dataset.resize', this.handle, extent)
      throw error
    }
  }

  *#pieces({ stored }: ChunksOptions): Operation<Iterable<Piece>> {
    const shape = yield* this.#io.extent()
    const { chunks, storageSize } = yield* call('dataset.describe', this.handle)
    const size = chunks ?? rowBlocks(shape, sizeOf(this.type))
    if (stored ?? pieceCount(shape, size) > mostChunks) {
      if (chunks) return storedPieces(shape, chunks, yield* call('chunks.list', this.handle))
      if (storageSize === 0) return []
    }
    if (shape.every((length) => Number.isSafeInteger(length))) return chunkGrid(shape, size)
    throw new H5TracksError(
      `dataset ${show(this.path)} of ${this.file.filename} has too many chunks to count (shape ${show(shape)}); pass ` +
        '{ stored: true } to visit only the stored ones',
      { code: 'ERR_TOO_LARGE', path: this.file.filename },
    )
  }

  *#readChunk(offset: readonly number[]): Operation<RawChunk | null> {
    const chunk = yield* call('chunks.read', this.handle, [...offset])
    return chunk && { ...chunk, data: new Uint8Array(chunk.data) }
  }

  *#regionReference(selection: Selection): Operation<Reference> {
    const { native } = resolveSelection(selection, yield* this.#io.extent())
    return new Reference('region', new Uint8Array(yield* call('reference.region', this.handle, native)))
  }
}

const selectionOf = ({ offset, shape }: Piece) => offset.map((start, axis) => ({ start, stop: start + shape[axis]! }))

/** Flattens nested arrays. */
function flat(data: WritableData): unknown {
  const nested: unknown = data
  return Array.isArray(nested) && Array.isArray(nested[0]) ? nested.flat(Number.POSITIVE_INFINITY) : data
}
