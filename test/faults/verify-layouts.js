// Compares what a killed program had promised with what it left, for files of random layouts: by `check`, and by h5py.
import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import * as h5tracks from 'h5tracks'
import { Content } from '../support/frames/content.js'

/**
 * @typedef {import('./verify.js').Promised} Promised
 * @typedef {import('./verify.js').Verdict} Verdict
 */

/**
 * Recovers the file and checks all of it.
 * @param {Pick<Promised, 'path' | 'seed' | 'least' | 'most' | 'made'>} promised
 * @param {import('../support/frames/oracle.js').ColumnOracle} oracle
 * @returns {Promise<Verdict>}
 */
export async function verifyLayouts({ path, seed, least, most, made = true }, oracle) {
  try {
    const { frames } = await h5tracks.recover(path)
    if (frames < least) return { failing: 'lost', text: `recover counts ${frames} frames of ${least}` }
    if (frames > most) return { failing: 'wrong', text: `recover counts ${frames} frames, ${most} were there at most` }
    const { rows, wrong } = await oracle.ask(path, new Content(seed).columns(0, frames))
    if (wrong !== undefined) return { failing: 'wrong', text: `h5py: ${wrong}` }
    if (rows !== frames) return { failing: 'wrong', text: `h5py sees ${rows} frames, recover ${frames}` }
    const { findings } = await h5tracks.check(path)
    if (findings.length > 0) return { failing: 'wrong', text: `check: ${findings.map(({ text }) => text).join('; ')}` }
  } catch (error) {
    const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
    // The writer died before its constructor returned: it has promised nothing.
    if (!made && code !== undefined) return undefined
    return { failing: 'unreadable', text: `${code}: ${message}` }
  }
  const others = readdirSync(dirname(path)).filter((name) => name !== basename(path))
  return others.length > 0 ? { failing: 'wrong', text: `left behind: ${others.join(', ')}` } : undefined
}
