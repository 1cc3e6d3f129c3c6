import { inspect } from 'node:util'

/** One entry of HDF5's error stack. */
export interface Hdf5ErrorEntry {
  /** The C function that failed, e.g. `H5F_open`. */
  readonly function: string
  /** What kind of thing failed, e.g. `File accessibility`. */
  readonly major: string
  /** What went wrong, e.g. `Unable to open file`. */
  readonly minor: string
  /** HDF5's own sentence about it. */
  readonly text: string
}

/** What an error knows beside its message. */
export interface H5TracksErrorFields {
  /** See {@link H5TracksError.code}. */
  code: string
  errno?: number
  syscall?: string
  path?: string
  hdf5?: readonly Hdf5ErrorEntry[]
  frame?: number | bigint
  fish?: number
  camera?: string
  field?: string
}

/**
 * Every error of this package. Branch on `code`, which is stable; the message is for people.
 *
 * | code | meaning |
 * |---|---|
 * | `ERR_INVALID_ARGUMENT` | an argument or option; the message says which, what was given and what is allowed |
 * | `ERR_CLOSED` | the writer, reader or file was used after it was closed |
 * | `ERR_INVALID_TRACK` | frame refused: a field of a track has the wrong type, or the tracks are not iterable |
 * | `ERR_OUT_OF_RANGE` | frame refused: a number that the file cannot hold, or that means nothing there; an index beyond a dataset |
 * | `ERR_DUPLICATE_FISH` | frame refused: a fish occurs twice in it |
 * | `ERR_TOO_MANY_FISH` | frame refused: more fish than `maxFish` |
 * | `ERR_UNKNOWN_CAMERA` | frame refused: a camera that is not one of the file's, or that has no model; also when reading one |
 * | `ERR_FRAME_ORDER` | frame refused: its index is not above that of the frame before |
 * | `ERR_FORMAT` | an HDF5 file, but not what was asked for: names the dataset, what was expected and what was found |
 * | `ERR_NOT_HDF5` | not an HDF5 file, or a truncated one |
 * | `ERR_LOCKED` | the file is being written, or is in use by a reader and cannot be written |
 * | `ERR_TOO_LARGE` | a chunk of 4 GiB or more, a size that the file cannot hold, an attribute of 64 KiB in an object of the oldest format |
 * | `ERR_LIMIT` | untrusted reading: it took more than `limits` allow; `field` is `limits.bytes` or `limits.seconds` |
 * | `ERR_CRASHED` | untrusted reading: the process that read the file died of it, or was taken over by it |
 * | `ERR_NOT_CLOSED` | the file's writer died and its journal is missing, or (any HDF5 file) it is marked as open for writing; `acceptLoss: true` opens it |
 * | `ERR_NEEDS_RECOVERY` | the file's writer died; `recover` or `TrackingWriter.resume` puts its last frames into it |
 * | `ERR_JOURNAL` | the journal beside the file is damaged, or of another run |
 * | `ERR_NOT_FOUND` | `h5tracks/hdf5`: no such object, link or attribute |
 * | `ERR_EXISTS` | `h5tracks/hdf5`: there is an object, link or attribute of that name already |
 * | `ERR_READ_ONLY` | `h5tracks/hdf5`: the file was opened for reading |
 * | `ERR_UNSUPPORTED` | `h5tracks/hdf5`: something that this package, or the HDF5 that it was built with, does not do |
 * | `ERR_UNSUPPORTED_TYPE` | `h5tracks/hdf5`: a type that values cannot be converted to or from |
 * | `ERR_UNSUPPORTED_FILTER` | `h5tracks/hdf5`: a filter that is not in this build; `loadFilterPlugins` may bring it |
 * | `ERR_UNSUPPORTED` | what cannot be done here; the message says what to do instead |
 * | `ERR_DAMAGED` | `h5tracks/hdf5`: an object or attribute is there and cannot be opened; the message names it, `verify()` lists all |
 * | `ERR_HDF5` | HDF5 refused; `hdf5` has its error stack |
 * | `ERR_NO_ADDON` | on import: there is no native addon for this machine, or it does not load; the message says how to get it |
 *
 * Errors of the operating system keep their names: `ENOENT`, `EEXIST`, `EACCES`, `EISDIR`, `ENOSPC` …
 */
export class H5TracksError extends Error {
  /** Stable name of what went wrong; see the table above. */
  declare readonly code: string
  /** The system's error number, where the operating system refused. */
  declare readonly errno?: number
  /** The system call that refused. */
  declare readonly syscall?: string
  /** The file that it is about. */
  declare readonly path?: string
  /** HDF5's error stack, outermost function first, where HDF5 refused. */
  declare readonly hdf5?: readonly Hdf5ErrorEntry[]
  /** Index of the refused frame. */
  declare readonly frame?: number | bigint
  /** Id of the fish that the frame was refused for. */
  declare readonly fish?: number
  /** The camera that it is about. */
  declare readonly camera?: string
  /** The field of the track, or the option or argument, that it is about. */
  declare readonly field?: string

  constructor(message: string, fields: H5TracksErrorFields) {
    super(message)
    Object.assign(this, fields)
  }

  override get name(): string {
    return 'H5TracksError'
  }
}

/** A value as it is shown in messages: short, and telling `'1'` from `1` from `1n`. */
export function show(value: unknown): string {
  return inspect(value, {
    depth: 0,
    compact: true,
    breakLength: Number.POSITIVE_INFINITY,
    maxStringLength: 80,
    maxArrayLength: 6,
  })
}

/** The error for an argument or option that is not what is allowed. */
export function invalidArgument(name: string, given: unknown, allowed: string): H5TracksError {
  return new H5TracksError(`${name} must be ${allowed}; got ${show(given)}`, {
    code: 'ERR_INVALID_ARGUMENT',
    field: name,
  })
}

/** `value` when it is an integer number from `min` to `max`; throws ERR_INVALID_ARGUMENT otherwise. */
export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw invalidArgument(name, value, `an integer from ${min} to ${max}`)
}

/** Throws ERR_INVALID_ARGUMENT for an option that is not among `known`, so that a misspelt one is not overlooked. */
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
