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

/** A piece of a dataset, as its chunks lie. */
export interface Chunk<D = Data> extends Values<D> {
  /** Of its first element. */
  offset: number[]
}

export interface ChunksOptions {
  /** true: only the chunks that are stored; false: all; absent: all, of at most a million. */
  stored?: boolean
}

const mostChunks = 2 ** 20

/** The bytes of a stored chunk. */
export interface RawChunk {
  data: Uint8Array
  /** Bit i: the i-th filter was left out. */
  filterMask: number
}

/**
 * An open dataset. `D` is the form that its values come in, as far as that was told when it was made or opened.
 */
export class Dataset<D = Data> extends HObject {
  /** The type of its elements, with everything said. */
  readonly type: Type
  readonly #io: DatasetIo
  // Somebody was promised strings.
  #strict = false

  /** @internal Comes from `Group.dataset`, `get` and `createDataset`. */
  constructor(place: ObjectPlace, type: Type, extent: Partial<NativeExtent>) {
    super(place)
    this.type = type
    this.#io = new DatasetIo(place, type, extent)
  }

  /** What it is and how it is stored, now. */
  details(): Promise<DatasetInfo> {
    return this.later(infoOf(this))
  }

  detailsSync(): DatasetInfo {
    return runSync(infoOf(this))
  }

  /** Its extent now: another handle may have changed it. [] for a scalar, null for a null dataspace. */
  shape(): Promise<number[] | null> {
    return this.later(call('dataset.shape', this.handle))
  }

  shapeSync(): number[] | null {
    return runSync(call('dataset.shape', this.handle))
  }

