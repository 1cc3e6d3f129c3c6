/** The package's error class, and checks of arguments that throw it. */
import { inspect } from 'node:util'

/** One entry of HDF5's error stack. */
export interface Hdf5ErrorEntry {
  /** The C function that failed, e.g. `H5F_open`. */
  readonly function: string
  /** HDF5's class of the error, e.g. `File accessibility`. */
  readonly major: string
  /** HDF5's kind of the error, e.g. `Unable to open file`. */
  readonly minor: string
  /** HDF5's description of the error. */
  readonly text: string
}

/** The properties of an {@link H5TracksError} other than its message; see there. */
export interface H5TracksErrorFields {
  /** See {@link H5TracksError.code}. */
  code: string
  errno?: number
  syscall?: string
  path?: string
  hdf5?: readonly Hdf5ErrorEntry[]
  frame?: number | bigint
  fish?: number
  key?: number
  camera?: string
  field?: string
}

/**
 * The error class of this package. Branch on `code`, which is stable; the message is for people and may change.
 *
 * | code | meaning |
 * |---|---|
 * | `ERR_INVALID_ARGUMENT` | an argument or option is invalid; the message names it, what was given and what is allowed |
 * | `ERR_CLOSED` | the writer, reader or file was used after it was closed |
 * | `ERR_INVALID_RECORD` | frame refused: a field of a record is missing, unknown or has the wrong type |
 * | `ERR_DUPLICATE_KEY` | frame refused: a key occurs twice in it |
 * | `ERR_TOO_MANY_RECORDS` | frame refused: it has more records than slots |
 * | `ERR_INVALID_TRACK` | frame refused: a field of a track has the wrong type, or the tracks are not iterable |
 * | `ERR_OUT_OF_RANGE` | frame refused: a number is not valid, or the file cannot hold it; also an index beyond the end of a dataset |
 * | `ERR_DUPLICATE_FISH` | frame refused: a fish occurs twice in it |
 * | `ERR_TOO_MANY_FISH` | frame refused: it has more fish than `maxFish` |
 * | `ERR_UNKNOWN_CAMERA` | frame refused: a camera is not one of the file's, or has no model; also when reading such a camera |
 * | `ERR_FRAME_ORDER` | frame refused: its index is not greater than that of the frame before |
 * | `ERR_FORMAT` | an HDF5 file with other contents than expected; the message names the dataset, what was expected and what was found |
 * | `ERR_NOT_HDF5` | not an HDF5 file, or a truncated one |
 * | `ERR_LOCKED` | the file is open for writing, or it cannot be written because a reader has it open |
 * | `ERR_TOO_LARGE` | a chunk of 4 GiB or more, a size that the file cannot hold, or an attribute of 64 KiB or more in an object of the oldest format |
 * | `ERR_LIMIT` | untrusted reading exceeded a limit; `field` is `limits.bytes` or `limits.seconds`; or one call needs more of a remote file than `cache` holds |
 * | `ERR_HTTP_NOT_FOUND` | a file opened by its URL: the server has no such object |
 * | `ERR_HTTP_FORBIDDEN` | the same: the URL has expired, or the credentials do not suffice |
 * | `ERR_HTTP_UNAVAILABLE` | the same: the server cannot be reached or is busy, also when asked five times |
 * | `ERR_HTTP_TRUNCATED` | the same: answers end early, also when asked five times |
 * | `ERR_HTTP_NO_RANGES` | the same: the server sends the whole object instead of the requested range |
 * | `ERR_HTTP_RANGE` | the same: the server sends another range, or more bytes |
 * | `ERR_HTTP_STATUS` | the same: any other status |
 * | `ERR_REPLACED` | the same: the object was replaced since it was opened |
 * | `ERR_NOT_FETCHED` | the same: a blocking call needs bytes that were not fetched; use the method that returns a promise |
 * | `ERR_CRASHED` | untrusted reading: the process that read the file crashed, or the file took it over; `runPool`: the process of an attempt died |
 * | `ERR_NOT_CLOSED` | the file's writer died and its journal is missing, or (any HDF5 file) it is marked as open for writing; `acceptLoss: true` opens it |
 * | `ERR_NEEDS_RECOVERY` | the file's writer died; `recover` or `TrackingWriter.resume` restores its last frames from the journal |
 * | `ERR_JOURNAL` | the journal beside the file is damaged, or belongs to another run |
 * | `ERR_NOT_FOUND` | `h5tracks/hdf5`: no such object, link or attribute |
 * | `ERR_EXISTS` | `h5tracks/hdf5`: an object, link or attribute of that name exists already |
 * | `ERR_READ_ONLY` | `h5tracks/hdf5`: the file was opened for reading |
 * | `ERR_UNSUPPORTED` | this package, or the HDF5 that it was built with, does not support the call; the message says what to do instead |
 * | `ERR_UNSUPPORTED_TYPE` | `h5tracks/hdf5`: a type that values cannot be converted to or from |
 * | `ERR_UNSUPPORTED_FILTER` | `h5tracks/hdf5`: a filter that this build does not have; `loadFilterPlugins` can add it |
 * | `ERR_DAMAGED` | `h5tracks/hdf5`: an object or attribute exists but cannot be opened; the message names it, and `verify()` lists all |
 * | `ERR_HDF5` | an HDF5 call failed; `hdf5` holds its error stack |
 * | `ERR_FENCED` | `h5tracks/batch`: a later attempt has claimed the run; end this one |
 * | `ERR_UNSAFE_STORE` | `h5tracks/batch`: the store does not put an object only if there is none, so it cannot hold a run |
 * | `ERR_STORE` | `h5tracks/batch`: the server of a bucket refused; the message has its answer |
 * | `ERR_NO_ADDON` | on import: there is no native addon for this machine, or it does not load; the message says what to run |
 *
 * Errors of the operating system keep their names: `ENOENT`, `EEXIST`, `EACCES`, `EISDIR`, `ENOSPC` …
 */
