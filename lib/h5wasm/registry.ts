import { H5TracksError } from '../errors.js'
import type { File } from '../hdf5/index.js'

// Weak: a file that nobody holds any more is closed when it is collected.
const files = new Map<bigint, WeakRef<File>>()
// Where h5wasm's ids of files begin.
let next = 0x100000000000000n

/** An id for an open file, as h5wasm's `file_id`. */
export function register(file: File): bigint {
  const id = next++
  files.set(id, new WeakRef(file))
  return id
}

export function unregister(id: bigint): void {
  files.delete(id)
}

export function fileOf(id: bigint): File {
  const file = files.get(id)?.deref()
  if (file) return file
  throw new H5TracksError(`no open file has the id ${id}`, { code: 'ERR_CLOSED' })
}
