/** What a JABS file holds besides poses: attributes, static and dynamic objects, segmentation. */
import type { Metadata } from '../../frames/file/types.js'
import type { ReadOptions } from '../core/format.js'
import { attributesFrom } from '../dense/attributes.js'
import type { ForeignFile } from '../poses/input.js'

/** Objects whose points are stored as y, x. */
const storedYx = ['lixit', 'food_hopper']
const carried = new Set([
  ...['points', 'confidence', 'instance_count', 'instance_track_id', 'instance_embed_id', 'id_mask', 'identity_embeds'],
  ...['bbox', 'external_identity_mapping', 'instance_id_center'],
])
const segmentation = ['seg_data', 'instance_seg_id', 'longterm_seg_id', 'seg_external_flag']
const mostValues = 20_000

export async function factsOf(input: ForeignFile, version: string, options: ReadOptions): Promise<Metadata> {
  const { report, fps } = options
  const values: Record<string, unknown> = { source_software: 'JABS', jabs_pose_version: version }
  for (const name of await input.guarded('poseest', async () =>
    (await input.file.group('poseest')).attributes.keys(),
  )) {
    if (name !== 'version') values[name] = listOf(await input.attribute('poseest', name))
  }
  const center = await listAt(input, 'poseest/instance_id_center')
  if (center !== undefined) values.instance_id_center = center
  values.static_objects = await objectsIn(input, 'static_objects', options)
  values.dynamic_objects = await objectsIn(input, 'dynamic_objects', options)
  await reportOthers(input, options)
  if (fps !== undefined) values.fps = fps
  return attributesFrom(values, report)
}

/** Names and counts what is not carried. */
async function reportOthers(input: ForeignFile, { report }: ReadOptions): Promise<void> {
  const names = await input.guarded('poseest', async () => (await input.file.group('poseest')).keys())
  for (const name of names.filter((one) => !carried.has(one))) {
    const path = `poseest/${name}`
    const dataset = await input.find(path)
    const shape = dataset && (await input.guarded(path, () => dataset.shape()))
    const count = shape?.slice(0, name === 'seg_data' ? 2 : undefined).reduce((all, n) => all * n, 1) ?? 1
    const why = segmentation.includes(name) ? 'poses have no field for segmentation' : 'it is no part of the format'
    report.lost(`dataset ${path}`, count, why)
  }
  for (const name of await input.file.keys()) {
    if (!['poseest', 'static_objects', 'dynamic_objects'].includes(name))
      report.lost(`object ${name}`, 1, 'it is no part of the format')
  }
}

/** The small datasets of a group and of its groups, with points as x, y. */
async function objectsIn(input: ForeignFile, path: string, { report }: ReadOptions): Promise<Record<string, unknown>> {
  const objects: Record<string, unknown> = Object.create(null)
  if (!(await input.has(path, 'group'))) return objects
  for (const name of await input.guarded(path, async () => (await input.file.group(path)).keys())) {
    const inner = `${path}/${name}`
    if (path.split('/').length < 3 && (await input.has(inner, 'group'))) {
      objects[name] = await objectsIn(input, inner, { report })
      continue
    }
    const list = await listAt(input, inner)
    if (list === undefined) report.lost(`object ${inner}`, 1, `it is no list of at most ${mostValues} numbers`)
    else objects[name] = storedYx.includes(name) ? flipped(list) : list
  }
  return objects
}

const flipped = (list: unknown): unknown => {
  if (!Array.isArray(list)) return list
  return list.every((value) => typeof value === 'number') ? [...list].reverse() : list.map(flipped)
}

/** The numbers of a small dataset as nested lists. */
async function listAt(input: ForeignFile, path: string): Promise<unknown> {
  const dataset = await input.find(path)
  const shape = dataset && (await input.guarded(path, () => dataset.shape()))
  if (!dataset || !shape || !['float', 'integer'].includes(dataset.type.class)) return undefined
  return shape.reduce((all, n) => all * n, 1) > mostValues ? undefined : listOf(await input.read(dataset))
}

function listOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? Number(value) : value
  if (Array.isArray(value)) return value.map(listOf)
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, Number)
  const { data, shape } = value as { data: ArrayLike<number>; shape: readonly number[] }
  const flat: unknown[] = Array.from(data, Number)
  if (shape.length === 0) return flat[0]
  return shape
    .slice(1)
    .reduceRight<unknown[]>(
      (list, n) => Array.from({ length: n ? list.length / n : 0 }, (_, i) => list.slice(i * n, (i + 1) * n)),
      flat,
    )
}
