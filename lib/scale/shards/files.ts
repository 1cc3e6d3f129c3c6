/** The files that one logical dataset consists of, in their order. */
import { statSync } from 'node:fs'
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { Run, Shard } from '../../batch/log/read-run.js'

/** The files of one logical dataset, in the order of their frames: paths, or shards of a run. */
export type ShardFiles = Iterable<string | URL | Shard>

/** A file of a logical dataset. */
export interface ShardFile {
  path: string
  /** The name that its run gives it. */
  name?: string
  sha256?: string
  etag?: string
}

/**
 * The files of a list or of a sealed run; at least one. Throws ERR_INVALID_ARGUMENT, also for a run that is not sealed and for shards at
 * URLs; ERR_FORMAT for a shard that has another size than its run says.
 */
export function filesOf(given: ShardFiles | Run): ShardFile[] {
  const files = isRun(given) ? shardsOf(given) : given
  if (typeof files === 'string' || typeof (files as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function') {
    throw invalidArgument('files', files, 'a list of paths, or a run that readRun has returned')
  }
  const all = [...files].map((file) => (isShard(file) ? fileOf(file) : { path: toPath(file) }))
  if (all.length === 0) throw invalidArgument('files', [], 'a list of at least one file')
  return all
}

function isRun(given: unknown): given is Run {
  return typeof given === 'object' && given !== null && 'shards' in given && 'state' in given
}

function isShard(given: unknown): given is Shard {
  return typeof given === 'object' && given !== null && 'sha256' in given
}

function shardsOf({ name, state, shards }: Run): readonly Shard[] {
  if (state === 'sealed') return shards
  throw new H5TracksError(
    `the run ${name} is ${state}, not sealed, so its last frames may be missing; pass its shards to use those that it has`,
    { code: 'ERR_INVALID_ARGUMENT', path: name, field: 'files' },
  )
}

function fileOf(shard: Shard): ShardFile {
  const { name, bytes, sha256, etag } = shard
  if (!('path' in shard)) {
    throw invalidArgument('files', shard.url, 'files on this machine: download the shards, then pass their paths')
  }
  const { size } = statSync(shard.path)
  if (size !== bytes) {
    throw new H5TracksError(
      `${shard.path} has ${size} bytes; its run says ${show(bytes)}: it was replaced or damaged`,
      {
        code: 'ERR_FORMAT',
        path: shard.path,
      },
    )
  }
  return { path: shard.path, name, sha256, ...(etag !== undefined && { etag }) }
}
