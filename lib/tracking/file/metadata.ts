import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import { type Inferred, inferred, isStorable } from '../../hdf5/values/attribute-value.js'
import { sizeOf, toType } from '../../hdf5/values/type-spec.js'
import { versions } from '../../native/versions.js'
import { root } from './layout.js'
import type { Metadata, ReadMetadata } from './types.js'

const camerasAttribute = 'camera_names'

// What a writer keeps for itself: which run wrote the file, and whether it came to its end.
export const cleanAttribute = 'closed_cleanly'
/** How many boxes lost fractions; only where there are any. Readers get it with the metadata. */
const truncatedAttribute = 'boxes_truncated'
export const runAttribute = 'run_id'
const bookkeeping = [runAttribute, cleanAttribute]
/** A line for each time that frames were lost for good; only where that was. Readers get it with the metadata. */
export const lossesAttribute = 'losses'

const ownAttributes = (): Metadata => ({
  schema: 'aquapose-tracking',
  schema_version: '1.0',
  created_by: `h5tracks ${versions.h5tracks} (HDF5 ${versions.hdf5.running})`,
})

/** Metadata without what every file says of itself; `kept`: names that say more of this file, and that no other can be given. */
export function withoutOwn(metadata: ReadMetadata): { given: ReadMetadata; kept: string[] } {
  const given = Object.assign(Object.create(null), metadata) as ReadMetadata
  for (const name of [...Object.keys(ownAttributes()), truncatedAttribute]) delete given[name]
  return { given, kept: [truncatedAttribute].filter((name) => name in metadata) }
}

/** The attributes of a new file, checked and ready to be written: the cameras, ours, and the caller's. */
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
  // Strings even when there are none: the type of the attribute is the same in every file.
  const cameras: Inferred = { ...inferred('cameraNames', cameraNames), type: toType('string') }
  const rest = [...own, ...given].map(([name, value]): [string, Inferred] => [
    name,
    inferred(`metadata.${name}`, value),
  ])
  return [[camerasAttribute, cameras], ...rest]
}

// With its name and its type it is to stay below the 64 KiB that a group of the oldest format holds of one.
const largeBytes = 60_000
// Where texts of any length lie, in the place of the text.
const textBytes = 16

/** Whether an attribute needs a group of a newer format, which h5py and all that has HDF5 1.8 read too. */
export function isLarge({ type, shape }: Inferred): boolean {
  const bytes = type.class === 'string' ? textBytes : sizeOf(type)
  return shape.reduce((all, n) => all * n, bytes) > largeBytes
}

/** How many boxes lost fractions, as the file says. */
export function truncatedBoxes(metadata: Readonly<ReadMetadata>): number {
  const count = Number(metadata[truncatedAttribute] ?? 0)
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}

/** What was lost of a file, as it says: a line for each time. */
export function lossesIn(metadata: Readonly<ReadMetadata>): string[] {
  const losses = metadata[lossesAttribute]
  return Array.isArray(losses) ? losses.map(String) : losses === undefined ? [] : [String(losses)]
}

/** The cameras of a file as it names them; ERR_FORMAT when it does not. */
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
  // Without cameras h5py writes an empty array of float64, which is an empty list here too.
  if (!names.every((name) => typeof name === 'string')) return fail(show(names))
  if (new Set(names).size !== names.length) return fail(show(names))
  return names
}

/** The attributes of a file beside its cameras and the writer's own. */
export function readMetadata(file: File): ReadMetadata {
  const metadata = Object.create(null) as ReadMetadata
  using group = file.groupSync(root)
  for (const name of group.attributes.keysSync()) {
    if (name !== camerasAttribute && !bookkeeping.includes(name)) metadata[name] = group.attributes.getSync(name)
  }
  return metadata
}
