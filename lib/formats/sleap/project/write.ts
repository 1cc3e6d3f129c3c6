/** Writes SLEAP's projects: each recording is a video. */
import { File } from '../../../hdf5/objects/file.js'
import { arrayIn } from '../../core/arrays.js'
import type { Batch, Recording, WriteOptions } from '../../core/format.js'
import { Losses } from '../../core/losses.js'
import { fieldOf } from '../../core/recordings.js'
import { poseAttributes, posesFor, refuseSpace } from '../../poses/output.js'
import { surveyPoses } from '../../poses/survey.js'
import type { Labelled } from './labelled.js'
import { TableWriter } from './table-writer.js'
import { type TrackList, writeProjectTexts } from './texts.js'

const title = 'a SLEAP project'
const carried = ['score', 'trackingScore', 'visibility', 'complete', 'userLabelled', 'identified', 'negative']
const attributes = [
  ...poseAttributes,
  'video_path',
  'video_index',
  'sleap_video',
  'provenance',
  'sleap_suggestions',
  'fps',
]

export async function writeSlp(recordings: readonly Recording[], path: string, options: WriteOptions): Promise<void> {
  const parts: Labelled[] = []
  for (const recording of recordings) {
    const poses = posesFor(recording, title, options)
    refuseSpace(poses, recording, title, options)
    parts.push({ recording, poses, survey: await surveyPoses(recording, poses, 'track', options) })
  }
  const file = new File(path, 'w')
  try {
    const { skeletons, tracks } = await writeProjectTexts(file, parts, options)
    const tables = await TableWriter.create(file)
    for (const [video, part] of parts.entries()) {
      await writeVideo(part, { video, skeleton: skeletons[video] as number, tracks }, tables, options)
    }
    await tables.close()
  } finally {
    await file.close()
  }
}

interface Place {
  readonly video: number
  readonly skeleton: number
  readonly tracks: TrackList
}

async function writeVideo(part: Labelled, place: Place, tables: TableWriter, options: WriteOptions): Promise<void> {
  const { recording, poses } = part
  const losses = new Losses(recording, [...poses.fields, ...carried])
  const trackOf = place.tracks.of(part)
  // Labelled images come from people.
  const byPeople = fieldOf(recording, 'image') !== undefined && !part.survey.hasConfidence
  if (!fieldOf(recording, 'userLabelled') && !part.survey.hasConfidence) {
    options.report.guessed(
      'instances',
      byPeople ? 'placed by people, as they are those of labelled images' : 'predicted',
    )
  }
  for await (const batch of recording.batches()) {
    options.signal?.throwIfAborted()
    losses.add(batch)
    put(batch, part, { ...place, trackOf, byPeople }, tables)
    await tables.flush()
  }
  losses.report(options.report, `${title} has no place for them`, attributes)
}

interface PutOptions extends Place {
  readonly trackOf: ReadonlyMap<number, number>
  readonly byPeople: boolean
}

function put(batch: Batch, { recording, poses }: Labelled, options: PutOptions, tables: TableWriter): void {
  const { layout } = recording
  const index = arrayIn(batch, layout.index.name) as BigInt64Array
  const keys = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : undefined
  const field = (name: string, of: 'record' | 'node' | 'frame') => {
    const array = arrayIn(batch, name) as ArrayLike<number> | undefined
    const width = of === 'frame' ? 1 : layout.slots * (of === 'node' ? poses.nodes.length : 1)
    return array?.length === index.length * width ? array : undefined
  }
  const values = {
    keypoints: poses.keypoints(batch),
    confidence: poses.confidence(batch),
    visibility: field('visibility', 'node'),
    complete: field('complete', 'node'),
  }
  const [score, trackingScore] = [field('score', 'record'), field('trackingScore', 'record')]
  const [user, identified, negative] = [
    field('userLabelled', 'record'),
    field('identified', 'record'),
    field('negative', 'frame'),
  ]
  for (let row = 0; row < index.length; row++) {
    tables.frame(options.video, Number(index[row]), negative?.[row] === 1)
    for (let slot = 0; slot < layout.slots; slot++) {
      const cell = row * layout.slots + slot
      const key = keys ? (keys[cell] as number) : 0
      if (key < 0) break
      tables.instance(values, cell, poses.nodes.length, {
        isUser: user ? user[cell] === 1 : options.byPeople,
        skeleton: options.skeleton,
        track: identified && identified[cell] !== 1 ? -1 : (options.trackOf.get(key) ?? -1),
        score: score?.[cell] ?? Number.NaN,
        trackingScore: trackingScore?.[cell] ?? Number.NaN,
      })
    }
  }
}
