// The workloads of FrameWriter: poses, a sensor, and the rig's tracks. The frames are made before the clock starts.
import { writeFile } from 'node:fs/promises'
import { defineLayout, trackingLayout } from '../../dist/library/index.js'
import { Random } from '../../dist/simulate/random.js'
import { CHUNK, DISTINCT, RIG, rigRecords } from './workload.mjs'

export const POSES = { animals: 5, nodes: 17 }
export const CHANNELS = 8

const poses = defineLayout({
  group: 'poses',
  slots: { name: 'animalId', max: POSES.animals },
  perFrame: { time: { type: 'float64', unit: 's' } },
  fields: {
    keypoints: { type: 'float32', shape: [POSES.nodes, 2], axes: ['node', 'space'], unit: 'px' },
    score: { type: 'float32', shape: [POSES.nodes], axes: ['node'] },
  },
})

const sensor = defineLayout({
  group: 'sensor',
  fields: { volts: { type: 'float32', shape: [CHANNELS], axes: ['channel'], unit: 'V' } },
})

/** Animals that wander, with keypoints around them that a detector places with an error of half a pixel. */
function poseFrames() {
  const random = new Random(1)
  const { animals, nodes } = POSES
  const centres = Array.from({ length: animals }, (_, animal) => [300 + 300 * animal, 500])
  const body = Array.from({ length: nodes }, () => [40 * random.normal(), 20 * random.normal()])
  return Array.from({ length: DISTINCT }, () =>
    centres.map((centre, animalId) => {
      for (const axis of [0, 1]) centre[axis] += 2 * random.normal()
      const keypoints = Float32Array.from({ length: 2 * nodes }, (_, i) => {
        return centre[i % 2] + body[i >> 1][i % 2] + 0.5 * random.normal()
      })
      const score = Float32Array.from({ length: nodes }, () => 1 - random.uniform() ** 2)
      return { animalId, keypoints, score }
    }),
  )
}

/** The same record with plain nested arrays. */
const nested = ({ animalId, keypoints, score }) => ({
  animalId,
  keypoints: Array.from({ length: POSES.nodes }, (_, node) => [keypoints[2 * node], keypoints[2 * node + 1]]),
  score: [...score],
})

function sensorFrames() {
  const random = new Random(2)
  return Array.from({ length: DISTINCT }, (_, ms) => ({
    volts: Float32Array.from({ length: CHANNELS }, (_, channel) => {
      return Math.sin((2 * Math.PI * (channel + 1) * ms) / DISTINCT) + 0.01 * random.normal()
    }),
  }))
}

/** The rig's tracks with boxes of whole numbers, which every writer of the layout takes, in objects made in the same way as those of 'tracking'. */
export function rigWorkload() {
  const { tracks, ...rig } = rigRecords()
  for (const { bboxes } of tracks.flat())
    for (const box of Object.values(bboxes)) for (let i = 0; i < 4; i++) box[i] |= 0
  return { ...rig, tracks: tracks.map((frame) => frame.map((record) => ({ ...record }))) }
}

/** The arguments of writeFrame for each different frame. `kind`: 'poses', 'nested' (poses in plain arrays), 'sensor' or 'tracking'. */
export function frameWorkload(kind) {
  if (kind === 'sensor') return { layout: sensor, options: {}, frames: sensorFrames().map((record) => [record]) }
  if (kind === 'tracking') {
    const { cameraNames, tracks } = rigWorkload()
    const records = tracks.map((frame) =>
      frame.map(({ cameraDetections, ...record }) => ({ ...record, cameraAssignments: cameraDetections })),
    )
    return { layout: trackingLayout, options: { cameras: cameraNames }, frames: records.map((frame) => [frame]) }
  }
  const records = poseFrames()
  const given = kind === 'nested' ? records.map((frame) => frame.map(nested)) : records
  return { layout: poses, options: {}, frames: given.map((frame, i) => [frame, { time: i / 30 }]) }
}

/** The same frames of poses or of the sensor as columns, in batches of 1000 frames without their indices. */
export function columnWorkload(kind) {
  const { layout, options, frames } = frameWorkload(kind)
  const batches = Array.from({ length: frames.length / CHUNK }, (_, i) => {
    const some = frames.slice(i * CHUNK, (i + 1) * CHUNK)
    const joined = (name) => Float32Array.from(some.flatMap(([given]) => [given].flat().flatMap((of) => [...of[name]])))
    if (kind === 'sensor') return { volts: joined('volts') }
    return {
      time: Float64Array.from(some, ([, { time }]) => time),
      animalId: Int32Array.from(some.flatMap(([records]) => records.map(({ animalId }) => animalId))),
      keypoints: joined('keypoints'),
      score: joined('score'),
    }
  })
  return { layout, options, batches }
}

/** Writes the poses as JSON lines for the h5py peer. */
export async function writePoseLines(path) {
  const lines = frameWorkload('nested').frames.map(([animals, { time }]) => JSON.stringify({ time, animals }))
  await writeFile(path, `${[JSON.stringify(POSES), ...lines].join('\n')}\n`)
}

/** Bytes of a frame in the file before compression. */
export const FRAME_BYTES = {
  poses: 8 + 8 + POSES.animals * (4 + 4 * 3 * POSES.nodes),
  sensor: 8 + 4 * CHANNELS,
  tracking: 8 + RIG.fish * (4 + 12 + 4 + 4 + 4 + 1) + RIG.cameras * RIG.fish * (4 + 16),
}
