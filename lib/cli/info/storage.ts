/** Sums up how datasets are stored. */
import { stat } from 'node:fs/promises'
import { chunkFilters } from '../../hdf5/objects/chunk-filters.js'
import { File } from '../../hdf5/objects/file.js'
import { sizeOf } from '../../hdf5/values/type-spec.js'
import { count } from '../shared/terminal.js'
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
  /** Each dataset, by its path in the group. */
  datasets: Record<string, DatasetStorage>
}

/** How one dataset is stored. */
export interface DatasetStorage {
  rawBytes: number
  storedBytes: number
  /** rawBytes / storedBytes; null if nothing is stored. */
  ratio: number | null
  /** The filters, such as 'shuffle, deflate 4'; 'none' without any. */
  filters: string
  /** Number of stored chunks; null if the dataset is not chunked. */
  chunks: number | null
  /** The number of these chunks that skip a filter of the dataset, by the filter's name. */
  skipped: Record<string, number>
}

/** The sizes of the datasets in a group and its subgroups. Does not read their values. */
export async function readStorage(path: string, untrusted: boolean, root: string): Promise<Storage> {
  return (await readDatasets(path, untrusted, root)).total
}

/** The same, also by dataset. `only`: the paths of the datasets, if not all of them. */
export async function readDatasets(
  path: string,
  untrusted: boolean,
  root: string,
  only?: readonly string[],
): Promise<{ total: Storage; each: Map<string, DatasetStorage> }> {
  const { size: fileBytes } = await stat(path)
  await using file = untrusted ? await UntrustedFile.open(path) : new File(path)
  const each = new Map<string, DatasetStorage>()
  for await (const dataset of only ?? datasets(file, root, root)) each.set(dataset, await storageOf(file, dataset))
  return { total: totalOf(each, fileBytes, root), each }
}

async function storageOf(file: Listed, dataset: string): Promise<DatasetStorage> {
  const { shape, bytes, storageSize, filters, chunks } = await detailsOf(file, dataset)
  const pipeline = filters.map(({ name, options }) => (name === 'deflate' ? `deflate ${options[0]}` : name)).join(', ')
  const rawBytes = (shape ?? [0]).reduce((product, n) => product * n, bytes)
  const skipped: Record<string, number> = {}
  for (const [i, { name }] of filters.entries()) if (chunks.skipped[i]) skipped[name] = chunks.skipped[i]
  return {
    ...{ rawBytes, storedBytes: storageSize, ratio: ratioOf(rawBytes, storageSize) },
    ...{ filters: pipeline || 'none', chunks: chunks.chunks, skipped },
  }
}

/** 'shuffle, deflate 1; 3 of 52 chunks without shuffle'. */
export function filtersText({ filters, chunks, skipped }: DatasetStorage): string {
  const without = Object.entries(skipped).map(([name, n]) => `${n} of ${count(chunks ?? 0, 'chunk')} without ${name}`)
  return [filters, ...without].join('; ')
}

const ratioOf = (rawBytes: number, storedBytes: number) => (storedBytes === 0 ? null : rawBytes / storedBytes)

function totalOf(each: ReadonlyMap<string, DatasetStorage>, fileBytes: number, root: string): Storage {
  const datasets = [...each.values()]
  const sum = (of: (dataset: DatasetStorage) => number) => datasets.reduce((all, dataset) => all + of(dataset), 0)
  const [rawBytes, storedBytes] = [sum(({ rawBytes }) => rawBytes), sum(({ storedBytes }) => storedBytes)]
  const pipelines = new Map<string, number>()
  for (const { filters } of datasets) pipelines.set(filters, (pipelines.get(filters) ?? 0) + 1)
  return {
    rawBytes,
    storedBytes,
    fileBytes,
    ratio: ratioOf(rawBytes, storedBytes),
    compression: [...pipelines]
      .map(([filters, count]) => ({ filters, datasets: count }))
      .sort((a, b) => b.datasets - a.datasets),
    datasets: Object.fromEntries([...each].map(([path, storage]) => [path.slice(root.length + 1), storage])),
  }
}

type Listed = File | UntrustedFile

/** The datasets of a group and of its subgroups. Not deeper: in a damaged file, groups may link to each other in circles. */
async function* datasets(file: Listed, group: string, root: string): AsyncGenerator<string> {
  for (const name of await namesIn(file, group)) {
    const path = `${group}/${name}`
    const kind = await file.kind(path)
    if (kind === 'dataset') yield path
    else if (kind === 'group' && group === root) yield* datasets(file, path, root)
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
  const details = await dataset.details()
  return { ...details, chunks: chunkFilters(dataset, details), bytes: sizeOf(dataset.type) }
}
