/** What the reading process can be asked for. Runs there, and trusts the requests; the file is what it does not trust. */
import { readAll } from '../hdf5/dataset.js'
import { File } from '../hdf5/file.js'
import type { DatasetInfo, TypedArray } from '../native.js'
import { openTrackingFile, type TrackingFile } from '../tracking/open.js'
import { encodeValue } from './values.js'

interface Answer {
  value?: unknown
  /** Sent behind the value, byte for byte. */
  arrays?: readonly TypedArray[]
}

let file: File | undefined
let tracking: TrackingFile | undefined

const opened = (): File => file as File

export const operations = {
  openTracking({ path }: { path: string }): Answer {
    tracking = openTrackingFile(path)
    const { cameraNames, maxFish, chunkFrames, metadata, columns } = tracking
    const values = Object.entries(metadata).map(([name, value]) => [name, encodeValue(value)])
    const length = columns[0]?.dataset.info().shape?.[0] ?? 0
    return { value: { cameraNames, maxFish, chunkFrames, length, metadata: values } }
  },

  async readColumns({ columns, start, stop }: { columns: number[]; start: number; stop: number }): Promise<Answer> {
    const { columns: all, readColumns } = tracking as TrackingFile
    const arrays = await readColumns(
      columns.map((index) => all[index]!),
      start,
      stop,
    )
    return { arrays: arrays.map(({ data }) => data) }
  },

  openFile({ path }: { path: string }): Answer {
    file = new File(path)
    return { value: file.size() }
  },

  kind: ({ path }: { path: string }): Answer => ({ value: opened().kind(path) }),
  children: ({ path }: { path: string }): Answer => ({ value: opened().children(path) }),
  attributeNames: ({ path }: { path: string }): Answer => ({ value: opened().attributeNames(path) }),
  attribute: ({ path, name }: { path: string; name: string }): Answer => ({
    value: encodeValue(opened().attribute(path, name)),
  }),

  info({ path }: { path: string }): Answer {
    const dataset = opened().dataset(path)
    const info: DatasetInfo = dataset.info()
    dataset.close()
    return { value: info }
  },

  async readBox({ path, start, count }: { path: string; start: number[]; count: number[] }): Promise<Answer> {
    const dataset = opened().dataset(path)
    const [box] = await readAll([dataset.request(start, count)])
    dataset.close()
    return { arrays: [box!.data] }
  },
}
