/**
 * Writes the description of a layout into a new file: attributes of its datasets, and dimension scales, which name the axes for xarray,
 * netCDF and h5py. `docs/layouts.md` specifies it; `described.ts` reads it.
 */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import { attachNewScales } from '../../hdf5/objects/scales.js'
import type { Column, Field, Layout } from '../../layout/model.js'
import { runSync } from '../../native/operation.js'

/** Names of the axes of rows and of slots. */
export const frameAxis = 'frame'
export const slotAxis = 'slot'

/** The part that a field plays. */
export type Role = 'frame' | 'slot' | 'camera' | 'dropped'

export function roleOf({ perFrame, perCamera }: Pick<Field, 'perFrame' | 'perCamera'>): Role {
  if (perFrame) return perCamera ? 'dropped' : 'frame'
  return perCamera ? 'camera' : 'slot'
}

/** Describes the datasets of a layout. `datasets` are those of `columns`. */
export function describeLayout(
  file: File,
  layout: Layout,
  columns: readonly Column[],
  datasets: readonly Dataset[],
): void {
  if (!layout.format.describes) return
  const scales = new Map<string, Dataset>()
  try {
    const all = columns.map((column, i) => {
      const dataset = datasets[i] as Dataset
      describeField(dataset, column)
      const axes = axesOf(layout, column).map((label, axis) => {
        const length = axis === 0 ? null : (column.rowShape[axis - 1] as number)
        const scale = scales.get(label) ?? createScale(file, layout, label, length)
        scales.set(label, scale)
        return { scale, label }
      })
      return { dataset, axes }
    })
    runSync(attachNewScales(all))
  } finally {
    for (const scale of scales.values()) scale.close()
  }
}

/** The names of the axes of a dataset. */
export function axesOf({ key }: Layout, { field }: Column): string[] {
  return [frameAxis, ...(key && !field.perFrame ? [slotAxis] : []), ...field.axes]
}

function describeField({ attributes }: Dataset, { field }: Column): void {
  const { name, range, optional, unit, description, partial } = field
  attributes.setSync('field', name)
  attributes.setSync('role', roleOf(field))
  if (unit !== undefined) attributes.setSync('units', unit)
  if (description !== undefined) attributes.setSync('long_name', description)
  if (range) attributes.setSync('valid_range', [...range], { type: field.value.kind === 'float' ? 'float64' : 'int64' })
  if (optional) attributes.setSync('optional', true)
  if (partial === 'refuse') attributes.setSync('partial', partial)
}

// A scale without values takes no space and needs no extension: its length is that of the datasets that it is attached to.
function createScale(file: File, { root, axes }: Layout, name: string, length: number | null): Dataset {
  const path = `${root}/${name}`
  const labels = axes.get(name)
  if (labels) {
    const data = labels as readonly string[]
    const type = typeof labels[0] === 'string' ? 'string' : 'float64'
    const scale = file.createDatasetSync(path, { type, shape: [labels.length], trackTimes: false })
    scale.writeSync(data as never)
    scale.makeScaleSync(name)
    return scale
  }
  const shape = length === null ? { shape: [0], maxShape: [null], chunks: [1024] } : { shape: [length] }
  const scale = file.createDatasetSync(path, { type: 'float32', ...shape, trackTimes: false })
  scale.makeScaleSync(length === null ? dimensionName(0) : dimensionName(length))
  return scale
}

// The name by which netCDF-4 knows a dimension without a variable of its own; its length follows in ten columns.
const dimensionName = (length: number): string =>
  `This is a netCDF dimension but not a netCDF variable. ${String(length).padStart(10)}`
