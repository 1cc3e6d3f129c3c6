/** Finds out from a file which layouts it holds. */
import { H5TracksError, show } from '../../base/errors.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import { defineLayout, described } from '../../layout/define.js'
import type { Field, Layout, ValueType } from '../../layout/model.js'
import type { FieldSpec, LayoutSpec } from '../../layout/spec.js'
import { midlineLayout, midlineLayoutWith } from '../../layouts/midline.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { attributeOf } from './attribute.js'
import { frameAxis, type Role, slotAxis } from './describe.js'
import { descriptionAttributes } from './metadata.js'
import { valueTypeOf } from './stored-type.js'

/** The layouts of AquaPose's files, which do not describe themselves, by group. */
const known: ReadonlyMap<string, (file: File) => Layout> = new Map<string, (file: File) => Layout>([
  [trackingLayout.root, () => trackingLayout],
  [midlineLayout.root, midlinesIn],
])
// Groups may lie in groups, but a hostile file must not keep us busy with them, nor with what it says of its fields.
const deepest = 8
const mostGroups = 10_000
const mostFields = 1000
const mostLabels = 65_536
const longestText = 1000
const mostSamples = 1_000_000

/**
 * The groups of a file that have a layout, in the order of their names. Damaged objects are passed over, unless no layout is found.
 */
export function groupsIn(file: File): string[] {
  const found: string[] = []
  let seen = 0
  let damage: H5TracksError | undefined
  const visit = (path: string, depth: number): void => {
    if (++seen > mostGroups || !isGroup(path)) return
    if (path !== '/' && (isDescribed(file, path) || known.has(path))) found.push(path)
    else if (depth < deepest) {
      using group = file.groupSync(path)
      for (const name of group.keysSync()) visit(path === '/' ? `/${name}` : `${path}/${name}`, depth + 1)
    }
  }
  const isGroup = (path: string): boolean => {
    try {
      return file.kindSync(path) === 'group'
    } catch (error) {
      if (!(error instanceof H5TracksError) || error.code !== 'ERR_DAMAGED') throw error
      damage ??= error
      return false
    }
  }
  visit('/', 0)
  if (found.length === 0 && damage) throw damage
  return found
}

/** The layout of one of the groups that {@link groupsIn} finds. Throws ERR_FORMAT. */
export function layoutAt(file: File, root: string): Layout {
  const make = known.get(root)
  return make && !isDescribed(file, root) ? make(file) : readLayout(file, root)
}

/** The layout of a group; undefined if it has none. Throws ERR_FORMAT. */
export function layoutOf(file: File, root: string): Layout | undefined {
  const hasLayout = file.kindSync(root) === 'group' && (known.has(root) || isDescribed(file, root))
  return hasLayout ? layoutAt(file, root) : undefined
}

/** The layouts of a file, in the order of its groups. */
export function layoutsIn(file: File): Layout[] {
  return groupsIn(file).map((root) => layoutAt(file, root))
}

// AquaPose's users choose the number of sample points, and some versions also write the points.
function midlinesIn(file: File): Layout {
  const widths = midlineLayout.fields.find(({ name }) => name === 'halfWidths') as Field
  const kindOf = (name: string) => file.kindSync(`${midlineLayout.root}/${name}`)
  if (kindOf(widths.dataset) !== 'dataset') return midlineLayout
  using dataset = file.datasetSync(`${midlineLayout.root}/${widths.dataset}`)
  const samples = dataset.shapeSync()?.[2] ?? 0
  // Opening the file with the default then says what is wrong with the dataset.
  if (samples < 1 || samples > mostSamples) return midlineLayout
  return midlineLayoutWith({ samples, points: kindOf('points') === 'dataset' })
}

function isDescribed(file: File, path: string): boolean {
  using group = file.groupSync(path)
  return attributeOf(group, 'schema') === described.schema
}

/** Reads the layout of a group that describes itself. Throws ERR_FORMAT. */
function readLayout(file: File, root: string): Layout {
  const fail = (problem: string): never => {
    throw new H5TracksError(`${file.filename} does not describe the layout of ${show(root)}: ${problem}`, {
      code: 'ERR_FORMAT',
      path: file.filename,
    })
  }
  using group = file.groupSync(root)
  const names = attributeOf(group, descriptionAttributes.fields)
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    return fail(`its attribute ${show(descriptionAttributes.fields)} must list the names of its datasets`)
  }
  if (names.length > mostFields) return fail(`it has ${names.length} fields, and ${mostFields} are allowed`)
  const long = names.find((name) => name.length > longestText)
  if (long !== undefined) return fail(`the name ${show(long)} has more than ${longestText} characters`)
  const key = attributeOf(group, descriptionAttributes.key) ?? null
  const found = names.flatMap((name) => readField(file, root, name, fail) ?? [])
  const twice = found.find(({ name }, i) => found.findIndex((field) => field.name === name) !== i)
  if (twice) return fail(`two fields have the name ${show(twice.name)}`)
  const axes = new Map<string, readonly string[] | readonly number[]>()
  for (const { labels } of found) for (const [axis, texts] of labels) axes.set(axis, texts)
  const part = (role: Role) =>
    Object.fromEntries(
      found.flatMap((field) => (field.role === role && field.dataset !== key ? [[field.name, field.spec]] : [])),
    )
  const keyField = found.find(({ dataset }) => dataset === key)
  if (key !== null && !keyField?.slots) return fail(`its key ${show(key)} is not one of its datasets with slots`)
  const spec: LayoutSpec = {
    group: root.slice(1),
    ...(keyField?.slots && { slots: { name: keyField.name, max: keyField.slots, dataset: keyField.dataset } }),
    perFrame: part('frame'),
    fields: part('slot'),
    perCamera: part('camera'),
    drops: found.some(({ role }) => role === 'dropped'),
    axes: Object.fromEntries(axes),
  }
  try {
    return defineLayout(spec)
  } catch (error) {
    return fail((error as Error).message)
  }
}

