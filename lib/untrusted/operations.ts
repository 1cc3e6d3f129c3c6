/** The operations of the reading process, where this code runs. It trusts the requests, but not the file. */

import { H5TracksError } from '../base/errors.js'
import { choiceOf } from '../frames/file/choose.js'
import { groupsIn } from '../frames/file/described.js'
import { type FrameFile, lengthOf, openFrameFile } from '../frames/file/open.js'
import { type ChunkFilters, chunkFilters } from '../hdf5/objects/chunk-filters.js'
import { readBox } from '../hdf5/objects/elements.js'
import { File } from '../hdf5/objects/file.js'
import type { FilterInfo } from '../hdf5/values/filters.js'
import { elementOf, sizeOf } from '../hdf5/values/type-spec.js'
import type { ElementType, TypedArray } from '../native/native.js'
import { encodeValue } from './json-values.js'
import { decodeLayout, encodeLayout } from './layout-json.js'

interface Answer {
  value?: unknown
  /** Sent after the value, as raw bytes. */
  arrays?: readonly TypedArray[]
}

/** The description of a dataset. */
export interface UntrustedInfo {
  /** `element` is null if no typed array holds the values; `size` is in bytes. */
  type: { class: string; size: number; element: ElementType | null }
  /** null for a null dataspace. */
  shape: number[] | null
  filters: FilterInfo[]
  /** Size of the values in the file, bytes. */
  storageSize: number
  chunks: ChunkFilters
}

let file: File | undefined
let frames: FrameFile | undefined

const opened = (): File => file as File

export const operations = {
  openFrames({ path, layout, acceptLoss }: { path: string; layout?: unknown; acceptLoss: boolean }): Answer {
    const given = typeof layout === 'object' ? decodeLayout(layout) : (layout as string | undefined)
    frames = openFrameFile(path, choiceOf(given), { acceptLoss })
    const { cameraNames, slots, chunkFrames, metadata, closedCleanly } = frames
    const values = Object.entries(metadata).map(([name, value]) => [name, encodeValue(value)])
    const header = { cameraNames, slots, chunkFrames, length: lengthOf(frames), closedCleanly, metadata: values }
    return { value: { ...header, layout: encodeLayout(frames.layout) } }
  },

  groups({ path }: { path: string }): Answer {
    using file = new File(path)
    return { value: groupsIn(file) }
  },

  async readColumns({ columns, start, stop }: { columns: number[]; start: number; stop: number }): Promise<Answer> {
    const { columns: all, readColumns } = frames as FrameFile
    const arrays = await readColumns(
      columns.map((index) => all[index]!),
      start,
      stop,
    )
    return { arrays: arrays.map(({ data }) => data) }
  },

  openFile({ path }: { path: string }): Answer {
    file = new File(path)
    return { value: file.byteSizeSync() }
  },

  kind: ({ path }: { path: string }): Answer => ({ value: opened().kindSync(path) }),
  children({ path }: { path: string }): Answer {
    using group = opened().groupSync(path)
    return { value: group.keysSync() }
  },

  attributeNames({ path }: { path: string }): Answer {
    using object = opened().getSync(path)
    return { value: object.attributes.keysSync() }
  },

  attribute({ path, name }: { path: string; name: string }): Answer {
    using object = opened().getSync(path)
    return { value: encodeValue(object.attributes.getSync(name)) }
  },

  info({ path }: { path: string }): Answer {
    using dataset = opened().datasetSync(path)
    const details = dataset.detailsSync()
    const { type, shape, filters, storageSize } = details
    const brief = { class: type.class, size: sizeOf(type), element: elementOf(type) ?? null }
    return {
      value: {
        type: brief,
        shape,
        filters,
        storageSize,
        chunks: chunkFilters(dataset, details),
      } satisfies UntrustedInfo,
    }
  },

  async readBox({ path, start, count }: { path: string; start: number[]; count: number[] }): Promise<Answer> {
    using dataset = opened().datasetSync(path)
    const element = elementOf(dataset.type)
    if (element === undefined) throw new H5TracksError(`'${path}' changed`, { code: 'ERR_FORMAT' })
    return { arrays: [await readBox(dataset, element, start, count)] }
  },
}
