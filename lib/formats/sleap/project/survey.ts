/** One pass over the instances and points of a project before its frames are read: how many slots, which fields, which precision. */
import type { ReadOptions } from '../../core/format.js'
import { fitsFloat32, type Precision } from '../../poses/layout.js'
import type { FrameOrder } from './frame-order.js'
import { type InstanceRules, instancesOf } from './instances.js'
import type { Project } from './metadata.js'
import type { Table } from './table.js'

/** The instances of one video with one skeleton. */
export interface Part {
  readonly video: number
  readonly skeleton: number
  slots: number
  users: number
  untracked: number
}

export interface Survey {
  readonly parts: readonly Part[]
  readonly rules: InstanceRules
  readonly points: PointFacts
}

export interface PointFacts {
  readonly precision: Precision
  readonly scores: Precision
  /** Points have a visibility that does not follow from their coordinates. */
  readonly visibility: boolean
  readonly complete: boolean
}

export async function surveyOf(
  project: Project,
  order: FrameOrder,
  instances: Table,
  options: ReadOptions,
): Promise<Omit<Survey, 'points'>> {
  const sizes = { tracks: project.tracks.length, skeletons: project.skeletons.length }
  const single = await isSingle(project, order, instances)
  const rules = { ...sizes, single }
  const parts: Part[] = []
  const sums = { replaced: 0, twice: 0, links: 0, untracked: 0 }
  for (const video of project.videos.keys()) {
    const own = new Map<number, Part>()
    for await (const frame of order.frames(video)) {
      options.signal?.throwIfAborted()
      const found = await instancesOf(instances, frame, rules)
      for (const name of ['replaced', 'twice', 'links'] as const) sums[name] += found[name]
      const counts = new Map<number, number>()
      for (const { skeleton, isUser, identified } of found.instances) {
        const part = own.get(skeleton) ?? { video, skeleton, slots: 1, users: 0, untracked: 0 }
        own.set(skeleton, part)
        const count = (counts.get(skeleton) ?? 0) + 1
        counts.set(skeleton, count)
        part.slots = Math.max(part.slots, count)
        if (isUser) part.users++
        if (!identified) part.untracked++
      }
    }
    if (own.size === 0 && order.count(video) !== 0 && project.skeletons.length > 0) {
      own.set(0, { video, skeleton: 0, slots: 1, users: 0, untracked: 0 })
    }
    parts.push(...[...own.values()].sort((a, b) => a.skeleton - b.skeleton))
  }
  // A project that nobody has labelled yet is its skeleton.
  if (parts.length === 0 && project.skeletons.length > 0)
    parts.push({ video: 0, skeleton: 0, slots: 1, users: 0, untracked: 0 })
  for (const { untracked } of parts) sums.untracked += untracked
  reportSums(sums, options)
  return { parts, rules }
}

function reportSums(
  sums: { replaced: number; twice: number; links: number; untracked: number },
  { report }: ReadOptions,
): void {
  report.lost('predicted instances', sums.replaced, 'instances of the same animals that a person placed replace them')
  report.lost('links of user instances to predictions', sums.links, 'h5tracks has no place for them')
  report.lost('tracks of instances', sums.twice, 'another instance of the frame has the same track')
  if (sums.untracked > 0) {
    report.guessed(
      `individuals of ${sums.untracked} instances without a track`,
      'their place among those of the frame (the field identified is false)',
    )
  }
}

/** True if no frame has two instances of one kind. */
async function isSingle(project: Project, order: FrameOrder, instances: Table): Promise<boolean> {
  for (const video of project.videos.keys()) {
    for await (const { ranges } of order.frames(video)) {
      const counts = [0, 0]
      for (const [start, stop] of ranges) {
        for (let row = start; row < stop; row++) {
          const window = await instances.windowAt(row)
          const kind = window.columns.instance_type![row - window.start] === 0 ? 0 : 1
          if (++counts[kind]! > 1) return false
        }
      }
    }
  }
  return true
}

/** Looks at all points. */
export async function pointFacts(user: Table, predicted: Table, { signal }: ReadOptions): Promise<PointFacts> {
  let [wide, wideScores, hidden, complete] = [false, false, user.length > 0, false]
  for (const table of [user, predicted]) {
    for await (const { columns } of table.windows()) {
      signal?.throwIfAborted()
      wide ||= !(fitsFloat32(columns.x!) && fitsFloat32(columns.y!))
      wideScores ||= columns.score !== undefined && !fitsFloat32(columns.score)
      for (let i = 0; i < columns.x!.length && !(hidden && complete); i++) {
        hidden ||= columns.visible?.[i] === 0 && !Number.isNaN(columns.x![i])
        complete ||= columns.complete?.[i] === 1
      }
      if (wide && wideScores && hidden && complete) break
    }
  }
  const type = (isWide: boolean) => (isWide ? 'float64' : 'float32')
  return { precision: type(wide), scores: type(wideScores), visibility: hidden, complete }
}
