// The file after a kill when the journal is lost as well: frames may be missing, but nothing reports the file as whole, and the
// remaining frames are those that were written.
import { existsSync, rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import * as h5tracks from 'h5tracks'
import { frameOf } from './programs/content.js'
import { plain } from './verify.js'

/** @typedef {import('./verify.js').Promised} Promised @typedef {import('./verify.js').Verdict} Verdict */

/** @param {Promised} promised @returns {Promise<Verdict>} */
export async function verifyWithoutJournal(promised) {
  const { path, least } = promised
  rmSync(`${path}.journal`, { force: true })
  if (!existsSync(path)) return least > 0 ? { failing: 'lost', text: 'there is no file' } : undefined
  const refused = errorOf(() => new h5tracks.TrackingReader(path).close())
  if (refused === undefined) return await whole(promised)
  const isExplained = refused.code === 'ERR_NOT_CLOSED' || /\.journal/.test(refused.message)
  if (least > 0 && !isExplained)
    return { failing: 'unreadable', text: `the reader says ${refused.code}: ${refused.message}` }
  const resumed = errorOf(() => h5tracks.TrackingWriter.resumeSync(path).closeSync())
  if (resumed === undefined) return { failing: 'wrong', text: 'resume continues as if nothing had happened' }
  const findings = await h5tracks.check(path).then(
    ({ findings }) => findings,
    (error) => [error],
  )
  if (findings.length === 0) return { failing: 'wrong', text: 'check finds nothing' }
  return await salvaged(promised)
}

/** @param {Promised} promised @returns {Promise<Verdict>} */
async function whole(promised) {
  const { frames, wrong } = await prefixOf(promised, {})
  if (wrong !== undefined) return { failing: 'wrong', text: wrong }
  const { least, before } = promised
  if (frames < least && frames !== before?.frames) {
    return { failing: 'lost', text: `the reader gives ${frames} frames of ${least} without an error` }
  }
  return undefined
}

/** @param {Promised} promised @returns {Promise<Verdict>} */
async function salvaged(promised) {
  const { path } = promised
  const seen = await prefixOf(promised, { acceptLoss: true })
  if (seen.wrong !== undefined) return { failing: 'wrong', text: `acceptLoss: ${seen.wrong}` }
  try {
    const report = await h5tracks.recover(path, { acceptLoss: true })
    if (report.action !== 'salvaged') return { failing: 'wrong', text: `recover says ${report.action}` }
    const { frames, wrong } = await prefixOf(promised, {})
    if (wrong !== undefined) return { failing: 'wrong', text: `salvaged: ${wrong}` }
    if (frames !== report.frames) return { failing: 'wrong', text: `salvaged ${report.frames} frames, read ${frames}` }
    const codes = (await h5tracks.check(path)).findings.map(({ code }) => code)
    if (codes.join() !== 'frames-lost') return { failing: 'wrong', text: `salvaged, check finds ${codes.join()}` }
  } catch (error) {
    const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
    if (code === undefined) return { failing: 'unreadable', text: message }
  }
  return undefined
}

/**
 * The number of the seed's first frames that the reader gives, or what is wrong with them.
 * @param {Promised} promised @param {{ acceptLoss?: boolean }} options
 */
async function prefixOf({ path, seed, most, before }, options) {
  let frames = 0
  let of = seed
  try {
    const reader = new h5tracks.TrackingReader(path, options)
    for await (const frame of reader.frames()) {
      if (frames === 0 && before && Number(frame.frameIndex) === frameOf(before.seed, 0).frameIndex) of = before.seed
      if (!isDeepStrictEqual(plain(frame), plain(frameOf(of, frames))))
        return { frames, wrong: `frame ${frames} differs` }
      frames++
    }
    reader.close()
  } catch (error) {
    const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
    // A chunk that the index lists and that cannot be read may end the reading with an error.
    if (code === undefined || !options.acceptLoss) return { frames, wrong: `${code}: ${message}` }
  }
  return { frames, wrong: of === seed && frames > most ? `${frames} frames, ${most} were there at most` : undefined }
}

/** @param {() => void} action @returns {{ code?: string, message: string } | undefined} */
function errorOf(action) {
  try {
    action()
    return undefined
  } catch (error) {
    return /** @type {{ code?: string, message: string }} */ (error)
  }
}
