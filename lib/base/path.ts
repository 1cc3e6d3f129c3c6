/** Paths of files that callers pass. */
import { fileURLToPath } from 'node:url'
import { invalidArgument } from './errors.js'

/** Returns a path or file: URL as a path. Throws ERR_INVALID_ARGUMENT for anything else. */
export function toPath(path: unknown): string {
  const name = path instanceof URL && path.protocol === 'file:' ? fileURLToPath(path) : path
  if (typeof name === 'string' && name !== '' && !name.includes('\0')) return name
  throw invalidArgument('path', path, 'a non-empty string without NUL, or a file: URL')
}
