/** `writeReferences`: a file with which Zarr, xarray and dask read HDF5 files in place. */
import { checkOptions, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { Run } from '../../batch/log/read-run.js'
import { nameOf } from '../../frames/file/choose.js'
import { filesOf, type ShardFiles } from '../shards/files.js'
import { NewFile } from '../shards/output.js'
import { type Shard, survey } from '../shards/survey.js'
import { TextFile } from './json.js'
import type { LeftOut } from './metadata.js'
import { type Identity, identityOf, sha256Of, urlsOf } from './places.js'
import { ReferenceWriter } from './reference-writer.js'

export interface ReferencesOptions {
  /**
   * The URL or path of the folder in which readers find the files, e.g. `'s3://bucket/tank-7/shards'`. Default: the absolute paths of
   * the files on this machine.
   */
  base?: string
  /** Replace an existing file, once the new one is complete, instead of throwing EEXIST. Default: false. */
  overwrite?: boolean
  /** 'same': the metadata of all files must be equal. 'first': those of the first file count. Default: 'same'. */
  metadata?: 'same' | 'first'
  /** Also record the SHA-256 of every file, by which `checkReferences` knows files that were copied. Reads them all. Default: false. */
  sha256?: boolean
  /** Abort; the output stays as it was. */
  signal?: AbortSignal
  /** Is called after each file. */
  onProgress?(progress: { files: number; totalFiles: number }): void
}

/** What {@link writeReferences} wrote. */
export interface ReferencesReport {
  path: string
  files: number
  layouts: { name: string; frames: number }[]
  /** Number of references to chunks in the files. */
  references: number
  /** Chunks that skip a filter, which Zarr cannot express. They are encoded with all filters, as part of the output. */
  inlined: { chunks: number; bytes: number }
  /** Objects beside the layouts that Zarr cannot describe. */
  leftOut: LeftOut[]
}

/**
 * Writes references (kerchunk's format, version 1) to the chunks of several HDF5 files, or of a sealed run, which are read as one
 * dataset in place: `xarray.open_zarr(fsspec.get_mapper('reference://', fo='whole.json'), group='tracking', consolidated=False)`.
 *
 * All files but the last must have whole chunks, as the shards of a run do; `concat` joins others. Rejects with ERR_FORMAT for files that
 * do not continue one another (see `concat`), for a file that ends inside a chunk and for chunks that are not stored; ERR_FRAME_ORDER;
 * ERR_UNSUPPORTED_FILTER for filters other than shuffle, deflate and a final fletcher32; EEXIST; and system errors.
 */
export async function writeReferences(
  files: ShardFiles | Run,
  out: string | URL,
  options: ReferencesOptions = {},
): Promise<ReferencesReport> {
  const { base, overwrite, sha256, metadata, signal, onProgress } = checked(options)
  const all = filesOf(files)
  const path = toPath(out)
  const urls = urlsOf(all, base)
  const output = new NewFile(
    path,
    all.map(({ path }) => path),
    overwrite,
  )
  const text = new TextFile(output.partial)
  const writer = new ReferenceWriter(text)
  const identities: Identity[] = []
  try {
    const paths = all.map(({ path }) => path)
    const shards = await survey(
      paths,
      { metadata, frameOrder: 'increasing', ...(signal && { signal }) },
      async (opened, shard, at) => {
        const file = all[at] as (typeof all)[number]
        const identity = identityOf(file)
        identities.push(sha256 && !identity.sha256 ? { ...identity, sha256: await sha256Of(file.path) } : identity)
        await writer.add(opened, shard, urls[at] as string)
        onProgress?.({ files: at + 1, totalFiles: all.length })
      },
    )
    const leftOut = await writer.finish(shards, urls, identities)
    text.end()
    output.settle()
    const { references, inlined } = writer
    return { path, files: all.length, layouts: layoutsOf(shards), references, inlined, leftOut }
  } catch (error) {
    text.abandon()
    output.giveUp()
    throw error
  }
}

function checked(options: ReferencesOptions) {
  const known = ['base', 'overwrite', 'metadata', 'sha256', 'signal', 'onProgress']
  checkOptions('writeReferences', options, known)
  const { base, overwrite = false, metadata = 'same', sha256 = false, signal, onProgress } = options
  if (base !== undefined && (typeof base !== 'string' || base === '')) {
    throw invalidArgument('base', base, 'the URL or path of a folder')
  }
  if (metadata !== 'same' && metadata !== 'first') throw invalidArgument('metadata', metadata, "'same' or 'first'")
  for (const [name, value] of Object.entries({ overwrite, sha256 })) {
    if (typeof value !== 'boolean') throw invalidArgument(name, value, 'true or false')
  }
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  return { base, overwrite, metadata, sha256, signal, onProgress }
}

function layoutsOf(shards: readonly Shard[]): { name: string; frames: number }[] {
  const [first] = shards as [Shard]
  return first.layouts.map(({ root }, i) => {
    return { name: nameOf(root), frames: shards.reduce((sum, { layouts }) => sum + (layouts[i]?.frames ?? 0), 0) }
  })
}
