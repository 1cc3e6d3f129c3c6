/** Writes references, file by file. */
import { H5TracksError } from '../../base/errors.js'
import { nameOf } from '../../frames/file/choose.js'
import { lossesAttribute, markedIn } from '../../frames/file/marks.js'
import { type OpenLayouts, openLayouts } from '../../frames/file/open-layouts.js'
import type { StorageInfo } from '../../hdf5/objects/dataset-info.js'
import type { File } from '../../hdf5/objects/file.js'
import { versions } from '../../native/versions.js'
import type { OpenShard, Shard } from '../shards/survey.js'
import { chunkShapeOf } from './array.js'
import { type ChunkReference, chunkReferences } from './chunks.js'
import { objectOf, quoted, type TextFile } from './json.js'
import { describeAll, type LeftOut } from './metadata.js'
import type { Identity, ReferencedFile } from './places.js'

/** Writes the references of one file after the other, then the metadata of all. */
export class ReferenceWriter {
  references = 0
  readonly inlined = { chunks: 0, bytes: 0 }
  readonly #text: TextFile
  #first = true
  /** By the paths of datasets: number of rows so far, and the file that ends inside a chunk. */
  readonly #rows = new Map<string, { rows: number; odd?: string }>()

  constructor(text: TextFile) {
    this.#text = text
    text.write('{"version":1,"refs":{')
  }

  async add({ file, layouts, storage }: OpenShard, shard: Shard, url: string): Promise<void> {
    refuseUserBlock(file)
    const name = quoted(url)
    for (const [i, { columns }] of layouts.entries()) {
      const frames = shard.layouts[i]?.frames ?? 0
      if (frames === 0) continue
      for (const { dataset, path } of columns) {
        const info = storage.get(path) as StorageInfo
        const step = chunkShapeOf(info)[0] as number
        const before = this.#rows.get(path) ?? { rows: 0 }
        if (before.odd !== undefined || before.rows % step !== 0)
          throw endsInsideChunk(before.odd ?? shard.path, path, step)
        for await (const { at, place } of chunkReferences(dataset, info)) {
          const [row, ...others] = at as [number, ...number[]]
          this.#write(`${path.slice(1)}/${[before.rows / step + row, ...others].join('.')}`, place, name)
          if (Buffer.isBuffer(place) && info.layout === 'chunked') {
            this.inlined.chunks++
            this.inlined.bytes += place.length
          }
        }
        this.#rows.set(path, {
          rows: before.rows + frames,
          // A dataset without chunks is one chunk, whose size another file must not change.
          ...((frames % step !== 0 || info.chunks === null) && { odd: shard.path }),
        })
      }
    }
  }

  /** Writes the metadata and the list of files. Returns what could not be described. */
  async finish(shards: readonly Shard[], urls: readonly string[], identities: readonly Identity[]): Promise<LeftOut[]> {
    const [first] = shards as [Shard]
    const opened = openLayouts(first.path)
    try {
      const { metadata, values, leftOut } = await describeAll(opened, totalsOf(opened, shards))
      for (const [key, value] of values) this.#write(key, value, quoted(urls[0] as string))
      for (const [key, value] of metadata) this.#line(key, quoted(value))
      const all = [...metadata].map(([key, value]) => `${quoted(key)}:${value}`).join(',')
      this.#line('.zmetadata', quoted(`{"zarr_consolidated_format":1,"metadata":{${all}}}`))
      this.#text.write(`\n},\n"h5tracks":${objectOf({ version: 1, files: filesOfAll(shards, urls, identities) })}}\n`)
      return leftOut
    } finally {
      opened.file.closeSync()
    }
  }

  #write(key: string, place: ChunkReference, url: string): void {
    if (Buffer.isBuffer(place)) {
      this.#line(key, `"base64:${place.toString('base64')}"`)
      return
    }
    this.#line(key, `[${url},${place[0]},${place[1]}]`)
    this.references++
  }

  #line(key: string, value: string): void {
    this.#text.write(`${this.#first ? '' : ','}\n${quoted(key)}:${value}`)
    this.#first = false
  }
}

/** Stock HDF5 of some releases leaves the user block out of the addresses of chunks. */
function refuseUserBlock(file: File): void {
  if (versions.hdf5.linked === 'static' || file.creationSync().userblock === 0) return
  throw new H5TracksError(
    `${file.filename} has a user block, with which the addresses of chunks are not reliable in the system's HDF5; use h5tracks with ` +
      'the HDF5 that it bundles, or remove the user block with h5jam or h5repack',
    { code: 'ERR_UNSUPPORTED', path: file.filename },
  )
}

function endsInsideChunk(file: string, path: string, step: number): H5TracksError {
  return new H5TracksError(
    `${file} is followed by another file but does not end at a chunk boundary of ${path} (${step} rows), so that its chunks cannot be ` +
      'read in place; join the files with concat',
    { code: 'ERR_FORMAT', path: file },
  )
}

function totalsOf({ file, layouts }: OpenLayouts, shards: readonly Shard[]) {
  const rows = new Map<string, number>()
  const attributes = new Map<string, Record<string, unknown>>()
  for (const [i, { layout }] of layouts.entries()) {
    rows.set(
      layout.root,
      shards.reduce((sum, { layouts }) => sum + (layouts[i]?.frames ?? 0), 0),
    )
    const tally = shards.reduce((sum, { layouts }) => sum + (layouts[i]?.tally ?? 0), 0)
    if (layout.format.tally && tally > 0) attributes.set(layout.root, { [layout.format.tally]: tally })
  }
  const losses = shards.flatMap(({ losses }) => losses)
  const marked = markedIn(file)
  if (losses.length > 0 && marked !== null) {
    attributes.set(marked, { ...attributes.get(marked), [lossesAttribute]: losses })
  }
  return { rows, attributes }
}

function filesOfAll(
  shards: readonly Shard[],
  urls: readonly string[],
  identities: readonly Identity[],
): ReferencedFile[] {
  const before = new Map<string, number>()
  return shards.map(({ layouts }, i) => {
    const byName = (count: (root: string, frames: number) => number) =>
      Object.fromEntries(layouts.map(({ root, frames }) => [nameOf(root), count(root, frames)]))
    const firstFrame = byName((root) => before.get(root) ?? 0)
    for (const { root, frames } of layouts) before.set(root, (before.get(root) ?? 0) + frames)
    return { url: urls[i] as string, firstFrame, frames: byName((_, frames) => frames), ...(identities[i] as Identity) }
  })
}
