/** `checkReferences`: finds files that changed after references to them were written. */

import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { type ReferencedFile, sha256Of } from './places.js'

export interface CheckReferencesOptions {
  /** Read the files and compare their SHA-256, where it is recorded, even if size and time are those that were recorded. Default: false. */
  contents?: boolean
  /** Headers of the requests for files at http: and https: URLs. */
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

/** A file that is not the one that the references were made for. */
export interface ReferenceProblem {
  url: string
  problem: string
}

export interface ReferencesCheck {
  /** Number of files that the references lead to. */
  files: number
  problems: ReferenceProblem[]
  /** URLs that cannot be checked from here, such as those of s3:. */
  unchecked: string[]
}

/**
 * Compares the files that references lead to with what `writeReferences` recorded of them: size and time of modification of files, size
 * and entity tag of objects at http: and https: URLs. Readers of references do not notice a file that was replaced.
 *
 * Rejects with ERR_FORMAT for a file that `writeReferences` did not write, and with system errors for one that cannot be read.
 */
export async function checkReferences(
  references: string | URL,
  options: CheckReferencesOptions = {},
): Promise<ReferencesCheck> {
  checkOptions('checkReferences', options, ['contents', 'headers', 'signal'])
  const { contents = false, signal } = options
  if (typeof contents !== 'boolean') throw invalidArgument('contents', contents, 'true or false')
  const files = await recordedIn(toPath(references))
  const check: ReferencesCheck = { files: files.length, problems: [], unchecked: [] }
  for (const file of files) {
    signal?.throwIfAborted()
    const { url } = file
    if (/^https?:/i.test(url)) {
      const problem = await problemAt(file, options)
      if (problem !== null) check.problems.push({ url, problem })
    } else if (/^[a-z][a-z0-9+.-]+:\/\//i.test(url) && !url.startsWith('file:')) check.unchecked.push(url)
    else {
      const problem = await problemOf(url.startsWith('file:') ? fileURLToPath(url) : url, file, contents)
      if (problem !== null) check.problems.push({ url, problem })
    }
  }
  return check
}

async function problemOf(path: string, file: ReferencedFile, contents: boolean): Promise<string | null> {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 'the file is missing'
  if (found.size !== file.bytes) return `the file has ${found.size} bytes instead of ${file.bytes}`
  const touched = found.mtimeMs !== file.mtime
  if (file.sha256 !== undefined && (touched || contents)) {
    return (await sha256Of(path)) === file.sha256 ? null : 'the file has other contents (SHA-256)'
  }
  if (!touched) return null
  return `the file was modified at ${new Date(found.mtimeMs).toISOString()}, after the references were written`
}

async function problemAt(file: ReferencedFile, { headers, signal }: CheckReferencesOptions): Promise<string | null> {
  let reply: Response
  try {
    reply = await fetch(file.url, { method: 'HEAD', ...(headers && { headers }), ...(signal && { signal }) })
  } catch (error) {
    signal?.throwIfAborted()
    return `no reply: ${String((error as Error).cause ?? error)}`
  }
  if (!reply.ok) return `the server answers ${reply.status}`
  const bytes = Number(reply.headers.get('content-length') ?? Number.NaN)
  if (bytes !== file.bytes) return `the object has ${bytes} bytes instead of ${file.bytes}`
  const etag = reply.headers.get('etag')?.replace(/^W\//, '').replaceAll('"', '')
  if (file.etag === undefined || etag === undefined || etag === file.etag) return null
  return `the object has the entity tag ${etag} instead of ${file.etag}`
}

const piece = 2 ** 16

/** The list of files is the last line, so that the references before it need not be read. */
async function recordedIn(path: string): Promise<ReferencedFile[]> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    let text = ''
    for (let wanted = piece; ; wanted *= 4) {
      const start = Math.max(0, size - wanted)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
      text = buffer.toString('utf8', 0, bytesRead)
      const at = text.lastIndexOf(lastLine)
      if (at !== -1) return parsed(text.slice(at + lastLine.length), path)
      if (start === 0) throw notOurs(path)
    }
  } finally {
    await file.close()
  }
}

const lastLine = '\n},\n"h5tracks":'

function parsed(text: string, path: string): ReferencedFile[] {
  let record: { version?: number; files?: ReferencedFile[] }
  try {
    record = JSON.parse(text.replace(/\}\s*$/, ''))
  } catch {
    throw notOurs(path)
  }
  if (record.version === 1 && Array.isArray(record.files)) return record.files
  throw notOurs(path)
}

function notOurs(path: string): H5TracksError {
  return new H5TracksError(`${path} has no list of files, as writeReferences of h5tracks writes it at the end`, {
    code: 'ERR_FORMAT',
    path,
  })
}
