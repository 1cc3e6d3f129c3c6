import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT } from './process.js'

/** The path of the addon that the library loads. */
export const ADDON = process.env.H5TRACKS_ADDON ?? join(ROOT, 'build/Release/h5tracks.node')

/** The addon itself, for what the library does not show. */
export const native = createRequire(import.meta.url)(ADDON) as {
  /** Number of open HDF5 identifiers. */
  identifiers(): number
}
