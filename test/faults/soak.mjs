// Long use: npm run test:soak -- [--cycles 10000] [--frames 8000000]
// Opens, writes and closes a file again and again, then writes one long file; the memory, the open descriptors and the HDF5
// identifiers at the end must be those of the beginning. Needs --expose-gc. Ends with 1 when they are not.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { TrackingReader, TrackingWriter } from 'h5tracks'
import { CAMERAS, frameOf, MAX_FISH } from './programs/content.js'

const native = createRequire(import.meta.url)(process.env.H5TRACKS_ADDON ?? '../../build/Release/h5tracks.node')

const { values } = parseArgs({
  options: { cycles: { type: 'string', default: '10000' }, frames: { type: 'string', default: '8000000' } },
})
/** More than the fluctuation of the allocator, less than 1 KiB for each cycle of the long form. */
const GROWTH_MIB = 8
const SAMPLES = 20
const directory = mkdtempSync(join(tmpdir(), 'h5tracks-soak-'))
const frames = Array.from({ length: 1000 }, (_, i) => frameOf(1, i))
if (!globalThis.gc) throw new Error('run this with node --expose-gc')
const { gc } = globalThis

function sample() {
  gc()
  gc()
  return {
    rss: process.memoryUsage.rss() / 2 ** 20,
    descriptors: readdirSync('/proc/self/fd').length,
    identifiers: native.identifiers(),
  }
}

/** @param {string} what @param {number} steps @param {(from: number, to: number) => Promise<void>} run */
async function soak(what, steps, run) {
  /** @type {ReturnType<typeof sample>[]} */
  const samples = []
  for (let i = 0; i < SAMPLES; i++) {
    await run(Math.floor((steps * i) / SAMPLES), Math.floor((steps * (i + 1)) / SAMPLES))
    samples.push(sample())
  }
  const mean = (/** @type {typeof samples} */ part) => part.reduce((sum, { rss }) => sum + rss, 0) / part.length
  // The first half fills caches, which grow by about 10 MiB over the first four million frames of a long file and then no more.
  const quarter = SAMPLES / 4
  const [early, late] = [mean(samples.slice(2 * quarter, 3 * quarter)), mean(samples.slice(-quarter))]
  const [first, last] = [samples[0], samples.at(-1)]
  const descriptors = Number(last?.descriptors) - Number(first?.descriptors)
  const identifiers = Number(last?.identifiers) - Number(first?.identifiers)
  const flat = late - early < GROWTH_MIB && descriptors === 0 && identifiers === 0
  const memory = `${early.toFixed(1)} MiB in the third quarter, ${late.toFixed(1)} MiB in the last`
  console.log(
    `${what}: resident ${memory}; ${descriptors} more descriptors, ${identifiers} more HDF5 identifiers: ${flat ? 'flat' : 'GROWS'}`,
  )
  if (flat) return
  console.log(`  MiB: ${samples.map(({ rss }) => rss.toFixed(0)).join(' ')}`)
  process.exitCode = 1
}

const path = join(directory, 'out.h5')
await soak(`${values.cycles} times open, write, close`, Number(values.cycles), async (from, to) => {
  for (let cycle = from; cycle < to; cycle++) {
    const writer = new TrackingWriter(path, CAMERAS, { maxFish: MAX_FISH, chunkFrames: 16, overwrite: true })
    for (const { frameIndex, tracks } of frames.slice(0, 40)) writer.writeFrame(frameIndex, tracks)
    if (cycle % 2 === 0) await writer.close()
    else writer.closeSync()
    const reader = new TrackingReader(path)
    if (reader.length !== 40) throw new Error(`cycle ${cycle}: ${reader.length} frames of 40`)
    reader.close()
  }
})

const before = sample()
const writer = new TrackingWriter(path, CAMERAS, { maxFish: MAX_FISH, overwrite: true })
await soak(`${values.frames} frames into one file`, Number(values.frames), async (from, to) => {
  for (let i = from; i < to; i++) {
    if (!writer.writeFrame(i, /** @type {import('h5tracks').Frame} */ (frames[i % 1000]).tracks)) await writer.drain()
  }
})
await writer.close()
const reader = new TrackingReader(path)
if (reader.length !== Number(values.frames)) throw new Error(`${reader.length} frames of ${values.frames}`)
reader.close()
const after = sample()
for (const what of /** @type {const} */ (['descriptors', 'identifiers'])) {
  if (after[what] !== before[what]) throw new Error(`${after[what] - before[what]} ${what} are left`)
}
rmSync(directory, { recursive: true, force: true })
