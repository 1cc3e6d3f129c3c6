// What a file contains, asked by the promised methods only. Plain JavaScript, so that the programs that tests start can import it.
import { Dataset, Group, H5TracksError } from 'h5tracks/hdf5'

/** @typedef {import('h5tracks/hdf5').File} File */

/** What an attempt gave: a value, or the code of the error. @param {() => Promise<unknown>} attempt */
export async function outcome(attempt) {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof H5TracksError) return error.code
    throw error
  }
}

/**
 * Objects, attributes, types, values and parts of values, by path.
 * @param {File} file
 * @returns {Promise<Record<string, unknown>>}
 */
export async function contents(file) {
  /** @type {Record<string, unknown>} */
  const found = {}
  const seen = new Set()
  const visit = async (/** @type {import('h5tracks/hdf5').AnyObject} */ object, /** @type {string} */ path) => {
    const { token, ...info } = await object.info()
    found[path] = info
    if (seen.has(token)) return
    seen.add(token)
    found[`${path} attributes`] = await outcome(async () => {
      for (const name of await object.attributes.keys()) {
        found[`${path} @${name}`] = await outcome(() => object.attributes.get(name))
      }
    })
    if (object instanceof Dataset) await values(object, path)
    if (!(object instanceof Group)) return
    const links = await outcome(() => object.links())
    found[`${path} links`] = links
    if (!Array.isArray(links)) return
    for (const { name, type } of links) {
      if (type !== 'hard') continue
      found[`${path}/${name} opened`] = await outcome(async () => {
        const child = await object.get(name)
        await visit(child, `${path}/${name}`)
        child.close()
      })
    }
  }
  const values = async (/** @type {Dataset} */ dataset, /** @type {string} */ path) => {
    found[`${path} details`] = await outcome(() => dataset.details())
    found[`${path} values`] = await outcome(() => dataset.read())
    const shape = /** @type {number[] | null | string} */ (await outcome(() => dataset.shape()))
    if (!Array.isArray(shape) || shape.length === 0 || shape.includes(0)) return
    const selection = shape.map((length) => ({ start: length >> 1, stop: (length >> 1) + 1 }))
    found[`${path} middle`] = await outcome(() => dataset.read(selection))
  }
  await visit(file, '')
  return found
}
