/** References to the chunks of a dataset in one file. */
import { deflateSync, inflateSync } from 'node:zlib'
import { H5TracksError } from '../../base/errors.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { StorageInfo } from '../../hdf5/objects/dataset-info.js'
import type { ChunkInfo } from '../../native/native.js'
import { type Codecs, chunkShapeOf, codecsOf } from './array.js'

/** Where a chunk is: `[url, offset, length]`, or its bytes. */
export type ChunkReference = [offset: number, length: number] | Buffer

/**
 * Yields the index of each chunk and where it is. Throws ERR_FORMAT if a chunk is not stored, because its fill values would be read as
 * missing values or not at all.
 */
export async function* chunkReferences(
  dataset: Dataset,
  info: StorageInfo,
): AsyncGenerator<{ at: number[]; place: ChunkReference }> {
  const { path, file } = dataset
  const shape = info.shape as number[]
  if (shape.includes(0)) return
  const whole = shape.map(() => 0)
  if (info.layout === 'compact') {
    const { data } = await dataset.read(null, { raw: true })
    yield { at: whole, place: Buffer.from(data as Uint8Array) }
  } else if (info.layout === 'contiguous') {
    if (info.external.length > 0) throw notHere(dataset, 'lie in other files (external storage)')
    if (info.offset === null) throw notHere(dataset, 'are not stored')
    yield { at: whole, place: [info.offset, info.storageSize] }
  } else if (info.layout === 'chunked') {
    const chunks = chunkShapeOf(info)
    const stored = await dataset.storedChunks()
    const expected = shape.reduce((all, extent, axis) => all * Math.ceil(extent / (chunks[axis] as number)), 1)
    if (stored.length !== expected)
      throw notHere(dataset, `are not all stored (${stored.length} of ${expected} chunks)`)
    const codecs = codecsOf(`${path} of ${file.filename}`, info.filters, info.type)
    for (const chunk of stored) {
      const at = chunk.offset.map((start, axis) => start / (chunks[axis] as number))
      const place = await placeOf(dataset, info, codecs, chunk)
      yield { at, place }
    }
  } else throw notHere(dataset, 'lie in other files (a virtual dataset)')
}

function notHere({ path, file }: Dataset, why: string): H5TracksError {
  return new H5TracksError(`the values of ${path} of ${file.filename} ${why}; h5tracks check says what is missing`, {
    code: 'ERR_FORMAT',
    path: file.filename,
  })
}

// A Zarr array has one chain of codecs for all chunks. A chunk that skips some of HDF5's filters is encoded with all of them and
// becomes a part of the references.
async function placeOf(
  dataset: Dataset,
  { filters }: StorageInfo,
  { shuffled, compressor, trailer }: Codecs,
  { offset, address, size, filterMask }: ChunkInfo,
): Promise<ChunkReference> {
  if (filterMask === 0) return [address, size - trailer]
  const stored = await dataset.readChunk(offset)
  const used = filters.filter((_, i) => ((filterMask >> i) & 1) === 0).map(({ id }) => id)
  let bytes: Uint8Array = stored?.data ?? new Uint8Array(0)
  if (used.includes(3)) bytes = bytes.subarray(0, -4)
  if (used.includes(1)) bytes = inflateSync(bytes)
  if (shuffled !== null && !used.includes(2)) bytes = shuffle(bytes, shuffled)
  return compressor ? deflateSync(bytes, { level: 6 }) : Buffer.from(bytes)
}

/** HDF5's shuffle: the first bytes of all elements, then the second ones, and so on. */
function shuffle(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.length / size)
  const planes = new Uint8Array(bytes)
  for (let element = 0, from = 0; element < count; element++) {
    for (let byte = 0; byte < size; byte++) planes[byte * count + element] = bytes[from++] as number
  }
  return planes
}
