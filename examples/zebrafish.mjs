// Measures how well identities are kept on real fish: feeds recordings with known identities (one row of CSV per fish and frame)
// to the tracker without the identities, in random order, at their own frame rate and at lower ones.
import { createReadStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse } from 'csv-parse'
import { FishTracker } from 'h5tracks/tracker'
import { IdentityMeasures } from './track/measures.mjs'
import { randomFrom } from './track/pool.mjs'

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    fps: { type: 'string', default: '60' },
    thinned: { type: 'string', default: '60,30,20,10' },
    // In the recordings' unit, cm: 10 cm are the tracker's default of 0.1 m.
    'max-distance': { type: 'string', default: '10' },
    // The distance at which a track counts as being at a true position, in cm. 0 requires exactly the observed position.
    radius: { type: 'string', default: '0' },
  },
})

/** @typedef {{ id: number, at: [number, number, number] }} Fish */

/** The fish of each frame. */
async function read(/** @type {string} */ file) {
  /** @type {Map<number, Fish[]>} */
  const frames = new Map()
  for await (const { frame, id, x_cm, y_cm, z_cm } of createReadStream(file).pipe(parse({ columns: true }))) {
    const fish = frames.get(Number(frame)) ?? []
    frames.set(Number(frame), fish)
    fish.push({ id: Number(id), at: [Number(x_cm), Number(y_cm), Number(z_cm)] })
  }
  return [...frames].sort(([a], [b]) => a - b)
}

/** Observations without identities, in random order. */
function observations(/** @type {readonly Fish[]} */ fish, /** @type {() => number} */ random) {
  return fish
    .map(({ at }) => ({ at, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ at }, fishId) => ({
      fishId,
      centroid3d: at,
      reprojectionResidual: -1,
      cameraDetections: {},
      bboxes: {},
      nCameras: 2,
      confidence: 1,
      isLowConfidence: false,
    }))
}

const widths = [24, 5, 4, 7, 9, 7]
/** Aligns cells in columns; the first is text, the others are numbers. */
const row = (/** @type {(string | number)[]} */ cells) =>
  cells
    .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[i] ?? 0)))
    .join(' ')

console.log(row(['recording', 'fish', 'fps', 'frames', 'switches', 'IDF1']))
for (const file of files) {
  const recording = await read(file)
  for (const fps of options.thinned.split(',').map(Number)) {
    const random = randomFrom(1)
    const tracker = new FishTracker({ maxDistance: Number(options['max-distance']) })
    const measures = new IdentityMeasures(Number(options.radius))
    const every = Number(options.fps) / fps
    const frames = recording.filter((_, i) => i % every === 0)
    for (const [frameIndex, truth] of frames) {
      const tracks = tracker.update({ frameIndex, associations: observations(truth, random) })
      measures.add(
        truth,
        tracks.map(({ fishId, centroid3d }) => ({ id: fishId, at: centroid3d })),
      )
    }
    const fish = new Set(recording.flatMap(([, list]) => list.map(({ id }) => id))).size
    const cells = [file.replace(/^.*\//, ''), fish, fps, frames.length, measures.switches, measures.idf1.toFixed(4)]
    console.log(row(cells))
  }
}
