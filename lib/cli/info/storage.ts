import { stat } from 'node:fs/promises'
import { File } from '../../hdf5/file.js'

export interface Storage {
  /** Bytes of all values, uncompressed. */
  rawBytes: number
  /** Bytes of all values as stored. */
  storedBytes: number
  /** Bytes of the whole file. */
  fileBytes: number
  /** rawBytes / storedBytes; null while nothing is stored. */
  ratio: number | null
  /** How datasets are filtered, such as 'shuffle, deflate 4', and how many are so; the most frequent first. */
  compression: { filters: string; datasets: number }[]
}

/** The sizes of a file's datasets, without reading them. */
export async function readStorage(path: string): Promise<Storage> {
  const { size: fileBytes } = await stat(path)
  using file = new File(path)
  let rawBytes = 0
  let storedBytes = 0
  const pipelines = new Map<string, number>()
  for (const dataset of datasets(file, '/tracking')) {
    const { shape, type, storageSize, filters } = file.dataset(dataset).info()
    rawBytes += (shape ?? [0]).reduce((product, n) => product * n, type.size)
    storedBytes += storageSize
    const pipeline = filters
      .map(({ name, options }) => (name === 'deflate' ? `deflate ${options[0]}` : name))
      .join(', ')
    pipelines.set(pipeline || 'none', (pipelines.get(pipeline || 'none') ?? 0) + 1)
  }
  return {
    rawBytes,
    storedBytes,
    fileBytes,
    ratio: storedBytes === 0 ? null : rawBytes / storedBytes,
    compression: [...pipelines]
      .map(([filters, count]) => ({ filters, datasets: count }))
      .sort((a, b) => b.datasets - a.datasets),
  }
}

function* datasets(file: File, group: string): Generator<string> {
  for (const name of file.children(group)) {
    const path = `${group}/${name}`
    const kind = file.kind(path)
    if (kind === 'dataset') yield path
    else if (kind === 'group') yield* datasets(file, path)
  }
}
