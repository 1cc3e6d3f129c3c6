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

/** @returns {{ cameraNames: string[], tracks: import('../../dist/library/index.js').TrackRecord[][], fish: number }} */
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
  const head = JSON.stringify({ cameras: cameraNames, maxFish: fish })
  await writeText(path, head, frames, (frame) => `{"frame":${frame}${rest[frame % rest.length]}`)
}

const SIDES = ['left', 'top', 'width', 'height']

/** Writes `frames` frames as CSV for `h5tracks import`: a row for each fish, numbers with all digits, empty cells for what is not known. */
export async function writeCsv(path, frames, { distinct = DISTINCT } = {}) {
  const { cameraNames, tracks } = rigRecords({ distinct: Math.min(distinct, frames) })
  const own = ['x_cm', 'y_cm', 'z_cm', 'confidence', 'residual_px', 'n_cameras', 'confirmed']
  const seen = cameraNames.flatMap((camera) => [`${camera}_det_index`, ...SIDES.map((side) => `${camera}_${side}`)])
  const rest = tracks.map((records) => records.map((record) => csvRow(record, cameraNames)))
  await writeText(path, ['frame', 'id', ...own, ...seen].join(), frames, (frame) =>
    rest[frame % rest.length].map((row) => `${frame},${row}`).join(''),
  )
}

function csvRow(track, cameraNames) {
  const own = [track.confidence, track.reprojectionResidual, track.nCameras, track.isConfirmed ? 'True' : 'False']
  const unknown = SIDES.map(() => '')
  const seen = cameraNames.flatMap((name) => [track.cameraDetections[name] ?? '', ...(track.bboxes[name] ?? unknown)])
  return `${[track.fishId, ...(track.centroid3d ?? ['', '', '']), ...own, ...seen].join()}\n`
}

async function writeText(path, head, frames, textOf) {
  const stream = createWriteStream(path)
  stream.write(`${head}\n`)
  for (let frame = 0; frame < frames; frame++) if (!stream.write(textOf(frame))) await once(stream, 'drain')
  stream.end()
  await once(stream, 'close')
}
