// Damaged journals of killed writers, beside their files: their sources, and what is done with each.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { check, recover, TrackingReader } from '../../../dist/index.js'
import { mutate } from '../mutate.js'
import { inThisProcess } from '../openers.js'
import { attempts, tour } from '../tour.js'

const dying = fileURLToPath(new URL('../dying-writer.js', import.meta.url))
const HEADER_BYTES = 224
const HEADER_CRC = 12
const MOST_FRAMES = 500

/** Files and journals of killed writers: with whole blocks, with none, in every durability, and of a resumed run. */
export async function sources() {
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-sources-'))
  const runs = [
    { frames: 45, chunkFrames: 10, durability: 'process' },
    { frames: 7, chunkFrames: 1000, durability: 'process' },
    { frames: 130, chunkFrames: 1, durability: 'power', syncInterval: 1 },
    { frames: 25, chunkFrames: 10, durability: 'power', resumed: 15 },
  ]
  const sources = runs.map((run, i) => {
    const path = join(directory, `${i}.h5`)
    const { signal, stderr } = spawnSync(process.execPath, [dying, path, JSON.stringify(run)], { encoding: 'utf8' })
    if (signal !== 'SIGKILL') throw new Error(`the writer was not killed: ${stderr}`)
    return { '': readFileSync(path), '.journal': readFileSync(`${path}.journal`) }
  })
  rmSync(directory, { recursive: true })
  return sources
}

/**
 * The journal is always damaged, and one file in four. Two headers in three get a correct checksum, as an attacker would give
 * them: otherwise most damage to the header would be found at once.
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

/** @param {string} path @returns {Promise<string[]>} the codes of the errors that occurred */
export async function inProcess(path) {
  const { attempt, codes } = attempts()
  await attempt(() => check(path))
  await attempt(() => followed(path))
  await attempt(() => recover(path))
  for (const code of await tour(path, inThisProcess)) codes.add(code)
  return [...codes].sort()
}

/** @param {string} path */
async function followed(path) {
  const stop = new AbortController()
  const frames = TrackingReader.follow(path, { signal: stop.signal })
  // A journal may promise more frames from a writer that is dead; the AbortError that ends the wait is expected.
  const timeout = setTimeout(5000, undefined, { signal: stop.signal }).then(
    () => stop.abort(),
    () => {},
  )
  let count = 0
  try {
    for await (const { tracks } of frames) if (tracks.length < 0 || ++count === MOST_FRAMES) break
  } finally {
    stop.abort()
    await timeout
  }
}