  /**
   * Reads what is selected, everything without a selection. Axes with a single index are gone from the result; axes of an
   * array type come last. Errors: ERR_OUT_OF_RANGE for indices beyond the extent; ERR_TOO_LARGE for more than a file of its
   * size can hold; ERR_FORMAT for a null dataspace, and for values in other files unless the file was opened with `external`.
   */
  read(selection?: Selection | null, options: ReadOptions & Abortable = {}): Promise<Values<D>> {
    return this.later(this.#reading(selection, options))
  }

  readSync(selection?: Selection | null, options: ReadOptions = {}): Values<D> {
    if (!options.raw && !options.bigint) {
      const known = this.#io.readKnown(selection, options)
      if (known) return known as Values<D>
    }
    return runSync(this.#reading(selection, options))
  }

  /**
   * Writes what is selected, everything without a selection. A typed array is written as it is and must be left alone until
   * the promise settles. A single number goes everywhere.
   */
  async write(data: WritableData, selection?: Selection | null, options: WriteOptions & Abortable = {}): Promise<void> {
    await this.later(this.writing(data, selection, options))
  }

  writeSync(data: WritableData, selection?: Selection | null, options: WriteOptions = {}): void {
    runSync(this.writing(data, selection, options))
  }

  /** Grows the first axis by the rows that `data` has, and writes them there. */
  async append(data: WritableData, options: WriteOptions & Abortable = {}): Promise<void> {
    await this.later(this.#append(data, options))
  }

  appendSync(data: WritableData, options: WriteOptions = {}): void {
    runSync(this.#append(data, options))
  }

  /** Changes the extent, within the maximum. What is cut off is gone; what is new has the fill value. */
  async resize(shape: readonly number[]): Promise<void> {
    await this.later(call('dataset.resize', this.handle, [...shape]))
  }

  resizeSync(shape: readonly number[]): void {
    runSync(call('dataset.resize', this.handle, [...shape]))
  }

  /** Looks again at what a SWMR writer has made of it. */
  async refresh(): Promise<void> {
    await this.later(call('dataset.refresh', this.handle))
  }

  refreshSync(): void {
    runSync(call('dataset.refresh', this.handle))
  }

  /** Hands what was written to the operating system, for SWMR readers to see. */
  async flush(): Promise<void> {
    await this.later(call('dataset.flush', this.handle))
  }

  flushSync(): void {
    runSync(call('dataset.flush', this.handle))
  }

  /**
   * Its values chunk by chunk, in row-major order; without chunks, in blocks of rows of about 1 MiB. Chunks that are not
   * stored come as fill values, unless the dataset has more than a million chunks: then those that are stored come. `stored`
   * says it either way. Throws ERR_TOO_LARGE for all chunks of an axis of 2^53 or more.
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

  /** Every chunk that is stored. */
  storedChunks(): Promise<ChunkInfo[]> {
    return this.later(call('chunks.list', this.handle))
  }

  storedChunksSync(): ChunkInfo[] {
    return runSync(call('chunks.list', this.handle))
  }

  /** The chunk whose first element is at `offset`; null where it is not stored. */
  chunkInfo(offset: readonly number[]): Promise<ChunkInfo | null> {
    return this.later(call('chunks.info', this.handle, [...offset]))
  }

  chunkInfoSync(offset: readonly number[]): ChunkInfo | null {
    return runSync(call('chunks.info', this.handle, [...offset]))
  }

  /** The stored bytes of a chunk, as the filters made them; null where it is not stored. */
  readChunk(offset: readonly number[]): Promise<RawChunk | null> {
    return this.later(this.#readChunk(offset))
  }

  readChunkSync(offset: readonly number[]): RawChunk | null {
    return runSync(this.#readChunk(offset))
  }

  /** Stores a whole chunk, as the filters would have made it; those of `filterMask` were left out. */
  async writeChunk(offset: readonly number[], bytes: Uint8Array, options: { filterMask?: number } = {}): Promise<void> {
    await this.later(call('chunks.write', this.handle, [...offset], bytes, options.filterMask ?? 0))
  }

  writeChunkSync(offset: readonly number[], bytes: Uint8Array, options: { filterMask?: number } = {}): void {
    runSync(call('chunks.write', this.handle, [...offset], bytes, options.filterMask ?? 0))
  }

  /** A reference to a part of it. `read` takes it for a selection. */
  regionReference(selection: Selection): Promise<Reference> {
    return this.later(this.#regionReference(selection))
  }

  regionReferenceSync(selection: Selection): Reference {
    return runSync(this.#regionReference(selection))
  }

  /** Makes it a dimension scale: coordinates of an axis of other datasets. */
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

  /** The name that it has as a scale; null where it has none. */
  scaleName(): Promise<string | null> {
    return this.later(scaleName(this))
  }

  scaleNameSync(): string | null {
    return runSync(scaleName(this))
  }

  /** Gives an axis a scale, which becomes one if need be; an axis may have several. */
  async attachScale(axis: number, scale: Dataset<unknown>): Promise<void> {
    await this.later(attachScale(this, axis, scale))
  }

  attachScaleSync(axis: number, scale: Dataset<unknown>): void {
    runSync(attachScale(this, axis, scale))
  }

  /** Throws ERR_NOT_FOUND where it is no scale of that axis. */
  async detachScale(axis: number, scale: Dataset<unknown>): Promise<void> {
    await this.later(detachScale(this, axis, scale))
  }

  detachScaleSync(axis: number, scale: Dataset<unknown>): void {
    runSync(detachScale(this, axis, scale))
  }

  /** References to the scales of an axis; `file.get` opens them. */
  scales(axis: number): Promise<Reference[]> {
    return this.later(scalesOf(this, axis))
  }

  scalesSync(axis: number): Reference[] {
    return runSync(scalesOf(this, axis))
  }

  /** What an axis is called; null where it is not. */
  label(axis: number): Promise<string | null> {
    return this.later(labelOf(this, axis))
  }

  labelSync(axis: number): string | null {
    return runSync(labelOf(this, axis))
  }

  async setLabel(axis: number, text: string | null): Promise<void> {
    await this.later(setLabel(this, axis, text))
  }

  setLabelSync(axis: number, text: string | null): void {
    runSync(setLabel(this, axis, text))
  }

  /** @internal Throws ERR_FORMAT where values come in another form than those of that type would. */
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

  /** @internal What it is made with. */
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
    if (rows === undefined) throw invalidArgument('append', this.path, 'of a dataset with an axis to grow along')
    const elements = options.raw ? (data as Uint8Array).length / sizeOf(this.type) : elementCount(this.type, flat(data))
    const added = elements / product(row)
    if (!Number.isInteger(added)) {
      throw invalidArgument('data', elements, `whole rows of ${product(row)} elements`)
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
      `dataset ${show(this.path)} of ${this.file.filename} has more chunks than can be counted (${show(shape)}); ask for ` +
        'those that are stored, with { stored: true }',
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

/** Nested arrays one after the other. */
function flat(data: WritableData): unknown {
  const nested: unknown = data
  return Array.isArray(nested) && Array.isArray(nested[0]) ? nested.flat(Number.POSITIVE_INFINITY) : data
}
