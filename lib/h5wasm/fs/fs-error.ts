/** Errors of `FS`. */
import { H5TracksError } from '../../base/errors.js'

// Error numbers of WASI, which Emscripten uses.
const numbers: Readonly<Record<string, number>> = {
  E2BIG: 1,
  EACCES: 2,
  EAGAIN: 6,
  EBADF: 8,
  EBUSY: 10,
  EEXIST: 20,
  EFBIG: 22,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ELOOP: 32,
  EMFILE: 33,
  EMLINK: 34,
  ENAMETOOLONG: 37,
  ENFILE: 41,
  ENOENT: 44,
  ENOMEM: 48,
  ENOSPC: 51,
  ENOSYS: 52,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  ENOTSUP: 58,
  EPERM: 63,
  EPIPE: 64,
  EROFS: 69,
  ESPIPE: 70,
  ETXTBSY: 74,
  EXDEV: 75,
}

/** An error of `FS`: Node's `code` and message, with Emscripten's `errno` (44 is ENOENT). */
export class ErrnoError extends H5TracksError {
  constructor(error: NodeJS.ErrnoException & { code: string }) {
    const { message, code, syscall, path } = error
    const errno = numbers[code] ?? 29
    super(message, { code, errno, ...(syscall !== undefined && { syscall }), ...(path !== undefined && { path }) })
    this.cause = error
  }

  override get name(): string {
    return 'ErrnoError'
  }
}

/** Wraps a function so that it throws {@link ErrnoError} instead of the errors of `node:fs`. */
export function withErrno<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return call(...args)
    } catch (error) {
      if (isSystemError(error)) throw new ErrnoError(error)
      throw error
    }
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) return false
  return typeof error.code === 'string' && typeof error.errno === 'number' && !(error instanceof H5TracksError)
}

/** Makes a function for a call that Node's file system cannot offer. It throws ERR_UNSUPPORTED and says what to do instead. */
export function refused(name: string, instead: string): () => never {
  return () => {
    const message = `FS.${name} is not supported: FS is Node's file system, which ${instead}`
    throw new H5TracksError(message, { code: 'ERR_UNSUPPORTED' })
  }
}
