/** The package apache-arrow, an optional peer. */
import { H5TracksError } from '../../base/errors.js'

export type Arrow = typeof import('apache-arrow')

/** Loads the package. Rejects with ERR_UNSUPPORTED if it is not installed. */
export async function loadArrow(): Promise<Arrow> {
  try {
    return await import('apache-arrow')
  } catch (error) {
    const why = 'writing Arrow needs the package apache-arrow: npm install apache-arrow'
    throw Object.assign(new H5TracksError(why, { code: 'ERR_UNSUPPORTED' }), { cause: error })
  }
}
