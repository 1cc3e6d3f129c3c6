// Damaged tracking files: their sources, and what is done with each. Every kind of input is a module like this one.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TrackingWriter } from '../../../dist/index.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { mutate } from '../mutate.js'
import { inChildProcess, inThisProcess } from '../openers.js'
import { ROOT } from '../root.js'
import { tour } from '../tour.js'

/** Small whole files of this package, and the recordings of AquaPose's writer where they are present. */
export async function sources() {
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-sources-'))
  const sources = []
  const variants = [
    { frames: 40, chunkFrames: 16, cameras: CAMERAS, metadata: { fps: 60, rig: ['a', 'b'], note: 'glass tank' } },
    { frames: 300, chunkFrames: 4, cameras: ['top'], compression: { shuffle: false } },
    { frames: 5, chunkFrames: 1000, cameras: [], maxFish: 3 },
  ]
  for (const [i, { frames, cameras, ...options }] of variants.entries()) {
    const path = join(directory, `${i}.h5`)
    const writer = new TrackingWriter(path, cameras, options)
    for (const { frameIndex, tracks } of school(frames, 3, cameras)) {
      if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
    }
    await writer.close()
    sources.push({ '': readFileSync(path) })
  }
  rmSync(directory, { recursive: true })
  const recordings = join(ROOT, '../shared/data/zebrafish')
  if (existsSync(recordings)) {
    for (const name of readdirSync(recordings).sort()) {
      if (name.endsWith('.h5')) sources.push({ '': readFileSync(join(recordings, name)) })
    }
  }
  return sources
}

/** @param {{ '': Buffer }} source @param {number} seed */
export const damage = (source, seed) => ({ '': mutate(source[''], seed) })

/** @param {string} path @returns {Promise<string[]>} the codes of the errors that occurred */
export const inProcess = (path) => tour(path, inThisProcess)

/** Like `inProcess`, through readers that do not trust the file. @param {string} path @returns {Promise<string[]>} */
export const untrusted = (path) => tour(path, inChildProcess)
