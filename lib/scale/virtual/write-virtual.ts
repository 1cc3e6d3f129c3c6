/** `writeVirtual`: a file whose datasets show the rows of several files, which stay where they are. */
import { H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { Run } from '../../batch/log/read-run.js'
import { nameOf } from '../../frames/file/choose.js'
import { escaped, folderOf, sourceName } from '../../frames/sources/source-names.js'
import { File } from '../../hdf5/objects/file.js'
import { resolveSelection } from '../../hdf5/values/selection.js'
import { filesOf, type ShardFiles } from '../shards/files.js'
import { checkJoinOptions, type JoinOptions } from '../shards/options.js'
import { NewFile } from '../shards/output.js'
import { addHistory, type VirtualCopy, writeSkeleton } from '../shards/skeleton.js'
import { type OpenShard, type Shard, survey } from '../shards/survey.js'

// Readers keep every source open. Beyond the limit of open files, HDF5 reads fill values without an error.
const mostSources = 100

/** What {@link writeVirtual} wrote. */
export interface VirtualReport {
  path: string
  files: number
  layouts: { name: string; frames: number }[]
}

/**
 * Writes a file of virtual datasets, which show the frames of up to 100 files, in the order given, or of a sealed run, as one dataset. No
 * values are copied: the files must stay, unchanged. h5py, h5dump and other programs with HDF5 1.10 or later read it as any file; a source
 * that they cannot open reads as fill values, without an error, so call `checkVirtual` before. The attributes, dimension scales and all other
 * objects are those of the first file.
 *
 * Sources are named by their paths relative to the folder of `out`, which is where HDF5 looks for them (after the folder that the
 * environment variable HDF5_VDS_PREFIX names): move them together. The new file is written as `<out>.partial` and takes its name when it
 * is complete.
 *
 * Rejects with ERR_INVALID_ARGUMENT for more than 100 files; ERR_FORMAT for a file that differs from the first one (see `concat`) or stores
 * a dataset in another type; ERR_FRAME_ORDER if the frame indices do not go on; EEXIST; ERR_LOCKED, ERR_NEEDS_RECOVERY and
 * ERR_NOT_CLOSED for a file that is being written or was not closed; and system errors.
 */
export async function writeVirtual(
  files: ShardFiles | Run,
  out: string | URL,
  options: JoinOptions = {},
): Promise<VirtualReport> {
  const { overwrite, ...checking } = checkJoinOptions('writeVirtual', options)
  const paths = filesOf(files).map(({ path }) => path)
  if (paths.length > mostSources) throw tooMany(paths.length)
  const path = toPath(out)
  const output = new NewFile(path, paths, overwrite)
  const columns = new ColumnSources(folderOf(path))
  const shards = await survey(paths, checking, (opened, shard) => columns.add(opened, shard))
  try {
    await writeSkeleton(output.partial, shards, columns.copies())
    const file = await File.open(output.partial, 'r+')
    try {
      addHistory(file, shards)
    } finally {
      await file.close()
    }
    output.settle()
    return { path, files: paths.length, layouts: layoutsOf(shards) }
  } catch (error) {
    output.giveUp()
    throw error
  }
}

function tooMany(count: number): H5TracksError {
  return new H5TracksError(
    `a virtual dataset of ${count} files would read as fill values beyond the limit of open files; at most ${mostSources} files can be ` +
      'shown: use concat to join them, or writeReferences to read them in place',
    { code: 'ERR_INVALID_ARGUMENT', field: 'files' },
  )
}

/** Collects the parts of which each dataset consists. */
class ColumnSources {
  readonly #folder: string
  readonly #columns = new Map<string, { type: string; rowShape: readonly number[]; parts: Part[] }>()
  #first: string | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  add({ layouts, storage }: OpenShard, { path, layouts: rows }: Shard): void {
    this.#first ??= path
    const file = sourceName(this.#folder, path)
    for (const [i, { columns }] of layouts.entries()) {
      const frames = rows[i]?.frames ?? 0
      for (const { path: dataset, rowShape } of columns) {
        const type = JSON.stringify(storage.get(dataset)?.type)
        const column = this.#columns.get(dataset) ?? { type, rowShape, parts: [] }
        this.#columns.set(dataset, column)
        if (type !== column.type) throw this.#otherType(path, dataset, column.type, type)
        if (frames > 0) column.parts.push({ file, frames })
      }
    }
  }

  /** The virtual datasets. Without rows there is nothing to show. */
  copies(): VirtualCopy[] {
    return [...this.#columns].flatMap(([path, { rowShape, parts }]) => {
      const shape = [parts.reduce((all, { frames }) => all + frames, 0), ...rowShape]
      let start = 0
      const sources = parts.map(({ file, frames }) => {
        const at = resolveSelection([{ start, stop: start + frames }], shape).native
        start += frames
        return { file, path: escaped(path), sourceShape: [frames, ...rowShape], source: null, at }
      })
      return sources.length > 0 ? [{ path, shape, sources }] : []
    })
  }

  #otherType(path: string, dataset: string, wanted: string, found: string): H5TracksError {
    const message = `${path} does not continue ${this.#first}: the type of ${dataset}: ${wanted} in the first file, ${found} in this one; concat converts it`
    return new H5TracksError(message, { code: 'ERR_FORMAT', path })
  }
}

interface Part {
  file: string
  frames: number
}

function layoutsOf(shards: readonly Shard[]): { name: string; frames: number }[] {
  const [first] = shards as [Shard]
  return first.layouts.map(({ root }, i) => {
    return { name: nameOf(root), frames: shards.reduce((all, { layouts }) => all + (layouts[i]?.frames ?? 0), 0) }
  })
}
