/** The attributes of a layout's group: cameras, the description of the layout, and the caller's metadata. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { type AttributeValue, type Inferred, inferred, isStorable } from '../../hdf5/values/attribute-value.js'
import { sizeOf, toType } from '../../hdf5/values/type-spec.js'
import { type Layout, usesCameras } from '../../layout/model.js'
import { versions } from '../../native/versions.js'
import { attributeOf, type GroupAttributes } from './attribute.js'
import { cleanAttribute, lossesAttribute, runAttribute } from './marks.js'
import type { Metadata, ReadMetadata } from './types.js'

const camerasAttribute = 'camera_names'
/** The attributes of a file that describes its layout: the names of the datasets, and which of them are index and key. */
export const descriptionAttributes = { fields: 'fields', index: 'frame_key', key: 'slot_key' } as const

const ownOf = ({ format }: Pick<Layout, 'format'>): Metadata => ({
  ...(format.schema && { schema: format.schema, schema_version: format.version }),
  created_by: `h5tracks ${versions.h5tracks} (HDF5 ${versions.hdf5.running})`,
})

const describe = ({ format, fields, index, key }: Layout): Metadata =>
  format.describes
    ? {
        [descriptionAttributes.fields]: fields.map(({ dataset }) => dataset),
        [descriptionAttributes.index]: index.dataset,
        ...(key && { [descriptionAttributes.key]: key.dataset }),
      }
    : {}

/** The groups whose layouts are written in step with that of a group, itself included; absent for one that is written alone. */
export const stepAttribute = 'in_step'

const marks = [runAttribute, cleanAttribute]
const hidden = [camerasAttribute, stepAttribute, ...marks]

/**
 * Separates the metadata that a caller can give to another file (`given`) from the file's own attributes. `kept` names those of them
 * that differ from file to file.
 */
export function withoutOwn(layout: Layout, metadata: ReadMetadata): { given: ReadMetadata; kept: string[] } {
  const given = Object.assign(Object.create(null), metadata) as ReadMetadata
  const { tally } = layout.format
  for (const name of [...Object.keys(ownOf(layout)), 'schema', 'schema_version', ...(tally ? [tally] : [])])
    delete given[name]
  return { given, kept: tally && tally in metadata ? [tally] : [] }
}

export type Attributes = readonly (readonly [string, Inferred])[]

/**
 * Checks and encodes the attributes of a layout's group in a new file: those that all files of the layout have, and the caller's
 * metadata. Throws ERR_INVALID_ARGUMENT.
 */
export function encodeMetadata(
  layout: Layout,
  cameraNames: readonly string[],
  metadata: unknown,
  inStep: readonly Layout[] = [layout],
): { attributes: Attributes; metadata: Attributes } {
  if (typeof metadata !== 'object' || metadata === null) throw invalidArgument('metadata', metadata, 'an object')
  const groups = inStep.length > 1 && { [stepAttribute]: inStep.map(({ root }) => root.slice(1)) }
  const own = Object.entries({ ...ownOf(layout), ...describe(layout), ...groups })
  const reserved = new Set([camerasAttribute, ...own.map(([name]) => name)])
  if (layout.format.tally) reserved.add(layout.format.tally)
  for (const name of [lossesAttribute, stepAttribute, ...marks]) reserved.add(name)
  const declared = attributesFrom('layout.attributes', layout.attributes, reserved)
  // A string type even without cameras, so that the attribute has the same type in every file.
  const cameras: Inferred = { ...inferred('cameraNames', cameraNames), type: toType('string') }
  const named = usesCameras(layout) ? [[camerasAttribute, cameras] as [string, Inferred]] : []
  return {
    attributes: [
      ...named,
      ...own.map(([name, value]): [string, Inferred] => [name, inferred(name, value)]),
      ...declared,
    ],
    metadata: attributesFrom('metadata', metadata as Metadata, reserved),
  }
}

function attributesFrom(place: string, values: Metadata, reserved: ReadonlySet<string>): [string, Inferred][] {
  return Object.entries(values).map(([name, value]) => {
    if (reserved.has(name) || name === '' || !isStorable(name)) {
      throw new H5TracksError(
        `${place} cannot have the name ${show(name)}: names are non-empty, well-formed Unicode without NUL, and ` +
          `${[...reserved].join(', ')} are the file's own`,
        { code: 'ERR_INVALID_ARGUMENT', field: place },
      )
    }
    return [name, inferred(`${place}.${name}`, value)]
  })
}

// An attribute with its name and type must stay below 64 KiB in a group of the oldest format.
const largeBytes = 60_000
// A variable-length string takes a reference of this size in the attribute.
const textBytes = 16

/** True if an attribute needs a group of a newer format, which HDF5 1.8 and later can read. */
export function isLarge({ type, shape }: Inferred): boolean {
  const bytes = type.class === 'string' ? textBytes : sizeOf(type)
  return shape.reduce((all, n) => all * n, bytes) > largeBytes
}

/** The number of values that lost a fraction, as recorded in the file. */
export function tallyIn({ format }: Layout, metadata: Readonly<ReadMetadata>): number {
  const count = Number((format.tally && metadata[format.tally]) ?? 0)
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}

/** The camera names of a layout. Throws ERR_FORMAT if the attribute is missing or invalid. */
export function readCameraNames(file: File, layout: Layout, attributes: GroupAttributes): string[] {
  if (!usesCameras(layout)) return []
  const fail = (found: string): never => {
    throw new H5TracksError(
      `${file.filename}: attribute ${camerasAttribute} of ${layout.root} must be a list of distinct strings; found ${found}`,
      { code: 'ERR_FORMAT', path: file.filename, field: camerasAttribute },
    )
  }
  const names = attributes.value(camerasAttribute)
  if (names === undefined) return fail('no such attribute')
  if (!Array.isArray(names)) return fail(show(names))
  // Without cameras, h5py writes an empty array of float64, which is read as an empty list.
  if (!names.every((name) => typeof name === 'string')) return fail(show(names))
  if (new Set(names).size !== names.length) return fail(show(names))
  return names
}

/** The attributes of a layout's group, without its cameras, its description and the marks of the writer. */
export function readMetadata({ format }: Layout, attributes: GroupAttributes): ReadMetadata {
  const metadata = Object.create(null) as ReadMetadata
  const left = new Set<string>([...hidden, ...(format.describes ? Object.values(descriptionAttributes) : [])])
  for (const name of attributes.names()) {
    if (!left.has(name)) metadata[name] = attributes.value(name) as AttributeValue
  }
  return metadata
}

/** The paths of the groups that are written in step with a group, itself included. */
export function groupsInStep(file: File, root: string): string[] {
  using group = file.groupSync(root)
  const names = attributeOf(group, stepAttribute)
  return Array.isArray(names) && names.length > 0 ? names.map((name) => `/${name}`) : [root]
}
