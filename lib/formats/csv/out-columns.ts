/** The columns of a table that is written, from the fields of a layout. */
import { fillNumber } from '../../layout/half.js'
import type { Field, Layout } from '../../layout/model.js'
import { arrayIn } from '../core/arrays.js'
import { valuesOf } from '../core/batches.js'
import type { Batch, BatchArray, Recording } from '../core/format.js'

/** A column: one number of a field. */
export interface OutColumn {
  readonly name: string
  readonly kind: 'integer' | 'wide' | 'float32' | 'float64' | 'bool' | 'enum' | 'text'
  readonly field: Field
  readonly camera: string | undefined
  /** The place of the number in a value of the field, and the number of numbers of a value. */
  readonly at: number
  readonly width: number
  /** A value all of whose numbers are this one is not known: its cells are empty. */
  readonly blank: number | undefined
  readonly members: ReadonlyMap<number, string>
}

/** The names that `h5tracks import` and people know, of fields of tracking files and of tables. */
const known: Readonly<Record<string, readonly string[]>> = {
  centroid_3d: ['x', 'y', 'z'],
  reprojection_residual: ['residual'],
  is_confirmed: ['confirmed'],
  box: ['left', 'top', 'width', 'height'],
  bboxes: ['left', 'top', 'width', 'height'],
  camera_box: ['left', 'top', 'width', 'height'],
  camera_assignments: ['det_index'],
  camera_detection: ['det_index'],
}

/** The columns of frames, and those of records. */
export function outColumns({ layout, cameras }: Recording): { frames: OutColumn[]; records: OutColumn[] } {
  const frames: OutColumn[] = []
  const records: OutColumn[] = []
  for (const field of layout.fields) {
    if (field === layout.index || field === layout.key) continue
    const list = field.perFrame ? frames : records
    if (!field.perCamera) list.push(...columnsOf(layout, field, undefined))
    else for (const camera of cameras) list.push(...columnsOf(layout, field, camera))
  }
  return { frames, records }
}

function columnsOf(layout: Layout, field: Field, camera: string | undefined): OutColumn[] {
  const width = valuesOf(field)
  const names = namesOf(layout, field, width)
  const fill = fillNumber(field)
  const members = field.value.kind === 'enum' ? [...field.value.members].map(([name, n]) => [n, name] as const) : []
  return names.map((name, at) => ({
    name: camera === undefined ? name : `${camera}_${name}`,
    kind: kindOf(field),
    field,
    camera,
    at,
    width,
    blank: Number.isNaN(fill) || fill === -1 ? fill : undefined,
    members: new Map(members),
  }))
}

function namesOf({ axes }: Layout, field: Field, width: number): readonly string[] {
  const own = known[field.dataset]
  if (own?.length === width) return own
  if (field.perCamera && field.perFrame) return ['dropped']
  const labelled = field.shape.map((length, axis) => {
    const labels = axes.get(field.axes[axis] ?? '')
    return Array.from({ length }, (_, i) => String(labels?.[i] ?? i))
  })
  const all = labelled.reduce<string[]>(
    (names, labels) => names.flatMap((name) => labels.map((label) => `${name}_${label}`)),
    [''],
  )
  const plain = all.map((name) => name.slice(1))
  // A skeleton's columns are called as those of other pose tables: nose_x, nose_confidence.
  if (field.dataset === 'keypoints' || field.dataset === 'camera_keypoints') return plain
  if (field.axes[0] === 'node' && field.shape.length === 1)
    return plain.map((name) => `${name}_${field.dataset.replace(/^camera_/, '')}`)
  return field.shape.length === 0 ? [field.dataset] : plain.map((name) => `${field.dataset}_${name}`)
}

function kindOf({ value }: Field): OutColumn['kind'] {
  if (value.kind === 'integer') return value.type === 'int64' || value.type === 'uint64' ? 'wide' : 'integer'
  if (value.kind === 'float') return value.type === 'float64' ? 'float64' : 'float32'
  if (value.kind === 'string') return 'text'
  return value.kind
}

/** The arrays of columns in a batch; undefined for those that the batch leaves out. */
export function arraysOf(columns: readonly OutColumn[], batch: Batch): (BatchArray | undefined)[] {
  return columns.map(({ field, camera }) => arrayIn(batch, field.name, camera))
}
