// Recovers a file. The shim may kill it at any of its calls: node recover.js <path>
import { appendFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { recover } from 'h5tracks'
import { descriptorsIn } from './descriptors.js'

const path = process.argv[2] ?? ''
const log = /** @type {string} */ (process.env.H5TRACKS_FAULT_LOG)

try {
  const { frames } = await recover(path)
  appendFileSync(log, `recover ${frames}\n`)
} catch (error) {
  const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
  appendFileSync(log, `error recover ${code ?? 'none'} ${message.replaceAll('\n', ' ')}\n`)
}
process.stdout.write(`${descriptorsIn([dirname(path)])}\n`)
