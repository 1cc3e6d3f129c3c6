/** Writes a copy of a file that is read well from an object store. */
import { randomBytes } from 'node:crypto'
import { realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { checkOptions, H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { processTag, removeAbandoned } from '../../base/process-tag.js'
import { copyOwnerAndMode, takeName } from '../../base/replace-file.js'
import { nameOf } from '../../frames/file/choose.js'
import { refuseInUse } from '../../frames/file/in-use.js'
import { type OpenLayouts, openLayouts } from '../../frames/file/open-layouts.js'
import { isPlain } from '../../frames/file/stored-type.js'
import type { ColumnArray } from '../../frames/file/window-source.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { File } from '../../hdf5/objects/file.js'
import { native } from '../../native/native.js'
import { call } from '../../native/operation.js'
import { type Block, inTimeOrder, type Part, partOf } from './blocks.js'
import { indexBytes } from './head.js'
import { type PublishTarget, putWhole, storeObject } from './target.js'

/** Options of {@link publish}. */
export interface PublishOptions {
  /**
   * Number of frames of a block. Default: so many that a block takes about 1 MiB, and at most 16 MiB once it is decoded. It is a
   * multiple of the chunk length of the file.
   */
  chunkFrames?: number
  /** Aborts between two blocks; the target stays as it was. */
  signal?: AbortSignal
}

/** What {@link publish} wrote. */
export interface PublishReport {
  /** The path of the copy, or its URL in a store. */
  path: string
  /** Its size, bytes. */
  bytes: number
  /** Size of the metadata at its beginning, bytes: all that a reader needs besides the frames. */
  headBytes: number
  layouts: readonly { name: string; frames: number; chunkFrames: number; blocks: number }[]
}

/**
 * Writes a copy of a file with frames that is read well from an object store, where each request takes long and delivers much: all
 * metadata come first, and then one block of frames after the other in the order of time. All columns of a block are adjacent, so that
 * one request fetches it. The copy is an ordinary HDF5 file with the same objects, attributes and values; only the sizes of chunks
 * differ.
 *
 * It replaces a file when it is complete and on the disk; what a process that was killed left of it is removed by the next call. Into a store it is put whole, after it was written to the folder for temporary
 * files. Rejects with the errors of `new FrameReader`, with ERR_UNSUPPORTED for a file with objects that cannot be copied, with system
 * errors (ENOSPC), and with those of the store.
 *
 * ```ts
 * const { bytes, headBytes } = await publish('run.h5', 'run.published.h5')
 * ```
 * @param source a closed file of any layouts
 * @param target a path, also that of the source; `s3://bucket/prefix/name.h5`; or a store with a key
 */
export async function publish(
  source: string | URL,
  target: PublishTarget,
  options: PublishOptions = {},
): Promise<PublishReport> {
  checkOptions('publish', options, ['chunkFrames', 'signal'])
  const object = storeObject(target)
  if (!object) return publishFile(source, target as string | URL, options)
  const report = await putWhole(object, (path) => publishFile(source, path, options))
  const location = object.store.locate(object.key)
  return { ...report, path: 'path' in location ? location.path : location.url }
}

async function publishFile(
  source: string | URL,
  target: string | URL,
  options: PublishOptions,
): Promise<PublishReport> {
  const path = toPath(target)
  options.signal?.throwIfAborted()
  const opened = openLayouts(source)
  try {
    const parts = opened.layouts.map((layout) => partOf(layout, options.chunkFrames))
    native.refuseJournal(path)
    const real = realPath(path)
    const mark = `${real}.publishing-`
    removeAbandoned(dirname(real), basename(mark), (path) => !isInUse(path))
    const temporary = `${mark}${processTag()}-${randomBytes(4).toString('hex')}`
    try {
      const headBytes = await write(opened, parts, temporary, options.signal)
      copyOwnerAndMode(opened.file.filename, temporary)
      takeName(temporary, real)
      return { path, bytes: statSync(real).size, headBytes, layouts: parts.map(described) }
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  } finally {
    await opened.file.close()
  }
}

function described({ source, frames, chunkFrames }: Part) {
  return { name: nameOf(source.layout.root), frames, chunkFrames, blocks: Math.ceil(frames / chunkFrames) }
}

/** Whether another process writes a file: its id may be one of another container on this host. */
function isInUse(path: string): boolean {
  try {
    refuseInUse(path)
    return false
  } catch {
    return true
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  }
}

/** Writes the copy. Returns the size of its metadata. */
async function write(
  { file }: OpenLayouts,
  parts: readonly Part[],
  path: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const emptied = parts.flatMap(({ columns, chunkFrames }) => columns.map(({ path }) => [path, chunkFrames] as const))
  const { image, lost } = await file.later(call('file.skeleton', file.handle, emptied))
  if (lost.length > 0) {
    const message = `${file.filename} cannot be published, because some of it cannot be copied: ${lost.join('; ')}`
    throw new H5TracksError(message, { code: 'ERR_UNSUPPORTED', path: file.filename })
  }
  let room = indexBytes(parts)
  for (;;) {
    signal?.throwIfAborted()
    // Only the owner may read the file until it is complete.
    writeFileSync(path, new Uint8Array(image), { mode: 0o600, flag: 'w' })
    const raw = await fill(path, parts, room, signal)
    const head = image.byteLength + room
    if (raw === 0 || statSync(path).size <= head + raw) return Math.min(head, statSync(path).size)
    // HDF5 needed more room, and put a part of the indexes between chunks.
    room *= 2
  }
}

/** Writes all blocks. Returns the size of their chunks in the file. */
async function fill(path: string, parts: readonly Part[], room: number, signal?: AbortSignal): Promise<number> {
  const options = { metadataBlock: room, cache: { bytes: 0, slots: 521, preemption: 1 } }
  const file = new File({ native: native.openFileSync(path, 'r+', options), filename: path }, 'r+', {})
  try {
    const datasets = new Map(
      parts.map((part): [Part, Dataset[]] => {
        return [part, part.columns.map((column) => file.datasetSync(column.path))]
      }),
    )
    for (const [{ columns, frames }, all] of datasets) {
      for (const [at, dataset] of all.entries()) dataset.resizeSync([frames, ...(columns[at]?.rowShape ?? [])])
    }
    for await (const { block, columns } of read(inTimeOrder(parts), signal)) {
      for (const [at, dataset] of (datasets.get(block.part) ?? []).entries()) {
        await put(dataset, block, at, columns[at] as ColumnArray)
      }
    }
    return [...datasets.values()].flat().reduce((sum, dataset) => sum + dataset.detailsSync().storageSize, 0)
  } finally {
    await file.close()
  }
}

/** Reads one block after the other, the next one while the caller uses the one before. */
async function* read(blocks: readonly Block[], signal?: AbortSignal) {
  const begin = (at: number) => {
    const block = blocks[at]
    const columns = block?.part.source.readColumns(block.part.columns, block.start, block.stop)
    columns?.catch(() => undefined)
    return columns
  }
  let next = begin(0)
  for (const [at, block] of blocks.entries()) {
    signal?.throwIfAborted()
    const columns = (await next) ?? []
    next = begin(at + 1)
    yield { block, columns }
  }
}

/** Stores one column of a block. */
async function put(dataset: Dataset, { part, start, stop }: Block, at: number, { data }: ColumnArray): Promise<void> {
  const field = part.columns[at]?.field
  const plain = field !== undefined && isPlain(field)
  const values = plain ? data : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  await dataset.write(values, [{ start, stop }], { raw: !plain })
  // HDF5 would keep the chunk in memory until the next one is written, if it encodes the chunk itself.
  await dataset.flush()
}
