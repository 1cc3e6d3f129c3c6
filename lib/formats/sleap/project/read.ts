/** Reads SLEAP's projects: one recording for each video, and for each skeleton if a video has several. */
import type { FieldSpecs } from '../../../layout/spec.js'
import { BatchBuilder } from '../../core/batches.js'
import type { Batch, ReadOptions, Recording, Source } from '../../core/format.js'
import { type ForeignFile, openSource } from '../../poses/input.js'
import { distinctGroups, posesOf } from '../../poses/layout.js'
import { FrameOrder, frameColumns } from './frame-order.js'
import { instanceColumns, instancesOf } from './instances.js'
import { type Project, readProject } from './metadata.js'
import { negativeFrames } from './negative-frames.js'
import { Points, pointColumns } from './points.js'
import type { Skeleton } from './skeletons.js'
import { type Part, pointFacts, type Survey, surveyOf } from './survey.js'
import { Table } from './table.js'

export function readSlp(path: string, options: ReadOptions): Promise<Source> {
  return openSource(path, (input) => openRecordings(input, options))
}

async function openRecordings(input: ForeignFile, options: ReadOptions): Promise<Recording[]> {
  const project = await readProject(input, options.report)
  const frames = await Table.open(input, 'frames', frameColumns)
  const instances = await Table.open(input, 'instances', instanceColumns)
  const user = await Table.open(input, 'points', pointColumns.user)
  const predicted = await Table.open(input, 'pred_points', pointColumns.predicted)
  const order = await FrameOrder.of(input, frames, instances, project.videos, options.signal)
  const { parts, rules } = await surveyOf(project, order, instances, options)
  const survey = { parts, rules, points: await pointFacts(user, predicted, options) }
  if (parts.length === 0) {
    throw input.problem(
      'metadata@json',
      'has no skeleton, so that there are no instances',
      'add a skeleton and label frames',
    )
  }
  const empty = parts.find(({ skeleton }) => project.skeletons[skeleton]?.nodes.length === 0)
  if (empty)
    throw input.problem(`metadata@json: skeletons[${empty.skeleton}]`, 'has no nodes', 'add nodes to the skeleton')
  const negative = await negativeFrames(input)
  const groups = groupsOf(project, parts)
  return parts.map((part, i) => {
    const points = new Points(instances, user, predicted, project.formatId)
    const context = { input, project, order, instances, points, survey, negative, options }
    return recordingOf(context, part, groups[i] as string)
  })
}

interface Context {
  readonly project: Project
  readonly order: FrameOrder
  readonly instances: Table
  readonly points: Points
  readonly survey: Survey
  readonly negative: ReadonlyMap<number, ReadonlySet<number>>
  readonly options: ReadOptions
}

function groupsOf({ videos, skeletons }: Project, parts: readonly Part[]): string[] {
  if (parts.length === 1) return ['poses']
  const several = new Set(parts.map(({ video }) => video)).size < parts.length
  return distinctGroups(
    parts.map(({ video, skeleton }) => {
      const stem = videos[video]?.stem ?? `video${video}`
      return several ? `${stem}_${skeletons[skeleton]?.name || skeleton}` : stem
    }),
  )
}

function recordingOf(context: Context, part: Part, group: string): Recording {
  const { project, order, survey, negative, options } = context
  const skeleton = project.skeletons[part.skeleton] as Skeleton
  const video = project.videos[part.video]
  const layout = posesOf({
    ...{ group, nodes: skeleton.nodes, edges: skeleton.edges, dimensions: 2, slots: part.slots },
    ...{
      precision: survey.points.precision,
      scores: survey.points.scores,
      names: project.tracks,
      fields: fieldsOf(context, part),
    },
    perFrame: negative.size > 0 ? { negative: { type: 'bool', description: 'marked as free of animals' } } : {},
    attributes: {
      ...(skeleton.name && { skeleton_name: skeleton.name }),
      ...(skeleton.symmetries.length > 0 && { symmetry_inds: skeleton.symmetries }),
    },
  })
  const fps = options.fps ?? video?.fps
  const metadata = {
    ...project.metadata,
    ...(video && { video_path: video.path, video_index: part.video, sleap_video: video.json }),
    ...(fps !== undefined && { fps }),
  }
  const build = () => new BatchBuilder(layout)
  return {
    layout,
    cameras: [],
    metadata,
    frames: order.count(part.video),
    batches: () => batches(context, part, build()),
  }
}

function fieldsOf({ project, instances, survey }: Context, { users, untracked, skeleton }: Part): FieldSpecs {
  const nodes = { shape: [(project.skeletons[skeleton] as Skeleton).nodes.length], axes: ['node'] } as const
  return {
    ...(instances.columns.includes('tracking_score') && {
      trackingScore: { type: 'float32', optional: true, description: "SLEAP's tracking score" },
    }),
    ...(users > 0 && { userLabelled: { type: 'bool', optional: true, description: 'placed by a person' } }),
    ...(untracked > 0 && { identified: { type: 'bool', optional: true, description: 'the individual is a track' } }),
    ...(survey.points.visibility && {
      visibility: {
        type: 'uint8',
        optional: true,
        ...nodes,
        description: '0 not placed, 1 marked as not visible, 2 visible',
      },
    }),
    ...(survey.points.complete && { complete: { type: 'bool', optional: true, ...nodes, description: 'confirmed' } }),
  } as FieldSpecs
}

async function* batches(context: Context, part: Part, builder: BatchBuilder): AsyncGenerator<Batch> {
  const { order, instances, points, survey, negative, options } = context
  const empty = negative.get(part.video)
  for await (const frame of order.frames(part.video)) {
    options.signal?.throwIfAborted()
    const row = builder.row(frame.index)
    const found = await instancesOf(instances, frame, survey.rules)
    const own = found.instances.filter(({ skeleton }) => skeleton === part.skeleton)
    for (const [slot, instance] of own.entries()) await points.fill(builder, builder.cell(row, slot), instance)
    if (empty?.has(frame.index)) (builder.column('negative') as Uint8Array)[row] = 1
    if (builder.isFull) yield builder.take()
  }
  if (builder.rows > 0) yield builder.take()
}
