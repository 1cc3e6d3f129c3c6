/** h5wasm's names and numbers of HDF5's format version bounds. */
import { invalidArgument } from '../../base/errors.js'
import type { LibraryVersion } from '../../hdf5/index.js'
import { versions } from '../../native/versions.js'

/** Format version bounds: the versions of HDF5 that may be needed to read new objects. */
export const LIBVER_BOUNDS_MAP = {
  earliest: 'H5F_LIBVER_EARLIEST',
  v108: 'H5F_LIBVER_V18',
  v110: 'H5F_LIBVER_V110',
  v112: 'H5F_LIBVER_V112',
  v114: 'H5F_LIBVER_V114',
  v200: 'H5F_LIBVER_V200',
  latest: 'H5F_LIBVER_LATEST',
} as const

export type LIBVER_BOUND = keyof typeof LIBVER_BOUNDS_MAP
export type LIBVER_BOUNDS = LIBVER_BOUND | [LIBVER_BOUND, LIBVER_BOUND]

// The release of HDF5 that introduced each bound.
const releases = { v108: [1, 8], v110: [1, 10], v112: [1, 12], v114: [1, 14], v200: [2, 0] } as const
const [major = 0, minor = 0] = versions.hdf5.running.split('.').map(Number)
const known = Object.entries(releases)
  .filter(([, [a, b]]) => a < major || (a === major && b <= minor))
  .map(([name]) => name)

/** HDF5's numbers of the bounds. `H5F_LIBVER_LATEST` is that of the HDF5 in use. */
export const LIBVER_NUMBERS = {
  H5F_LIBVER_EARLIEST: 0,
  H5F_LIBVER_V18: 1,
  H5F_LIBVER_V110: 2,
  H5F_LIBVER_V112: 3,
  H5F_LIBVER_V114: 4,
  H5F_LIBVER_V200: 5,
  H5F_LIBVER_LATEST: known.length,
} as const

/** The name of a bound by its HDF5 number. Throws ERR_INVALID_ARGUMENT for an unknown number. */
export function convertToLibverString(value: number): LIBVER_BOUND {
  const names = Object.entries(LIBVER_BOUNDS_MAP) as [LIBVER_BOUND, keyof typeof LIBVER_NUMBERS][]
  const found = names.find(([, constant]) => LIBVER_NUMBERS[constant] === value)
  if (found) return found[0]
  throw invalidArgument('value', value, `the number of a bound, 0 to ${LIBVER_NUMBERS.H5F_LIBVER_V200}`)
}

export const numberOfBound = (bound: LibraryVersion): number => LIBVER_NUMBERS[LIBVER_BOUNDS_MAP[bound]]

/** The name of a bound; for 'latest', that of the HDF5 in use. */
export function nameOfBound(bound: LibraryVersion): LIBVER_BOUND {
  return bound === 'latest' ? convertToLibverString(LIBVER_NUMBERS.H5F_LIBVER_LATEST) : bound
}

/** Checks the bounds. The default of the lower one is that of h5wasm (and HDF5 2.0): it allows attributes of any size. */
export function bounds(libver: LIBVER_BOUNDS = ['v108', 'latest']): [LibraryVersion, LibraryVersion] {
  const asked = typeof libver === 'string' ? [libver, libver] : libver
  const [low, high] = asked.map((bound) => {
    const name = String(bound).trim().toLowerCase()
    if (name === 'earliest' || name === 'latest' || known.includes(name)) return name as LibraryVersion
    throw invalidArgument(
      'libver',
      bound,
      `one of earliest, ${known.join(', ')}, latest (this is HDF5 ${major}.${minor})`,
    )
  })
  return [low!, high!]
}
