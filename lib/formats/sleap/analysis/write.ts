/** Writes SLEAP's analysis files, in the order of axes for MATLAB, which every reader knows. */
import { File } from '../../../hdf5/objects/file.js'
import { arrayIn } from '../../core/arrays.js'
import type { Batch, Recording, WriteOptions } from '../../core/format.js'
import { Losses } from '../../core/losses.js'
import { attributesOf, onlyRecording } from '../../core/recordings.js'
import { type PoseReader, poseAttributes, posesFor, refuseSpace } from '../../poses/output.js'
import { type PoseSurvey, surveyPoses } from '../../poses/survey.js'
import { asciiJson, writeText, writeTexts } from '../text.js'
import { MatrixWriter } from './matrix-writer.js'

const title = 'SLEAP analysis HDF5'
const carried = ['score', 'trackingScore', 'visibility']
const attributes = [
  ...poseAttributes,
  'video_path',
  'video_index',
  'labels_path',
  'provenance',
  'video_backend_metadata',
]

export async function writeAnalysis(
  recordings: readonly Recording[],
  path: string,
  options: WriteOptions,
): Promise<void> {
  const recording = onlyRecording(recordings, title, options)
  const poses = posesFor(recording, title, options)
  refuseSpace(poses, recording, title, options)
  const survey = await surveyPoses(recording, poses, 'track', options)
  const file = new File(path, 'w')
  try {
    await writeNames(file, recording, poses, survey)
    await writeMatrices(file, recording, poses, survey, options)
  } finally {
    await file.close()
  }
}

async function writeMatrices(
  file: File,
  recording: Recording,
  poses: PoseReader,
  survey: PoseSurvey,
  options: WriteOptions,
) {
  const { report, signal } = options
  const losses = new Losses(recording, [...poses.fields, ...carried])
  const size = { frames: survey.last + 1, tracks: survey.keys.length, nodes: poses.nodes.length }
  const matrices = await MatrixWriter.create(file, size)
  const trackOf = new Map(survey.keys.map((key, track) => [key, track]))
  let hidden = 0
  for await (const batch of recording.batches()) {
    signal?.throwIfAborted()
    losses.add(batch)
    hidden += await put(batch, recording, poses, trackOf, matrices)
  }
  await matrices.flush()
  report.lost('keypoints that are marked as not visible', hidden, 'SLEAP leaves them out of analysis files')
  report.lost(
    'gaps between frames',
    survey.last + 1 - survey.frames,
    'analysis files have every frame from 0; these have no animals',
  )
  losses.report(report, `${title} has no place for them`, attributes)
}

/** Stores the animals of a batch. Returns the number of keypoints that are not visible. */
async function put(
  batch: Batch,
  { layout }: Recording,
  poses: PoseReader,
  trackOf: ReadonlyMap<number, number>,
  matrices: MatrixWriter,
): Promise<number> {
  const index = arrayIn(batch, layout.index.name) as BigInt64Array
  const keys = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : undefined
  const numbers = (name: string) => arrayIn(batch, name) as ArrayLike<number> | undefined
  const [keypoints, confidence] = [poses.keypoints(batch), poses.confidence(batch)]
  const [score, trackingScore, visibility] = [numbers('score'), numbers('trackingScore'), numbers('visibility')]
  const nodes = poses.nodes.length
  // A field of the record is about the animal, not about its nodes.
  const ofNodes = visibility?.length === index.length * layout.slots * nodes ? visibility : undefined
  let hidden = 0
  for (let row = 0; row < index.length; row++) {
    const at = await matrices.frame(Number(index[row]))
    for (let slot = 0; slot < layout.slots; slot++) {
      const cell = row * layout.slots + slot
      const key = keys ? (keys[cell] as number) : 0
      if (key < 0) break
      const track = matrices.track(trackOf.get(key) as number)
      track.occupied(at)
      if (score) track.score[at] = score[cell] as number
      if (trackingScore) track.trackingScore[at] = trackingScore[cell] as number
      for (let node = 0; node < nodes; node++) {
        const from = cell * nodes + node
        if (confidence) track.pointScores[node * track.frames + at] = confidence[from] as number
        if (ofNodes?.[from] === 1) {
          hidden++
          continue
        }
        track.xy[node * track.frames + at] = keypoints[2 * from] as number
        track.xy[(nodes + node) * track.frames + at] = keypoints[2 * from + 1] as number
      }
    }
  }
  return hidden
}

async function writeNames(file: File, recording: Recording, poses: PoseReader, survey: PoseSurvey): Promise<void> {
  const given = attributesOf(recording)
  const text = (name: string, fallback = '') => (typeof given[name] === 'string' ? (given[name] as string) : fallback)
  const { nodes, edges, symmetries } = poses
  await writeTexts(file, 'track_names', survey.names)
  await writeTexts(file, 'node_names', nodes)
  await writeTexts(
    file,
    'edge_names',
    edges.flatMap(([a, b]) => [nodes[a] as string, nodes[b] as string]),
    [edges.length, 2],
  )
  await file.createDataset(
    'edge_inds',
    { type: 'int64', shape: [edges.length, 2] },
    BigInt64Array.from(edges.flat(), BigInt),
  )
  for (const name of ['labels_path', 'video_path']) await writeText(file, name, text(name))
  await writeText(file, 'provenance', text('provenance', '{}'))
  const index = typeof given.video_index === 'number' ? given.video_index : 0
  await file.createDataset('video_ind', { type: 'int64', shape: [] }, BigInt64Array.of(BigInt(index)))
  const fps = typeof given.fps === 'number' ? { fps: given.fps } : {}
  const root = {
    ...{ format: 'analysis', preset: 'matlab', skeleton_name: text('skeleton_name') },
    skeleton_symmetries: asciiJson(symmetries.map((pair) => pair.map((node) => nodes[node]))),
    video_backend_metadata: text('video_backend_metadata', asciiJson(fps)),
  }
  for (const [name, value] of Object.entries(root)) await file.attributes.set(name, value)
}
