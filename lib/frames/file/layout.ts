/** The layout of a tracking file: its groups and datasets. */
import { bytesOf } from '../../hdf5/objects/elements.js'
import type { ElementType } from '../../native/native.js'
import type { FieldName } from './types.js'

/** The group that holds all datasets. */
export const root = '/tracking'

interface FieldLayout {
  /** Name of the dataset, or of the group with one dataset per camera. */
  name: string
  type: ElementType
  fill: number
  /** Allowed range of integers; absent for all values of the type. */
  range?: readonly [number, number]
  /** Shape of the values of one fish; of one frame if `perFrame`. */
  shape: number[]
  perFrame?: true
  perCamera?: true
}

const int32Max = 2 ** 31 - 1

/** The datasets of a tracking file, in the order in which they are created. */
export const fields: Readonly<Record<FieldName, FieldLayout>> = {
  frameIndex: { name: 'frame_index', type: 'int64', fill: 0, shape: [], perFrame: true },
  fishId: { name: 'fish_id', type: 'int32', fill: -1, shape: [] },
  centroid3d: { name: 'centroid_3d', type: 'float32', fill: Number.NaN, shape: [3] },
  confidence: { name: 'confidence', type: 'float32', fill: -1, shape: [] },
  reprojectionResidual: { name: 'reprojection_residual', type: 'float32', fill: -1, shape: [] },
  nCameras: { name: 'n_cameras', type: 'int32', fill: 0, shape: [], range: [0, int32Max] },
  isConfirmed: { name: 'is_confirmed', type: 'bool', fill: 0, shape: [], range: [0, 1] },
  cameraAssignments: {
    name: 'camera_assignments',
    type: 'int32',
    fill: -1,
    shape: [],
    range: [-1, int32Max],
    perCamera: true,
  },
  bboxes: { name: 'bboxes', type: 'int32', fill: -1, shape: [4], perCamera: true },
}

export const fieldNames = Object.keys(fields) as FieldName[]

/** The default filters of all datasets. The level is only declared in the file: our own encoder has no levels. */
export const defaultFilters = { level: 1, shuffle: true } as const

/** A dataset of a tracking file. */
export interface Column {
  field: FieldName
  /** null for a field that is not per camera. */
  camera: string | null
  path: string
  type: ElementType
  /** Shape of a row; [] for a single value. */
  rowShape: number[]
  /** Number of elements in a row. */
  width: number
  fill: number
}

/** The datasets of a file with these cameras and `maxFish` slots: field by field, and in a field camera by camera. */
export function columnsOf(cameraNames: readonly string[], maxFish: number): Column[] {
  return fieldNames.flatMap((field): Column[] => {
    const { name, type, fill, shape, perFrame, perCamera } = fields[field]
    const rowShape = perFrame ? shape : [maxFish, ...shape]
    const width = rowShape.reduce((product, n) => product * n, 1)
    const column = { field, type, rowShape, width, fill }
    const path = `${root}/${name}`
    if (!perCamera) return [{ ...column, camera: null, path }]
    return cameraNames.map((camera) => ({ ...column, camera, path: `${path}/${camera}` }))
  })
}

/** The groups that hold one dataset per camera. */
export const cameraGroups = fieldNames.filter((f) => fields[f].perCamera).map((f) => `${root}/${fields[f].name}`)

/** The number of rows of all these columns that fit into `bytes`; at least one. */
export function rowsIn(bytes: number, columns: readonly Column[]): number {
  const row = columns.reduce((sum, column) => sum + rowBytes(column), 0)
  return Math.max(1, Math.floor(bytes / row))
}

/** Size of a row of a column, bytes. */
export function rowBytes({ type, width }: Column): number {
  return width * bytesOf(type)
}