interface FoundField {
  name: string
  dataset: string
  role: Role
  spec: FieldSpec
  /** Length of the axis of slots; absent without slots. */
  slots?: number
  labels: Map<string, readonly string[] | readonly number[]>
}

/** Null for a field with one dataset per camera in a file without cameras. */
function readField(file: File, root: string, name: string, fail: (problem: string) => never): FoundField | null {
  const path = `${root}/${name}`
  const kind = file.kindSync(path)
  if (kind !== 'dataset' && kind !== 'group') return fail(`${show(path)} is missing`)
  const member = kind === 'group' ? firstMember(file, path) : path
  if (member === null) return null
  if (file.kindSync(member) !== 'dataset') return fail(`${show(member)} is not a dataset`)
  using dataset = file.datasetSync(member)
  const { type, shape } = dataset.detailsSync()
  const value = valueTypeOf(type)
  if (!value || !shape) return fail(`${show(member)} has values of a type that no field has`)
  const text = (attribute: string): string | undefined => {
    const given = attributeOf(dataset, attribute)
    if (typeof given !== 'string') return undefined
    return given.length <= longestText
      ? given
      : fail(`${attribute} of ${show(member)} has more than ${longestText} characters`)
  }
  const role = text('role')
  if (role !== 'frame' && role !== 'slot' && role !== 'camera' && role !== 'dropped') {
    return fail(`${show(member)} has no attribute 'role' that says what it holds`)
  }
  const axes = shape.map((_, axis) => dataset.labelSync(axis) ?? `${name}_${axis}`)
  const hasSlots = axes[1] === slotAxis
  const own = hasSlots ? 2 : 1
  const [range, unit, description, partial] = [rangeOf(dataset), text('units'), text('long_name'), text('partial')]
  return {
    name: text('field') ?? name,
    dataset: name,
    role,
    spec: {
      ...specOf(value, dataset),
      dataset: name,
      shape: shape.slice(own),
      axes: axes.slice(own),
      ...(range && { range }),
      ...(unit !== undefined && { unit }),
      ...(description !== undefined && { description }),
      ...(partial === 'refuse' && { partial }),
      ...(dataset.attributes.hasSync('optional') && { optional: true }),
    } as unknown as FieldSpec,
    ...(hasSlots && { slots: shape[1] as number }),
    labels: labelsOf(file, root, axes.slice(own), shape.slice(own)),
  }
}

function firstMember(file: File, path: string): string | null {
  using group = file.groupSync(path)
  const [name] = group.keysSync()
  return name === undefined ? null : `${path}/${name}`
}

function rangeOf(dataset: Dataset): readonly number[] | undefined {
  const range = attributeOf(dataset, 'valid_range')
  const numbers =
    ArrayBuffer.isView(range) || Array.isArray(range) ? Array.from(range as ArrayLike<unknown>, Number) : []
  return numbers.length === 2 ? numbers : undefined
}

function specOf(value: ValueType, dataset: Dataset): Record<string, unknown> {
  if (value.kind === 'string') return { type: 'string', length: value.length }
  const fill = firstOf(dataset.detailsSync().fill)
  if (value.kind === 'bool') return { type: 'bool', fill: fill === true || fill === 1 }
  if (value.kind !== 'enum') return { type: value.type, fill }
  const name = [...value.members].find(([member, n]) => n === Number(fill) || member === fill)?.[0]
  return { type: 'enum', base: value.base, members: Object.fromEntries(value.members), fill: name }
}

const firstOf = (data: unknown): unknown =>
  typeof data === 'object' && data !== null ? (data as ArrayLike<unknown>)[0] : data

/** The labels of those axes that have any: a dataset beside the fields, with one label for each index. */
function labelsOf(file: File, root: string, axes: readonly string[], shape: readonly number[]): FoundField['labels'] {
  const labels: FoundField['labels'] = new Map()
  for (const [i, axis] of axes.entries()) {
    const path = `${root}/${axis}`
    if (axis === frameAxis || file.kindSync(path) !== 'dataset') continue
    using scale = file.datasetSync(path)
    const { type, shape: own } = scale.detailsSync()
    if (type.class !== 'string' && !(type.class === 'float' && type.size === 8)) continue
    const length = own?.length === 1 ? (own[0] as number) : 0
    if (length === 0 || length !== shape[i] || length > mostLabels) continue
    const values = Array.from(scale.readSync().data as ArrayLike<string>)
    if (values.every((value) => typeof value !== 'string' || value.length <= longestText)) labels.set(axis, values)
  }
  return labels
}
