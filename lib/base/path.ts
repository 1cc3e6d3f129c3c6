import { fileURLToPath } from 'node:url'
import { invalidArgument } from './errors.js'

/** The name of a file from what a caller gives; throws ERR_INVALID_ARGUMENT for what cannot name one. */
export function toPath(path: unknown): string {
  const name = path instanceof URL && path.protocol === 'file:' ? fileURLToPath(path) : path
  if (typeof name === 'string' && name !== '' && !name.includes('\0')) return name
  throw invalidArgument('path', path, 'a non-empty string without NUL, or a file: URL')
}
