/** What HDF5 makes in a new file: the groups of its layouts, their attributes and datasets. */
import type { DatasetSpec } from '../../../hdf5/objects/creation.js'
import type { Dataset } from '../../../hdf5/objects/dataset.js'
import type { File } from '../../../hdf5/objects/file.js'
import { fillNumber } from '../../../layout/half.js'
import { type Column, cameraGroups, type Field } from '../../../layout/model.js'
import { describeLayout } from '../../file/describe.js'
import type { Attributes } from '../../file/metadata.js'
import { typeOf } from '../../file/stored-type.js'
import { filtersOf } from './block-writer.js'
import type { CheckedOptions } from './options.js'
import type { GroupContents } from './template-key.js'

/** The group of a layout in a new file, with its datasets. */
export interface GroupPlan extends GroupContents {
  columns: readonly Column[]
}

/** Creates the groups of a file with everything in them but the caller's metadata. */
export function createGroups(file: File, plans: readonly GroupPlan[], options: CheckedOptions): void {
  for (const plan of plans) createGroup(file, plan, options)
}

function createGroup(file: File, plan: GroupPlan, options: CheckedOptions): void {
  const { layout, columns, chunkFrames, attributes, trackOrder } = plan
  file.createGroupSync(layout.root, { trackOrder }).close()
  for (const group of cameraGroups(layout)) file.createGroupSync(group).close()
  setAttributes(file, layout.root, attributes)
  const datasets = columns.map((column) => createColumn(file, column, chunkFrames, options))
  describeLayout(file, layout, columns, datasets)
  for (const dataset of datasets) dataset.close()
}

/** Sets the caller's metadata of each group. */
export function setMetadata(file: File, plans: readonly GroupPlan[]): void {
  for (const { layout, metadata } of plans) setAttributes(file, layout.root, metadata)
}

function setAttributes(file: File, path: string, attributes: Attributes): void {
  if (attributes.length === 0) return
  using group = file.groupSync(path)
  for (const [name, { data, ...form }] of attributes) group.attributes.setSync(name, data, form)
}

function createColumn(file: File, column: Column, chunkFrames: number, options: CheckedOptions): Dataset {
  const { deflate, shuffle } = filtersOf(column, options)
  const spec: DatasetSpec = {
    type: typeOf(column.field),
    shape: [0, ...column.rowShape],
    maxShape: [null, ...column.rowShape],
    chunks: [chunkFrames, ...column.rowShape],
    fill: fillOf(column.field),
    // As h5py does, so that h5dump shows no difference.
    fillTime: 'alloc',
    // So that files differ only in what they hold.
    trackTimes: false,
    filters: [...(shuffle ? ['shuffle' as const] : []), ...(deflate === null ? [] : [{ deflate }])],
  }
  return file.createDatasetSync(column.path, spec)
}

/** The fill value of a dataset, as a user of HDF5 gives it. */
function fillOf(field: Field): number | bigint | string {
  if (field.value.kind === 'string') return ''
  return field.storage === 'int64' || field.storage === 'uint64' ? BigInt(field.fill) : fillNumber(field)
}
