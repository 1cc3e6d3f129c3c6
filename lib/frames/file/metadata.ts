/** The attributes of a tracking file: cameras, metadata and the writer's own marks. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { type Inferred, inferred, isStorable } from '../../hdf5/values/attribute-value.js'
import { sizeOf, toType } from '../../hdf5/values/type-spec.js'
import { versions } from '../../native/versions.js'
import { root } from './layout.js'
import type { Metadata, ReadMetadata } from './types.js'

const camerasAttribute = 'camera_names'

// Attributes that readers do not get with the metadata: the run id of the writer, and whether it closed the file.
export const cleanAttribute = 'closed_cleanly'
/** Number of boxes whose fractions were truncated; absent if there are none. Readers get it with the metadata. */
const truncatedAttribute = 'boxes_truncated'
export const runAttribute = 'run_id'
const bookkeeping = [runAttribute, cleanAttribute]
/** One line for each recovery that lost frames; absent if there was none. Readers get it with the metadata. */
export const lossesAttribute = 'losses'

const ownAttributes = (): Metadata => ({
  schema: 'aquapose-tracking',
  schema_version: '1.0',
  created_by: `h5tracks ${versions.h5tracks} (HDF5 ${versions.hdf5.running})`,
})

/**
 * Separates the metadata that a caller can give to another file (`given`) from the file's own attributes. `kept` names those of them
 * that differ from file to file.
 */
export function withoutOwn(metadata: ReadMetadata): { given: ReadMetadata; kept: string[] } {
  const given = Object.assign(Object.create(null), metadata) as ReadMetadata
  for (const name of [...Object.keys(ownAttributes()), truncatedAttribute]) delete given[name]
  return { given, kept: [truncatedAttribute].filter((name) => name in metadata) }
}

/** Checks and encodes the attributes of a new file: the cameras, our own and the caller's. Throws ERR_INVALID_ARGUMENT. */
export function encodeMetadata(cameraNames: readonly string[], metadata: unknown): [string, Inferred][] {
  if (typeof metadata !== 'object' || metadata === null) throw invalidArgument('metadata', metadata, 'an object')
  const own = Object.entries(ownAttributes())
  const given = Object.entries(metadata as Metadata)
  const reserved = new Set([
    camerasAttribute,
    ...own.map(([name]) => name),
    truncatedAttribute,
    lossesAttribute,
    ...bookkeeping,
  ])
  for (const [name] of given) {
    if (reserved.has(name) || name === '' || !isStorable(name)) {
      throw new H5TracksError(
        `metadata cannot have the name ${show(name)}: names are non-empty, well-formed Unicode without NUL, and ` +
          `${[...reserved].join(', ')} are the file's own`,
        { code: 'ERR_INVALID_ARGUMENT', field: 'metadata' },
      )
    }
  }
  // A string type even without cameras, so that the attribute has the same type in every file.
  const cameras: Inferred = { ...inferred('cameraNames', cameraNames), type: toType('string') }
  const rest = [...own, ...given].map(([name, value]): [string, Inferred] => [
    name,
    inferred(`metadata.${name}`, value),
  ])
  return [[camerasAttribute, cameras], ...rest]
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

/** The number of boxes whose fractions were truncated, as recorded in the file. */
export function truncatedBoxes(metadata: Readonly<ReadMetadata>): number {
  const count = Number(metadata[truncatedAttribute] ?? 0)
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}

/** The losses recorded in a file: one line for each recovery that lost frames. */
export function lossesIn(metadata: Readonly<ReadMetadata>): string[] {
  const losses = metadata[lossesAttribute]
  return Array.isArray(losses) ? losses.map(String) : losses === undefined ? [] : [String(losses)]
}

/** The camera names of a file. Throws ERR_FORMAT if the attribute is missing or invalid. */
export function readCameraNames(file: File): string[] {
  const fail = (found: string): never => {
    throw new H5TracksError(
      `${file.filename}: attribute ${camerasAttribute} of ${root} must be a list of distinct strings; found ${found}`,
      { code: 'ERR_FORMAT', path: file.filename, field: camerasAttribute },
    )
  }
  using group = file.groupSync(root)
  if (!group.attributes.hasSync(camerasAttribute)) return fail('no such attribute')
  const names = group.attributes.getSync(camerasAttribute)
  if (!Array.isArray(names)) return fail(show(names))
  // Without cameras, h5py writes an empty array of float64, which is read as an empty list.
  if (!names.every((name) => typeof name === 'string')) return fail(show(names))
  if (new Set(names).size !== names.length) return fail(show(names))
  return names
}

/** The attributes of a file, without its cameras and the marks of the writer. */
export function readMetadata(file: File): ReadMetadata {
  const metadata = Object.create(null) as ReadMetadata
  using group = file.groupSync(root)
  for (const name of group.attributes.keysSync()) {
    if (name !== camerasAttribute && !bookkeeping.includes(name)) metadata[name] = group.attributes.getSync(name)
  }
  return metadata
}
