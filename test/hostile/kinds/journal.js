// Damaged journals of writers that died, beside their files: what they are made from, and what is done with each.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { check, recover, TrackingReader } from '../../../dist/index.js'
import { here } from '../doors.js'
import { mutate } from '../mutate.js'
import { attempts, tour } from '../tour.js'

const dying = fileURLToPath(new URL('../dying-writer.js', import.meta.url))
const HEADER_BYTES = 224
const HEADER_CRC = 12
const MOST_FRAMES = 500

/** Files and journals as writers left them: with whole blocks, with none, in every durability, of a run that went on. */
export async function sources() {
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-sources-'))
  const lives = [
    { frames: 45, chunkFrames: 10, durability: 'process' },
    { frames: 7, chunkFrames: 1000, durability: 'process' },
    { frames: 130, chunkFrames: 1, durability: 'power', syncInterval: 1 },
    { frames: 25, chunkFrames: 10, durability: 'power', resumed: 15 },
  ]
  const sources = lives.map((life, i) => {
    const path = join(directory, `${i}.h5`)
    const { signal, stderr } = spawnSync(process.execPath, [dying, path, JSON.stringify(life)], { encoding: 'utf8' })
    if (signal !== 'SIGKILL') throw new Error(`the writer that was to die did not: ${stderr}`)
    return { '': readFileSync(path), '.journal': readFileSync(`${path}.journal`) }
  })
  rmSync(directory, { recursive: true })
  return sources
}

/**
 * The journal is always damaged, one file in four too. In two of three the header's checksum is made right again, as a liar
 * would: most damage to the header would otherwise be found before anything is done with it.
 * @param {{ '': Buffer, '.journal': Buffer }} source
 * @param {number} seed
 */
export function damage({ '': file, '.journal': journal }, seed) {
  const damaged = mutate(journal, seed)
  if (seed % 3 !== 0 && damaged.length >= HEADER_BYTES) {
    damaged.writeUInt32LE(0, HEADER_CRC)
    damaged.writeUInt32LE(crc32(damaged.subarray(0, HEADER_BYTES)), HEADER_CRC)
  }
  return { '': seed % 4 === 0 ? mutate(file, seed) : file, '.journal': damaged }
}

/** @param {string} path @returns {Promise<string[]>} the codes of the errors that were met */
export async function inProcess(path) {
  const { attempt, codes } = attempts()
  await attempt(() => check(path))
  await attempt(() => followed(path))
  await attempt(() => recover(path))
  for (const code of await tour(path, here)) codes.add(code)
  return [...codes].sort()
}

/** @param {string} path */
async function followed(path) {
  const stop = new AbortController()
  const frames = TrackingReader.follow(path, { signal: stop.signal })
  // A journal may say that there is more to come, from a writer that does not live: an AbortError is no error of ours.
  const late = setTimeout(5000, undefined, { signal: stop.signal }).then(
    () => stop.abort(),
    () => {},
  )
  let count = 0
  try {
    for await (const { tracks } of frames) if (tracks.length < 0 || ++count === MOST_FRAMES) break
  } finally {
    stop.abort()
    await late
  }
}
