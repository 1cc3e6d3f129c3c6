/** The places of files: what references name them, and what shows that a file is still the one that they were made for. */
import { createHash } from 'node:crypto'
import { createReadStream, realpathSync, statSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { H5TracksError } from '../../base/errors.js'
import type { ShardFile } from '../shards/files.js'

/** A file that references lead to, as they record it. */
export interface ReferencedFile {
  /** The path or URL that the references name. */
  url: string
  /** Number of frames in the files before it, and in it, by the names of the layouts. */
  firstFrame: Record<string, number>
  frames: Record<string, number>
  bytes: number
  /** Time of its last modification on this machine, ms since 1970. */
  mtime: number
  sha256?: string
  etag?: string
}

/** What {@link ReferencedFile} says of the file itself. */
export type Identity = Pick<ReferencedFile, 'bytes' | 'mtime' | 'sha256' | 'etag'>

export function identityOf({ path, sha256, etag }: ShardFile): Identity {
  const { size, mtimeMs } = statSync(path)
  return { bytes: size, mtime: mtimeMs, ...(sha256 && { sha256 }), ...(etag && { etag }) }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/**
 * The URLs of files: their absolute paths, or below `base` their paths relative to the folder that contains all of them. Throws
 * ERR_INVALID_ARGUMENT if two files would have the same.
 */
export function urlsOf(files: readonly ShardFile[], base: string | undefined): string[] {
  const paths = files.map(({ path }) => realpathSync(path))
  const root = commonFolder(paths)
  const urls = base === undefined ? paths : paths.map((path) => joined(base, relative(root, path).split(sep)))
  const twice = firstRepeated(urls)
  if (twice === undefined) return urls
  throw new H5TracksError(`${twice} occurs twice among the files`, { code: 'ERR_INVALID_ARGUMENT', field: 'files' })
}

function commonFolder(paths: readonly string[]): string {
  let root = dirname(paths[0] as string)
  while (root !== dirname(root) && !paths.every((path) => path.startsWith(`${root}${sep}`))) root = dirname(root)
  return root
}

// Clients of s3: and gs: take keys as they are; URLs of http: have percent signs.
function joined(base: string, parts: readonly string[]): string {
  const isHttp = /^https?:/i.test(base)
  return `${base.replace(/\/+$/, '')}/${parts.map((part) => (isHttp ? encodeURIComponent(part) : part)).join('/')}`
}

function firstRepeated(urls: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return urls.find((url) => seen.size === seen.add(url).size)
}