export class H5TracksError extends Error {
  /** Stable code of the error; see the table above. */
  declare readonly code: string
  /** The error number, if a system call failed. */
  declare readonly errno?: number
  /** The system call that failed. */
  declare readonly syscall?: string
  /** The path of the file. */
  declare readonly path?: string
  /** HDF5's error stack, outermost function first, if a call of HDF5 failed. */
  declare readonly hdf5?: readonly Hdf5ErrorEntry[]
  /** Index of the refused frame. */
  declare readonly frame?: number | bigint
  /** Id of the fish because of which the frame was refused. */
  declare readonly fish?: number
  /** Key of the record because of which the frame was refused, in layouts other than that of tracking files. */
  declare readonly key?: number
  /** The camera with the invalid value. */
  declare readonly camera?: string
  /** The field of the track, the option or the argument that is invalid. */
  declare readonly field?: string

  constructor(message: string, fields: H5TracksErrorFields) {
    super(message)
    Object.assign(this, fields)
  }

  override get name(): string {
    return 'H5TracksError'
  }
}

/** Formats a value for a message: short, and different for `'1'`, `1` and `1n`. */
export function show(value: unknown): string {
  return inspect(value, {
    depth: 0,
    compact: true,
    breakLength: Number.POSITIVE_INFINITY,
    maxStringLength: 80,
    maxArrayLength: 6,
  })
}

/** The error ERR_INVALID_ARGUMENT for an argument or option. */
export function invalidArgument(name: string, given: unknown, allowed: string): H5TracksError {
  return new H5TracksError(`${name} must be ${allowed}; got ${show(given)}`, {
    code: 'ERR_INVALID_ARGUMENT',
    field: name,
  })
}

/** An error of `node:fs` as one of this package, with the same code. */
export function systemError(error: unknown): H5TracksError {
  const { message, code = 'ERR_STORE', errno, syscall, path } = error as NodeJS.ErrnoException
  const fields = { code, ...(errno !== undefined && { errno }), ...(syscall && { syscall }), ...(path && { path }) }
  return Object.assign(new H5TracksError(message, fields), { cause: error })
}

/** Returns `value` if it is an integer from `min` to `max`; else throws ERR_INVALID_ARGUMENT. */
export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw invalidArgument(name, value, `an integer from ${min} to ${max}`)
}

/** Throws ERR_INVALID_ARGUMENT for an option that is not among `known`, so that a misspelt option is not ignored. */
export function checkOptions(name: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw invalidArgument(name, options, 'an object')
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new H5TracksError(`${name} has no option ${show(key)}; there are ${known.join(', ')}`, {
        code: 'ERR_INVALID_ARGUMENT',
        field: key,
      })
    }
  }
}
