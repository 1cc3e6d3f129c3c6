/** The attributes of groups and arrays in Zarr's form. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { Group } from '../../hdf5/objects/group.js'
import { Reference } from '../../hdf5/values/reference.js'
import { objectOf } from './json.js'

/** What HDF5 and netCDF-4 need for dimension scales, which Zarr says in another way. */
const ofScales = new Set(['DIMENSION_LIST', 'REFERENCE_LIST', 'CLASS', 'NAME', '_Netcdf4Dimid', '_NCProperties'])

/** The name of the attribute in which xarray looks for the dimensions of a Zarr array. */
const dimensions = '_ARRAY_DIMENSIONS'

/** The contents of `.zattrs` of a group; `changed` replaces attributes. */
export function groupAttributes(group: Group, changed: Readonly<Record<string, unknown>> = {}): string {
  return objectOf({ ...attributesOf(group), ...changed })
}

/** The contents of `.zattrs` of an array. The names of an enum become the attributes `flag_values` and `flag_meanings`, as in CF. */
export function arrayAttributes(dataset: Dataset, axes: readonly string[]): string {
  const { type } = dataset
  const names = type.class === 'enum' ? Object.keys(type.members) : []
  const flags = type.class === 'enum' && { flag_values: Object.values(type.members), flag_meanings: names.join(' ') }
  return objectOf({ ...flags, ...attributesOf(dataset), [dimensions]: axes })
}

function attributesOf({ attributes }: Group | Dataset): Record<string, unknown> {
  const all: Record<string, unknown> = Object.create(null)
  for (const name of attributes.keysSync()) {
    if (ofScales.has(name)) continue
    const value = attributes.getSync(name)
    if (!hasReference(value)) all[name] = value
  }
  return all
}

function hasReference(value: unknown): boolean {
  return value instanceof Reference || (Array.isArray(value) && value.some(hasReference))
}
