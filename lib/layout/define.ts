/** `defineLayout`: checks the description of a layout and fills in its defaults. */
import { H5TracksError, invalidArgument, show } from '../base/errors.js'
import { checkKeys, defineField, type Flags, isLinkName } from './define-field.js'
import type { Field, FileFormat, Layout } from './model.js'
import type { FieldSpec, FieldSpecs, LayoutSpec } from './spec.js'

const described: FileFormat = { schema: 'h5tracks-frames', version: '1.0', describes: true }

const keys = ['group', 'slots', 'perFrame', 'fields', 'perCamera', 'cameras', 'drops', 'axes', 'attributes'] as const
const most = 2 ** 31 - 1

/**
 * Describes what the frames of a file hold, for `FrameWriter` and `FrameReader`. The types of records, columns and readings follow
 * from the description.
 *
 * ```ts
 * const poses = defineLayout({
 *   group: 'poses',
 *   slots: { name: 'animalId', max: 5 },
 *   perFrame: { time: { type: 'float64', unit: 's' } },
 *   fields: { keypoints: { type: 'float32', shape: [17, 2], unit: 'px' }, label: { type: 'enum', members: { idle: 0, feeding: 1 } } },
 *   perCamera: { box: { type: 'int32', shape: [4], fill: -1 } },
 * })
 * ```
 *
 * Throws ERR_INVALID_ARGUMENT, which names the part of the description that is wrong. The file is described in `docs/layouts.md`.
 */
export function defineLayout<const S extends LayoutSpec>(spec: S): Layout<S> {
  return makeLayout(spec, described)
}

/** Makes a layout for files of another format than our own, with fields in this order. */
export function makeLayout<const S extends LayoutSpec>(
  spec: S,
  format: FileFormat,
  order?: readonly string[],
): Layout<S> {
  checkKeys('layout', spec, keys)
  const { group, slots, perFrame = {}, fields = {}, perCamera = {}, cameras, drops = false } = spec
  const { axes = {}, attributes = {} } = spec
  checkGroup(group)
  if (typeof drops !== 'boolean') throw invalidArgument('layout.drops', drops, 'true or false')
  if (cameras !== undefined && !(Array.isArray(cameras) && cameras.every((name) => typeof name === 'string'))) {
    throw invalidArgument('layout.cameras', cameras, 'a list of names')
  }
  checkAxes(axes)
  if (typeof attributes !== 'object' || attributes === null) {
    throw invalidArgument('layout.attributes', attributes, 'an object')
  }
  const make = (place: string, specs: unknown, flags: Flags) => fieldsOf(place, specs, flags, axes)
  const index = indexField(perFrame.frameIndex)
  const { frameIndex: _, ...otherFrame } = perFrame as FieldSpecs
  const key = slots === undefined ? null : keyField(slots)
  const dropped = drops ? dropField() : null
  const all = [
    index,
    ...make('perFrame', otherFrame, { perFrame: true, perCamera: false }),
    ...(dropped ? [dropped] : []),
    ...(key ? [key] : []),
    ...make('fields', fields, { perFrame: false, perCamera: false }),
    ...make('perCamera', perCamera, { perFrame: false, perCamera: true }),
  ]
  if (order) all.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  checkDistinct(all, Object.keys(axes))
  return Object.freeze({
    spec,
    root: `/${group}`,
    fields: all,
    index,
    key,
    drops: dropped,
    slots: slots?.max ?? 1,
    cameras: cameras ?? null,
    axes: new Map(Object.entries(axes)),
    attributes,
    format,
  })
}

function fieldsOf(place: string, specs: unknown, flags: Flags, axes: NonNullable<LayoutSpec['axes']>): Field[] {
  if (typeof specs !== 'object' || specs === null || Array.isArray(specs)) {
    throw invalidArgument(`layout.${place}`, specs, 'an object with a field for each name')
  }
  return Object.entries(specs as FieldSpecs).map(([name, spec]) =>
    defineField(`layout.${place}`, name, spec, flags, axes),
  )
}

function indexField(given: FieldSpec | undefined): Field {
  const field = defineField('layout.perFrame', 'frameIndex', given ?? 'int64', { perFrame: true, perCamera: false }, {})
  if (field.storage === 'int64' && field.shape.length === 0) return field
  throw invalidArgument('layout.perFrame.frameIndex', given, "'int64', a single value")
}

function keyField(slots: NonNullable<LayoutSpec['slots']>): Field {
  checkKeys('layout.slots', slots, ['name', 'max', 'dataset'])
  const { name, max, dataset } = slots
  if (!Number.isInteger(max) || max < 1 || max > most) {
    throw invalidArgument('layout.slots.max', max, `an integer from 1 to ${most}`)
  }
  const spec = { type: 'int32', fill: -1, ...(dataset === undefined ? {} : { dataset }) } as const
  return defineField('layout.slots', name, spec, { perFrame: false, perCamera: false }, {})
}

function dropField(): Field {
  const spec = { type: 'bool', dataset: 'camera_dropped' } as const
  return defineField('layout', 'dropped', spec, { perFrame: true, perCamera: true }, {})
}

function checkGroup(group: unknown): void {
  const parts = typeof group === 'string' ? group.split('/') : ['']
  if (!parts.every(isLinkName)) {
    throw invalidArgument('layout.group', group, "the name of a group, without a '/' in front, '.' and NUL")
  }
}

function checkAxes(axes: unknown): void {
  if (typeof axes !== 'object' || axes === null) throw invalidArgument('layout.axes', axes, 'an object')
  for (const [name, labels] of Object.entries(axes)) {
    const kinds = Array.isArray(labels) ? new Set(labels.map((label) => typeof label)) : new Set()
    if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number'))) {
      throw invalidArgument(`layout.axes.${name}`, labels, 'a list of strings or of numbers, and not empty')
    }
  }
}

// Datasets, groups of cameras and scales are members of one group, and records and frames have one name space each.
function checkDistinct(fields: readonly Field[], axes: readonly string[]): void {
  const reserved = ['frame', 'slot']
  const seen = new Map<string, string>()
  for (const { name, dataset } of fields) {
    const owner = [...reserved, ...axes].includes(dataset) ? `the axis ${show(dataset)}` : seen.get(dataset)
    if (owner !== undefined) {
      const problem = `layout: the field ${show(name)} is stored as ${show(dataset)}, which is also the name of ${owner}`
      throw new H5TracksError(`${problem}; name the field or its dataset otherwise`, {
        code: 'ERR_INVALID_ARGUMENT',
        field: name,
      })
    }
    seen.set(dataset, `the dataset of ${show(name)}`)
  }
  const names = fields.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return
  throw new H5TracksError(`layout: two fields have the name ${show(twice)}`, {
    code: 'ERR_INVALID_ARGUMENT',
    field: twice,
  })
}
