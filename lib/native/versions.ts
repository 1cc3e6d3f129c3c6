import { createRequire } from 'node:module'
import { native } from './native.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** What runs: this package, the HDF5 library in it, and what encodes its chunks. */
export const versions = Object.freeze({
  /** Version of this package. */
  h5tracks: version,
  /** The HDF5 library. */
  hdf5: Object.freeze({
    /** Version of the headers that the addon was built with. */
    built: native.versions.hdf5Built,
    /** Version of the library that runs. */
    running: native.versions.hdf5Running,
    /** `'static'`: part of the addon. `'shared'`: the system's. */
    linked: native.versions.linked,
    /** Names of the filters that can be read here. */
    filters: Object.freeze([...native.versions.filters]) as readonly string[],
    /** Names of those among them that datasets can be made and written with. */
    writableFilters: Object.freeze([...native.versions.writableFilters]) as readonly string[],
  }),
  /** The library that decodes chunks, and encodes them where a level is asked for, with its version. */
  codec: native.versions.codec,
})
