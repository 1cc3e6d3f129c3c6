/** Sums up how the datasets of a tracking file are stored. */
import { stat } from 'node:fs/promises'
import { File } from '../../hdf5/objects/file.js'
import { sizeOf } from '../../hdf5/values/type-spec.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { UntrustedFile } from './untrusted-file.js'

export interface Storage {
  /** Bytes of all values, uncompressed. */
  rawBytes: number
  /** Bytes of all values as stored. */
  storedBytes: number
  /** Bytes of the whole file. */
  fileBytes: number
  /** rawBytes / storedBytes; null if nothing is stored. */
  ratio: number | null
  /** Filter pipelines, such as 'shuffle, deflate 4', with the number of datasets that have each; the most frequent first. */
  compression: { filters: string; datasets: number }[]
}

/** The sizes of a file's datasets. Does not read their values. */
export async function readStorage(path: string, untrusted: boolean): Promise<Storage> {
  const { size: fileBytes } = await stat(path)
  await using file = untrusted ? await UntrustedFile.open(path) : new File(path)
  let rawBytes = 0
  let storedBytes = 0
  const pipelines = new Map<string, number>()
  for await (const dataset of datasets(file, trackingLayout.root)) {
    const { shape, bytes, storageSize, filters } = await detailsOf(file, dataset)
    rawBytes += (shape ?? [0]).reduce((product, n) => product * n, bytes)
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

type Listed = File | UntrustedFile

/** The datasets of a group and of its subgroups. Not deeper: in a damaged file, groups may link to each other in circles. */
async function* datasets(file: Listed, group: string): AsyncGenerator<string> {
  for (const name of await namesIn(file, group)) {
    const path = `${group}/${name}`
    const kind = await file.kind(path)
    if (kind === 'dataset') yield path
    else if (kind === 'group' && group === trackingLayout.root) yield* datasets(file, path)
  }
}

async function namesIn(file: Listed, path: string): Promise<string[]> {
  if (file instanceof UntrustedFile) return file.children(path)
  using group = await file.group(path)
  return await group.keys()
}

async function detailsOf(file: Listed, path: string) {
  if (file instanceof UntrustedFile) {
    const { type, ...info } = await file.dataset(path).info()
    return { ...info, bytes: type.size }
  }
  using dataset = await file.dataset(path)
  return { ...(await dataset.details()), bytes: sizeOf(dataset.type) }
}
