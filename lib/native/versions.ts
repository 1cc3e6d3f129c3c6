/** The versions of the package and of its libraries. */
import { createRequire } from 'node:module'
import { native } from './native.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** The versions of this package and of the libraries that it uses. */
export const versions = Object.freeze({
  /** Version of this package. */
  h5tracks: version,
  /** The HDF5 library. */
  hdf5: Object.freeze({
    /** Version of the headers that the addon was built with. */
    built: native.versions.hdf5Built,
    /** Version of the library in use. */
    running: native.versions.hdf5Running,
    /** `'static'` if the library is part of the addon, `'shared'` if it is the system's. */
    linked: native.versions.linked,
    /** Names of the filters with which datasets can be read. */
    filters: Object.freeze([...native.versions.filters]) as readonly string[],
    /** Names of the filters with which datasets can be created and written. */
    writableFilters: Object.freeze([...native.versions.writableFilters]) as readonly string[],
  }),
  /** Name and version of the library that decodes chunks, and encodes them if a compression level is given. */
  codec: native.versions.codec,
})
