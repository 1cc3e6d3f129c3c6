import { join } from 'node:path'
import { H5TracksError, TrackingWriter } from 'h5tracks'
import { Refusal } from './refusal.mjs'

const known = ['rig', 'cameras', 'maxFish', 'metadata']
/** The limit of cameras times fish: 64 x 64 need 160 MB while writing, and one rig must not exhaust the memory. */
const mostCells = 4096

/**
 * Opens the file of the rig that a header describes: a new file, or the one of an earlier connection, recovered if necessary.
 * The name comes from the network, so only plain file names are accepted.
 *
 * @param {string} directory
 * @param {unknown} header
 * @param {{ chunkFrames: number }} options
 * @returns {Promise<TrackingWriter>}
 */
export async function openRigFile(directory, header, options) {
  if (typeof header !== 'object' || header === null) throw invalid('must be an object', header)
  for (const name of Object.keys(header)) {
    if (!known.includes(name)) throw invalid(`has ${known.join(', ')} and nothing else`, name)
  }
  const { rig, cameras, maxFish = 9, metadata = {} } = /** @type {Record<string, any>} */ (header)
  if (typeof rig !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(rig)) {
    throw invalid("needs a rig of 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first", rig)
  }
  if (!Array.isArray(cameras)) throw invalid('needs a list of cameras', cameras)
  if (Math.max(1, cameras.length) * maxFish > mostCells) {
    throw invalid(`may ask for ${mostCells} cameras x maxFish`, `${cameras.length} x ${maxFish}`)
  }
  const path = join(directory, `${rig}.h5`)
  try {
    return new TrackingWriter(path, cameras, { maxFish, metadata, ...options })
  } catch (error) {
    if (!has(error, ['EEXIST', 'ERR_NEEDS_RECOVERY'])) throw error
  }
  try {
    return await TrackingWriter.resume(path, { cameraNames: cameras, maxFish })
  } catch (error) {
    if (!has(error, ['ERR_LOCKED', 'ERR_NOT_HDF5', 'ERR_FORMAT', 'ERR_JOURNAL'])) throw error
    const { message } = /** @type {Error} */ (error)
    throw new Refusal('EEXIST', `there is a file of rig ${JSON.stringify(rig)} already, left as it is: ${message}`)
  }
}

/**
 * @param {unknown} error
 * @param {string[]} codes
 */
const has = (error, codes) => error instanceof H5TracksError && codes.includes(error.code)

/**
 * @param {string} allowed
 * @param {unknown} given
 */
function invalid(allowed, given) {
  return new Refusal('ERR_INVALID_HEADER', `the header ${allowed}; got ${JSON.stringify(given)}`)
}
