/** Emscripten's calls for open files, on top of `node:fs`. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, type Stats, writeSync } from 'node:fs'
import { ErrnoError, withErrno } from './fs-error.js'

/** An open file, as `FS.open` returns it. */
export interface FSStream {
  /** The file descriptor. */
  readonly fd: number
  readonly path: string
  /** Byte offset at which the next `read` or `write` without a position begins. */
  position: number
}

const open = new Map<number, FSStream>()

const bytesOf = (of: ArrayBufferView) => new Uint8Array(of.buffer, of.byteOffset, of.byteLength)
const sizeOf = (fd: number) => fstatSync(fd).size

function checked(stream: FSStream | number): FSStream {
  const found = open.get(typeof stream === 'number' ? stream : stream.fd)
  if (found && (typeof stream === 'number' || found === stream)) return found
  const message = 'EBADF: the stream is not open'
  throw new ErrnoError(Object.assign(new Error(message), { code: 'EBADF' }))
}

/** Emscripten's calls for open files. Without `position`, a call begins where the last one ended. */
export const streams = {
  /** Opens a file. `flags` are Node's: `'r'`, `'r+'`, `'w'`, `'a'` and so on, or a number. */
  open: withErrno((path: string, flags: string | number = 'r', mode?: number): FSStream => {
    const stream = { fd: openSync(path, flags, mode), path, position: 0 }
    open.set(stream.fd, stream)
    return stream
  }),

  close: withErrno((stream: FSStream): void => {
    const { fd } = checked(stream)
    open.delete(fd)
    closeSync(fd)
  }),

  /** Returns the number of bytes read; 0 at the end of the file. */
  read: withErrno(
    (stream: FSStream, buffer: ArrayBufferView, offset: number, length: number, position?: number): number => {
      const count = readSync(checked(stream).fd, bytesOf(buffer), offset, length, position ?? stream.position)
      if (position === undefined) stream.position += count
      return count
    },
  ),

  write: withErrno(
    (stream: FSStream, buffer: ArrayBufferView, offset: number, length: number, position?: number): number => {
      const count = writeSync(checked(stream).fd, bytesOf(buffer), offset, length, position ?? stream.position)
      if (position === undefined) stream.position += count
      return count
    },
  ),

  /** Moves the position. `whence`: 0 from the start, 1 from the current position, 2 from the end. */
  llseek: withErrno((stream: FSStream, offset: number, whence: number): number => {
    const from = [0, checked(stream).position, sizeOf(stream.fd)][whence]
    if (from === undefined || from + offset < 0) {
      throw new ErrnoError(
        Object.assign(
          new Error('EINVAL: the position would be before the start of the file, or whence is not 0, 1 or 2'),
          { code: 'EINVAL' },
        ),
      )
    }
    stream.position = from + offset
    return stream.position
  }),

  fstat: withErrno((fd: number): Stats => fstatSync(checked(fd).fd)),

  ftruncate: withErrno((fd: number, length: number): void => ftruncateSync(checked(fd).fd, length)),
}
