/** Paths of files that callers pass. */
import { fileURLToPath } from 'node:url'
import { H5TracksError, invalidArgument } from './errors.js'

/** Returns a path or file: URL as a path. Throws ERR_UNSUPPORTED for an http: URL, and ERR_INVALID_ARGUMENT for anything else. */
export function toPath(path: unknown): string {
  if (/^https?:\/\//i.test(String(path))) {
    const message =
      'this call takes a path, and got a URL; TrackingReader.open, FrameReader.open and File.open of h5tracks/hdf5 read URLs'
    throw new H5TracksError(message, { code: 'ERR_UNSUPPORTED', field: 'path' })
  }
  const name = path instanceof URL && path.protocol === 'file:' ? fileURLToPath(path) : path
  if (typeof name === 'string' && name !== '' && !name.includes('\0')) return name
  throw invalidArgument('path', path, 'a non-empty string without NUL, or a file: URL')
}
