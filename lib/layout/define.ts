/** `defineLayout`: checks the description of a layout and fills in its defaults. */
import { H5TracksError, invalidArgument, show } from '../base/errors.js'
import { inferred, isStorable } from '../hdf5/values/attribute-value.js'
import { defineField, type Flags } from './define-field.js'
import { checkDatasetNames, checkFieldNames } from './distinct.js'
import type { Field, FileFormat, Layout } from './model.js'
import { checkKeys, checkName, isLinkName } from './names.js'
import type { FieldSpec, FieldSpecs, LayoutSpec } from './spec.js'

/** The format of files that describe their layout. */
export const described: FileFormat = { schema: 'h5tracks-frames', version: '1.0', describes: true }

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
  checkAttributes(attributes)
  checkFields('perFrame', perFrame)
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
  checkFieldNames(all, key)
  checkDatasetNames(all, Object.keys(axes))
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
  checkFields(place, specs)
  return Object.entries(specs).map(([name, spec]) => defineField(`layout.${place}`, name, spec, flags, axes))
}

function checkFields(place: string, specs: unknown): asserts specs is FieldSpecs {
  if (typeof specs === 'object' && specs !== null && !Array.isArray(specs)) return
  throw invalidArgument(`layout.${place}`, specs, 'an object with a field for each name')
}

function indexField(given: FieldSpec | undefined): Field {
  const field = defineField('layout.perFrame', 'frameIndex', given ?? 'int64', { perFrame: true, perCamera: false }, {})
  if (field.storage === 'int64' && field.shape.length === 0) return field
  throw invalidArgument('layout.perFrame.frameIndex', given, "'int64', a single value")
}

function keyField(slots: NonNullable<LayoutSpec['slots']>): Field {
  checkKeys('layout.slots', slots, ['name', 'max', 'dataset'])
  const { name, max, dataset } = slots
  checkName('layout.slots.name', name)
  if (dataset !== undefined) checkName('layout.slots.dataset', dataset)
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
    throw invalidArgument('layout.group', group, "a path such as 'poses' or 'rig/poses', without a leading '/' and NUL")
  }
}

function checkAxes(axes: unknown): void {
  if (typeof axes !== 'object' || axes === null) throw invalidArgument('layout.axes', axes, 'an object')
  for (const [name, labels] of Object.entries(axes)) {
    const isList = Array.isArray(labels) && labels.length > 0
    if (isList && (labels.every(isStorable) || labels.every((label) => typeof label === 'number'))) continue
    throw invalidArgument(`layout.axes.${name}`, labels, 'a non-empty list of strings without NUL or of numbers')
  }
}

function checkAttributes(attributes: unknown): void {
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) {
    throw invalidArgument('layout.attributes', attributes, 'an object with a value for each name')
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name === '' || !isStorable(name)) {
      const problem = `layout.attributes has the name ${show(name)}; names are non-empty, well-formed strings without NUL`
      throw new H5TracksError(problem, { code: 'ERR_INVALID_ARGUMENT', field: 'layout.attributes' })
    }
    inferred(`layout.attributes.${name}`, value)
  }
}
