// The workload "rig": the same frames for every program, made before the clock starts.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Rig } from '../../dist/simulate/rig.js'
import { Columns } from './columns.mjs'

export const RIG = { cameras: 13, fish: 9, visibility: 0.55 }

/** The number of different frames, kept in memory and written repeatedly with a growing index. */
export const DISTINCT = 4000

/** Rows of a chunk, the default of every program. */
export const CHUNK = 1000

/** @returns {{ cameraNames: string[], tracks: import('../../dist/index.js').TrackRecord[][], fish: number }} */
export function rigRecords({ cameras = RIG.cameras, fish = RIG.fish, distinct = DISTINCT, maps = false } = {}) {
  const rig = new Rig({ ...RIG, cameras, fish, frames: distinct })
  const tracks = Array.from(rig.frames(), (frame) => (maps ? frame.tracks.map(withMaps) : frame.tracks))
  return { cameraNames: [...rig.cameraNames], tracks, fish }
}

const withMaps = ({ cameraDetections, bboxes, ...record }) => ({
  ...record,
  cameraDetections: new Map(Object.entries(cameraDetections)),
  bboxes: new Map(Object.entries(bboxes)),
})

/** The same frames as columns, in batches of `batch` frames. */
export function rigColumns({ batch = CHUNK, ...options } = {}) {
  const { cameraNames, tracks, fish } = rigRecords(options)
  if (tracks.length % batch !== 0) throw new Error(`${tracks.length} frames are not batches of ${batch}`)
  const batches = []
  for (let first = 0; first < tracks.length; first += batch) {
    const columns = new Columns(cameraNames, fish, batch)
    for (let row = 0; row < batch; row++) columns.fill(row, first + row, tracks[first + row])
    batches.push(columns)
  }
  return { cameraNames, batches, fish }
}

/** Writes `frames` frames as JSON lines for `h5tracks import`; lines repeat after `distinct` frames. */
export async function writeJsonLines(path, frames, { distinct = DISTINCT } = {}) {
  const { cameraNames, tracks, fish } = rigRecords({ distinct: Math.min(distinct, frames) })
  const rest = tracks.map((records) => `,"tracks":${JSON.stringify(records)}}\n`)
  const stream = createWriteStream(path)
  stream.write(`${JSON.stringify({ cameras: cameraNames, maxFish: fish })}\n`)
  for (let frame = 0; frame < frames; frame++) {
    if (!stream.write(`{"frame":${frame}${rest[frame % rest.length]}`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'close')
}
