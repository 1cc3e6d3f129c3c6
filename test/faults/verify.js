// Compares what a killed program had promised with what it left: by our reader, by `check`, and by h5py.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as h5tracks from 'h5tracks'
import { CAMERAS, frameOf, MAX_FISH } from './programs/content.js'

/**
 * @typedef {'lost' | 'unreadable' | 'wrong' | 'misbehaved'} Failing misbehaved: the fault is in the program, not in the file
 * @typedef {{ failing: Failing, text: string } | undefined} Verdict undefined: every promise was kept
 *
 * @typedef {object} Promised
 * @property {string} path of the only file that its directory may have in the end
 * @property {number} seed
 * @property {number} least frames that the file must have
 * @property {number} most frames that the file may have: the first frames of the seed
 * @property {boolean} [made] false: the only promise is an error with a code, and that the path can be used again
 * @property {{ seed: number, frames: number } | undefined} [before] the old content of the path, until a new file takes its place
 * @property {boolean} [powerLost] frames that were not durable may be lost, and the file then records the loss
 */

/**
 * Recovers the file and checks all of it.
 * @param {Promised} promised
 * @param {import('./oracle.js').Oracle} oracle
 * @returns {Promise<Verdict>}
 */
export async function verify(promised, oracle) {
  const { path, least, made = true, before } = promised
  try {
    await recovered(promised)
    const seen = await read(promised)
    await sameInH5py(promised, seen, oracle)
    if (made) await checked(promised)
    expectNoOtherFiles(path)
  } catch (error) {
    if (error instanceof Failure) return { failing: error.failing, text: error.message }
    const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
    if (made || least > 0 || before || code === undefined) return { failing: 'unreadable', text: `${code}: ${message}` }
    return usable(path)
  }
  return undefined
}

class Failure extends Error {
  /** @param {Failing} failing @param {string} text */
  constructor(failing, text) {
    super(text)
    this.failing = failing
  }
}

/** @param {Promised} promised */
async function recovered({ path, least, most, before }) {
  const { frames } = await h5tracks.recover(path)
  if (before?.frames === frames) return
  if (frames < least) throw new Failure('lost', `recover counts ${frames} frames of ${least}`)
  if (frames > most) throw new Failure('wrong', `recover counts ${frames} frames, ${most} were there at most`)
}

/**
 * Compares the frames of our reader with those that the writer was given.
 * @param {Promised} promised
 * @returns {Promise<{ seed: number, frames: number }>} the content of the file
 */
async function read({ path, seed, least, most, before }) {
  const reader = new h5tracks.TrackingReader(path)
  try {
    const { length: frames } = reader
    let place = 0
    let of = seed
    for await (const frame of reader.frames()) {
      if (place === 0 && before && Number(frame.frameIndex) === frameOf(before.seed, 0).frameIndex) of = before.seed
      const expected = plain(frameOf(of, place))
      if (!isDeepStrictEqual(plain(frame), expected)) throw new Failure('wrong', `frame ${place} differs in our reader`)
      place++
    }
    if (place !== frames) throw new Failure('wrong', `${frames} frames, but the reader gave ${place}`)
    const [atLeast, atMost] = before && of === before.seed ? [before.frames, before.frames] : [least, most]
    if (frames < atLeast) throw new Failure('lost', `${frames} frames of ${atLeast}`)
    if (frames > atMost) throw new Failure('wrong', `${frames} frames, ${atMost} were there at most`)
    return { seed: of, frames }
  } finally {
    reader.close()
  }
}

/** @param {Promised} promised @param {{ seed: number, frames: number }} seen @param {import('./oracle.js').Oracle} oracle */
async function sameInH5py({ path }, { seed, frames }, oracle) {
  const { rows, wrong } = await oracle.ask(path, seed, frames)
  if (wrong !== undefined) throw new Failure('wrong', `h5py: ${wrong}`)
  if (rows !== frames) throw new Failure('wrong', `h5py sees ${rows} frames, our reader ${frames}`)
}

/** @param {Promised} promised */
async function checked({ path, powerLost = false }) {
  const all = (await h5tracks.check(path)).findings
  const findings = all.filter(({ code }) => !(powerLost && code === 'frames-lost'))
  if (findings.length > 0) throw new Failure('wrong', `check: ${findings.map(({ text }) => text).join('; ')}`)
}

/** @param {string} path */
function expectNoOtherFiles(path) {
  const others = readdirSync(dirname(path)).filter((name) => name !== basename(path))
  if (others.length > 0) throw new Failure('wrong', `left behind: ${others.join(', ')}`)
}

/** Checks that a path without a file can still be written. @param {string} path @returns {Verdict} */
function usable(path) {
  try {
    const options = { maxFish: MAX_FISH, overwrite: true, discardJournal: true }
    new h5tracks.TrackingWriter(path, CAMERAS, options).closeSync()
    expectNoOtherFiles(path)
    return existsSync(path) ? undefined : { failing: 'wrong', text: 'a writer was closed and there is no file' }
  } catch (error) {
    return { failing: 'wrong', text: `cannot be written anew: ${/** @type {Error} */ (error).message}` }
  }
}

/** A frame as plain values, so that frames of any origin can be compared. @param {{ frameIndex: number | bigint, tracks: Iterable<h5tracks.TrackRecord> }} frame */
export function plain({ frameIndex, tracks }) {
  return {
    frameIndex: Number(frameIndex),
    tracks: [...tracks].map((fish) => ({
      ...fish,
      centroid3d: fish.centroid3d && Array.from(fish.centroid3d),
      cameraDetections: { ...fish.cameraDetections },
      bboxes: Object.fromEntries(Object.entries(fish.bboxes).map(([camera, box]) => [camera, Array.from(box)])),
    })),
  }
}
