/** Zarr's metadata of everything in a file: its groups, the arrays of its layouts, and its other datasets. */
import { axesOf } from '../../frames/file/describe.js'
import type { OpenLayouts } from '../../frames/file/open-layouts.js'
import { Dataset } from '../../hdf5/objects/dataset.js'
import { type StorageInfo, storageOf } from '../../hdf5/objects/dataset-info.js'
import type { Group } from '../../hdf5/objects/group.js'
import { runSync } from '../../native/operation.js'
import { arrayJson, chunkShapeOf, dtypeOf, plainArray } from './array.js'
import { arrayAttributes, groupAttributes } from './attributes.js'
import { type ChunkReference, chunkReferences } from './chunks.js'

/** An object of the file that references cannot describe. */
export interface LeftOut {
  path: string
  why: string
}

/** What differs from the file: the number of rows of its layouts, and attributes of groups. */
export interface Totals {
  /** By the paths of the layouts' groups. */
  rows: ReadonlyMap<string, number>
  attributes: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

export interface Described {
  /** Zarr's metadata by key, in the order of the file. */
  metadata: Map<string, string>
  /** The values of datasets that no layout describes. */
  values: Map<string, ChunkReference>
  leftOut: LeftOut[]
}

/** Describes the first file of a dataset, with the number of rows of all. */
export async function describeAll({ file, layouts }: OpenLayouts, totals: Totals): Promise<Described> {
  const described: Described = { metadata: new Map(), values: new Map(), leftOut: [] }
  const columns = new Map<string, { axes: string[]; rows: number }>()
  for (const { layout, columns: all } of layouts) {
    const rows = totals.rows.get(layout.root) ?? 0
    for (const column of all) columns.set(column.path, { axes: axesOf(layout, column), rows })
  }
  await addGroup(file, '')
  return described

  async function addGroup(group: Group, path: string): Promise<void> {
    const { metadata, leftOut } = described
    const key = keyOf(path)
    metadata.set(`${key}.zgroup`, '{"zarr_format":2}')
    metadata.set(`${key}.zattrs`, groupAttributes(group, totals.attributes.get(path || '/')))
    for (const name of group.keysSync()) {
      const child = `${path}/${name}`
      const object = group.kindSync(name) === null ? null : group.getSync(name)
      if (object instanceof Dataset) await addDataset(object, child)
      else if (object === null) leftOut.push({ path: child, why: 'a link to no object' })
      else if ('keysSync' in object) await addGroup(object, child)
      object?.close()
    }
  }

  async function addDataset(dataset: Dataset, path: string): Promise<void> {
    const { metadata, values, leftOut } = described
    const info = runSync(storageOf(dataset))
    const column = columns.get(path)
    const key = keyOf(path)
    if (column) {
      const shape = [column.rows, ...(info.shape ?? []).slice(1)]
      metadata.set(`${key}.zarray`, arrayJson(info, path, shape, chunkShapeOf(info)))
      metadata.set(`${key}.zattrs`, arrayAttributes(dataset, column.axes))
      return
    }
    const name = dataset.isScaleSync() ? dataset.scaleNameSync() : null
    // A scale without values only names a dimension.
    if (name?.startsWith('This is a netCDF dimension but not a netCDF variable')) return
    const reason = await addOther(dataset, info, key, metadata, values)
    if (reason !== null) leftOut.push({ path, why: reason })
    else metadata.set(`${key}.zattrs`, arrayAttributes(dataset, axesOfOther(dataset, info.shape ?? [], name !== null)))
  }
}

/** Adds a dataset that no layout describes. Returns why that is not possible, or null. */
async function addOther(
  dataset: Dataset,
  info: StorageInfo,
  key: string,
  metadata: Map<string, string>,
  values: Map<string, ChunkReference>,
): Promise<string | null> {
  const { type, shape } = info
  if (shape === null) return 'a null dataspace'
  if (type.class === 'string') {
    const { data } = await dataset.read()
    const texts = typeof data === 'string' ? [data] : (data as unknown[])
    if (!texts.every((text) => typeof text === 'string')) return 'text that is not UTF-8'
    const { dtype, bytes } = utf32(texts as string[])
    metadata.set(`${key}.zarray`, plainArray(dtype, shape, chunkShapeOf({ chunks: null, shape })))
    if (bytes.length > 0) values.set(`${key}${shape.map(() => 0).join('.') || '0'}`, bytes)
    return null
  }
  if (dtypeOf(type) === undefined) return `values of type ${type.class}`
  metadata.set(`${key}.zarray`, arrayJson(info, dataset.path, shape, chunkShapeOf(info)))
  for await (const { at, place } of chunkReferences(dataset, info)) values.set(`${key}${at.join('.') || '0'}`, place)
  return null
}

/** Numpy's text of fixed length: each character takes four bytes. */
function utf32(texts: readonly string[]): { dtype: string; bytes: Buffer } {
  const all = texts.map((text) => Array.from(text, (character) => character.codePointAt(0) as number))
  const length = Math.max(1, ...all.map((points) => points.length))
  const bytes = Buffer.alloc(4 * length * all.length)
  for (const [i, points] of all.entries()) {
    for (const [j, point] of points.entries()) bytes.writeUInt32LE(point, 4 * (i * length + j))
  }
  return { dtype: `<U${length}`, bytes }
}

/** The names of the dimensions: those of its scales, else names of its own. */
function axesOfOther(dataset: Dataset, shape: readonly number[], isScale: boolean): string[] {
  return shape.map((_, axis) => {
    if (isScale) return dataset.name
    const [scale] = dataset.scalesSync(axis)
    return scale ? dataset.file.getSync(scale).name : `${dataset.name}_${axis}`
  })
}

const keyOf = (path: string): string => (path === '' ? '' : `${path.slice(1)}/`)
