/** The layout of a table. */
import { defineLayout } from '../../layout/define.js'
import type { Layout } from '../../layout/model.js'
import type { FieldSpec, LayoutSpec } from '../../layout/spec.js'
import { poseLayout } from '../../layouts/pose.js'
import type { Plan, Target } from './plan.js'
import type { TextTable } from './text-table.js'

/** What the rows of a table showed. */
export interface TableFacts {
  /** Number of slots of a frame. */
  readonly slots: number
  /** Some rows are detections without identity. */
  readonly someUnknown: boolean
  readonly texts: ReadonlyMap<number, TextTable>
}

/** The layout of the recording that a table holds. */
export function layoutOf(plan: Plan, { slots, someUnknown, texts }: TableFacts): Layout {
  const targets = (plan.animals[0]?.targets ?? []).filter(({ field }) => !plan.hidden?.has(field))
  const spec = (target: Target) => specOf(target, texts)
  const own = targets.filter(
    ({ perFrame, camera, field }) => !perFrame && camera === undefined && field !== 'keypoints',
  )
  const fields: Record<string, FieldSpec> = {
    ...Object.fromEntries(own.map((target) => [target.field, spec(target)])),
    ...(someUnknown && { identified: { type: 'bool', fill: false, optional: true } as const }),
  }
  const perFrame: Record<string, FieldSpec> = {
    ...(plan.time >= 0 && { time: { type: 'float64', unit: 's', optional: true } as const }),
    ...Object.fromEntries(targets.flatMap((target) => (target.perFrame ? [[target.field, spec(target)]] : []))),
  }
  const byCamera = targets.filter(({ camera }) => camera !== undefined)
  const perCamera = Object.fromEntries(byCamera.map((target) => [target.field, spec(target)]))
  const cameras = plan.cameras.length > 0 ? { cameras: plan.cameras, perCamera } : {}
  if (plan.nodes) return poses(plan, plan.nodes, slots, { perFrame, fields, ...cameras })
  const { wide, dimensions } = plan
  const axes = targets.some(({ field }) => field === 'box' || field === 'cameraBox') ? { side } : {}
  return defineLayout({
    group: 'tracks',
    slots: { name: 'individual', max: slots },
    perFrame,
    fields: wide ? inOrder(fields, dimensions) : fields,
    axes,
    ...cameras,
  })
}

const side = ['x', 'y', 'width', 'height']

function poses(plan: Plan, nodes: readonly string[], max: number, extra: Omit<LayoutSpec, 'group'>): Layout {
  const { spec } = poseLayout({ nodes, dimensions: plan.dimensions === 3 ? 3 : 2, max })
  const { keypoints, confidence } = spec.fields
  const more = { ...extra.fields }
  if ('confidence' in more) more.confidence = confidence
  const boxed = 'box' in more || 'cameraBox' in (extra.perCamera ?? {})
  return defineLayout({
    ...(spec as LayoutSpec),
    ...extra,
    fields: { keypoints, ...more },
    axes: { ...(spec as LayoutSpec).axes, ...(boxed && { side }) },
  })
}

/** Coordinates first. */
function inOrder(fields: Record<string, FieldSpec>, dimensions: number): Record<string, FieldSpec> {
  const first = ['x', 'y', 'z'].slice(0, dimensions).filter((name) => name in fields)
  return Object.fromEntries(
    [...first, ...Object.keys(fields).filter((name) => !first.includes(name))].map((name) => [
      name,
      fields[name] as FieldSpec,
    ]),
  )
}

function specOf({ field, columns, kind, unit, original }: Target, texts: ReadonlyMap<number, TextTable>): FieldSpec {
  const about = {
    optional: true,
    ...(unit && { unit }),
    ...(original !== undefined && { dataset: field, ...(original !== field && { description: original }) }),
  } as const
  const boxes = field === 'box' || field === 'cameraBox'
  const shape = boxes ? ({ shape: [4], axes: ['side'] } as const) : {}
  if (kind === 'text') return { type: 'string', length: texts.get(columns[0] as number)?.longest ?? 1, ...about }
  if (kind === 'truth') return { type: 'enum', members: { unknown: -1, false: 0, true: 1 }, fill: 'unknown', ...about }
  if (kind === 'int32') return { type: 'int32', fill: -1, ...about }
  return { type: kind, ...shape, ...about }
}
