// Opens, lists and reads a file in every way that the library offers. Plain JavaScript, for the programs that the runner starts.
import { H5TracksError } from '../../dist/index.js'

/** A damaged file may link its groups into cycles; the tour still ends. */
const MOST_OBJECTS = 400
const DEEPEST = 12
const MOST_NAMES = 100
const MOST_FRAMES = 500

/**
 * How a file is opened. Every use of the results awaits, so that they may live in another process.
 * @typedef {object} Openers
 * @property {(path: string) => any} results like readTrackingResults
 * @property {(path: string) => any} reader like TrackingReader
 * @property {(path: string) => any} file like File
 */

/**
 * The codes of the errors that occurred, sorted and unique; none if everything could be read. Throws every error that is not an
 * H5TracksError.
 * @param {string} path
 * @param {Openers} openers
 * @returns {Promise<string[]>}
 */
export async function tour(path, openers) {
  const { attempt, codes } = attempts()
  await withOpen(openers.reader, path, attempt, async (reader) => {
    await attempt(() => openers.results(path))
    await tracks(reader, attempt)
  })
  await withOpen(openers.file, path, attempt, (file) => objects(file, attempt))
  return [...codes].sort()
}

/** @typedef {(step: () => unknown) => Promise<void>} Attempt */

/** Runs steps that may fail, and collects the codes of their errors. Throws every error that is not an H5TracksError. */
export function attempts() {
  /** @type {Set<string>} */
  const codes = new Set()
  const attempt = async (/** @type {() => unknown} */ step) => {
    try {
      await step()
    } catch (error) {
      if (!(error instanceof H5TracksError) || typeof error.code !== 'string') throw error
      codes.add(error.code)
    }
  }
  return { attempt, codes }
}

/** @param {(path: string) => any} open @param {string} path @param {Attempt} attempt @param {(opened: any) => Promise<void>} use */
function withOpen(open, path, attempt, use) {
  return attempt(async () => {
    const opened = await open(path)
    try {
      await use(opened)
    } finally {
      await opened.close()
    }
  })
}

/** @param {any} reader @param {Attempt} attempt */
async function tracks(reader, attempt) {
  const start = Math.max(0, reader.length - 1)
  await attempt(() => reader.read({ start }))
  if (reader.readSync) await attempt(() => reader.readSync({ start }))
  await attempt(() => reader.trajectory(1))
  await attempt(async () => {
    let count = 0
    for await (const { tracks } of reader.frames()) if (tracks.length < 0 || ++count === MOST_FRAMES) break
  })
}

/** @param {any} file @param {Attempt} attempt */
async function objects(file, attempt) {
  let seen = 0
  const visit = async (/** @type {string} */ path, /** @type {number} */ depth) => {
    if (seen++ > MOST_OBJECTS || depth > DEEPEST) return
    const kind = await file.kind(path || '/')
    if (kind === 'external link' || kind === null) return
    await attempt(async () => {
      const names = await file.attributeNames(path || '/')
      for (const name of names.slice(0, MOST_NAMES)) await attempt(() => file.attribute(path || '/', name))
    })
    if (kind === 'dataset') await attempt(() => values(file, path, attempt))
    if (kind !== 'group') return
    const names = await file.children(path || '/')
    for (const name of names.slice(0, MOST_NAMES)) await attempt(() => visit(`${path}/${name}`, depth + 1))
  }
  await visit('', 0)
}

/** @param {any} file @param {string} path @param {Attempt} attempt */
async function values(file, path, attempt) {
  const dataset = await file.dataset(path)
  await attempt(() => dataset.read())
  const { shape } = await dataset.info()
  const start = (shape ?? []).map((/** @type {number} */ length) => Math.max(0, length - 1))
  await attempt(() =>
    dataset.read(
      start,
      start.map(() => 1),
    ),
  )
}
