// Recovers a file, for the shim to end it at any of its calls: node recover.js <path>
import { appendFileSync } from 'node:fs'
import process from 'node:process'
import * as h5tracks from 'h5tracks'

/** @type {any} What is on its way into the library too. */
const { recover } = h5tracks
const log = /** @type {string} */ (process.env.H5TRACKS_FAULT_LOG)

try {
  const { frames } = await recover(process.argv[2])
  appendFileSync(log, `recover ${frames}\n`)
} catch (error) {
  const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
  appendFileSync(log, `error recover ${code ?? 'none'} ${message.replaceAll('\n', ' ')}\n`)
}
