/** The conventions of netCDF-4 in HDF5: dimension scales with their ids, fill values, properties. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import { versions } from '../../native/versions.js'
import type { NetcdfValue } from './attributes.js'

const chunkBytes = 2 ** 20

/** Where the records of a batch go: the first row, and the place of each cell along `individuals`, -1 for none. */
export interface Cells {
  readonly row: number
  readonly count: number
  readonly slots: number
  readonly places: Int32Array
}

export class NetcdfFile {
  readonly #file: File
  readonly #scales = new Map<string, Dataset>()
  readonly #lengths = new Map<string, number>()

  private constructor(file: File) {
    this.#file = file
  }

  static async create(file: File, attributes: Readonly<Record<string, NetcdfValue>>): Promise<NetcdfFile> {
    const properties = `version=2,h5tracks=${versions.h5tracks},hdf5=${versions.hdf5.running}`
    await file.attributes.set('_NCProperties', properties, {
      type: { class: 'string', size: Buffer.byteLength(properties), charset: 'ascii' },
    })
    for (const [name, value] of Object.entries(attributes)) {
      await file.attributes.set(name, value, typeof value === 'number' ? { type: 'float64' } : {})
    }
    return new NetcdfFile(file)
  }

  /** A coordinate of numbers, to be filled by `put`. */
  async numbers(name: string, length: number, type: 'float64' | 'int64'): Promise<void> {
    await this.#scale(name, await this.#file.createDataset(name, { type, shape: [length], trackOrder: true }), length)
  }

  /** A coordinate of texts. */
  async texts(name: string, values: readonly string[]): Promise<void> {
    const dataset = await this.#file.createDataset(name, {
      type: { class: 'string', size: 'variable', charset: 'utf-8' },
      shape: [values.length],
      trackOrder: true,
    })
    if (values.length > 0) await dataset.write([...values])
    await this.#scale(name, dataset, values.length)
  }

  async put(name: string, row: number, values: Float64Array | BigInt64Array): Promise<void> {
    if (values.length === 0) return
    await this.#scales.get(name)?.write(values, [{ start: row, stop: row + values.length }])
  }

  /** A variable over coordinates, of which the first is time and the last the animals. */
  async variable(name: string, type: 'float32' | 'float64', axes: readonly string[]): Promise<Variable> {
    const shape = axes.map((axis) => this.#lengths.get(axis) as number)
    const [rows, ...inner] = shape as [number, ...number[]]
    const row = inner.reduce((all, n) => all * n, type === 'float64' ? 8 : 4)
    const isEmpty = shape.includes(0)
    const chunk = Math.max(1, Math.min(rows, Math.floor(chunkBytes / Math.max(1, row))))
    const dataset = await this.#file.createDataset(name, {
      type,
      shape,
      fill: Number.NaN,
      trackOrder: true,
      ...(!isEmpty && { chunks: [chunk, ...inner], filters: ['shuffle', { deflate: 4 }] }),
    })
    const fill = type === 'float64' ? Float64Array.of(Number.NaN) : Float32Array.of(Number.NaN)
    await dataset.attributes.set('_FillValue', fill)
    for (const [axis, coordinate] of axes.entries())
      await dataset.attachScale(axis, this.#scales.get(coordinate) as Dataset)
    const ids = Int32Array.from(axes, (axis) => [...this.#scales.keys()].indexOf(axis))
    await dataset.attributes.set('_Netcdf4Coordinates', ids)
    return new Variable(dataset, inner, chunk, type)
  }

  async #scale(name: string, dataset: Dataset, length: number): Promise<void> {
    await dataset.makeScale(name)
    await dataset.attributes.set('_Netcdf4Dimid', this.#scales.size, { type: 'int32', shape: [] })
    this.#scales.set(name, dataset)
    this.#lengths.set(name, length)
  }
}

/** A variable of which rows are written in order. */
export class Variable {
  readonly #dataset: Dataset
  readonly #inner: readonly number[]
  readonly #chunk: number
  readonly #type: 'float32' | 'float64'

  constructor(dataset: Dataset, inner: readonly number[], chunk: number, type: 'float32' | 'float64') {
    this.#dataset = dataset
    this.#inner = inner
    this.#chunk = chunk
    this.#type = type
  }

  /** Writes the records of a batch. `values`: by cell, then keypoints, then coordinates. */
  async put(values: ArrayLike<number>, { row, count, slots, places }: Cells): Promise<void> {
    const individuals = this.#inner.at(-1) as number
    const width = this.#inner.slice(0, -1).reduce((all, n) => all * n, 1)
    if (individuals * width === 0) return
    // The file has the coordinates before the keypoints.
    const [first = 1, ...rest] = this.#inner.slice(0, -1)
    const nodes = rest.length > 0 ? (rest[0] as number) : 1
    const isPoses = rest.length > 0
    for (let start = 0; start < count; ) {
      // Whole chunks are written without reading them again.
      const stop = Math.min(count, start + this.#chunk - ((row + start) % this.#chunk))
      const length = (stop - start) * width * individuals
      const block = (this.#type === 'float64' ? new Float64Array(length) : new Float32Array(length)).fill(Number.NaN)
      for (let frame = start; frame < stop; frame++) {
        for (let slot = 0; slot < slots; slot++) {
          const cell = frame * slots + slot
          const place = places[cell] as number
          if (place < 0) continue
          for (let i = 0; i < width; i++) {
            // By cell: node, coordinate. In the file: coordinate, node.
            const from = isPoses ? (i % nodes) * first + Math.floor(i / nodes) : i
            block[((frame - start) * width + i) * individuals + place] = values[cell * width + from] as number
          }
        }
      }
      await this.#dataset.write(block, [{ start: row + start, stop: row + stop }])
      start = stop
    }
  }
}
