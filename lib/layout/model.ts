/** A layout as the rest of the package uses it: fields with all defaults filled in, and the columns of a file. */
import type { WritableAttributeValue } from '../hdf5/values/attribute-value.js'
import { bytesOf, type ElementType } from '../native/element-types.js'
import type { FloatType, IntegerType, LayoutSpec } from './spec.js'

/** What the values of a field are. */
export type ValueType =
  | { readonly kind: 'integer'; readonly type: IntegerType }
  | { readonly kind: 'float'; readonly type: FloatType }
  | { readonly kind: 'bool' }
  | { readonly kind: 'enum'; readonly base: IntegerType; readonly members: ReadonlyMap<string, number> }
  | { readonly kind: 'string'; readonly length: number }

/** A field of a layout. */
export interface Field {
  readonly name: string
  /** Name of the dataset in the group, or of the group with one dataset per camera. */
  readonly dataset: string
  readonly value: ValueType
  /** The type of the arrays that hold the stored values: the bits of a float16, the bytes of a string, the numbers of an enum. */
  readonly storage: ElementType
  /** Number of elements of the storage type that a single value takes: the length of a string, else 1. */
  readonly elements: number
  /** Shape of one value, without the bytes of a string. */
  readonly shape: readonly number[]
  /** A name for each axis of `shape`. */
  readonly axes: readonly string[]
  /** One value for each frame, not for each record. */
  readonly perFrame: boolean
  /** One value for each camera. */
  readonly perCamera: boolean
  /** The fill value as an element of the storage type; exact as a float64. */
  readonly fill: number
  /** Smallest and largest allowed value; null for all values of the type. */
  readonly range: readonly [number, number] | null
  readonly partial: 'refuse' | 'keep'
  readonly optional: boolean
  readonly inFile: 'required' | 'optional'
  readonly unit: string | undefined
  readonly description: string | undefined
}

/** The roles that fields play in a layout. */
export interface Layout<S extends LayoutSpec = LayoutSpec> {
  /** The description that the layout was made from. */
  readonly spec: S
  /** Absolute path of the group. */
  readonly root: string
  /** All fields, in the order of the file. */
  readonly fields: readonly Field[]
  /** The index of a frame. */
  readonly index: Field
  /** The key of a record; null if a frame is one record. */
  readonly key: Field | null
  /** The cameras that dropped a frame; null if that is not recorded. */
  readonly drops: Field | null
  /** Number of slots in a frame, unless a writer or a file says otherwise; 1 if a frame is one record. */
  readonly slots: number
  /** The cameras of new files, unless the options of the writer name them; null if the layout does not say. */
  readonly cameras: readonly string[] | null
  /** Labels along named axes. */
  readonly axes: ReadonlyMap<string, readonly string[] | readonly number[]>
  readonly attributes: Readonly<Record<string, WritableAttributeValue>>
  /** How a file says what it holds. */
  readonly format: FileFormat
}

/** How a file of a layout says what it holds. */
export interface FileFormat {
  /** The attribute `schema`; null if files have neither this attribute nor `schema_version`. */
  readonly schema: string | null
  /** The attribute `schema_version`. */
  readonly version: string
  /** The file describes its fields in attributes and has dimension scales. AquaPose's files do not. */
  readonly describes: boolean
  /** Name of the attribute that records how many values lost a fraction. */
  readonly tally?: string
}

/** A dataset of a file. */
export interface Column {
  readonly field: Field
  /** null for a field that is not per camera. */
  readonly camera: string | null
  readonly path: string
  /** The storage type. */
  readonly type: ElementType
  /** Shape of a row of the dataset; [] for a single value. */
  readonly rowShape: readonly number[]
  /** Number of elements of the storage type in a row. */
  readonly width: number
  readonly fill: number
}

const product = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1)

/** The layout of a file that lacks some of the fields that files may lack. */
export function withoutFields(layout: Layout, isMissing: (field: Field) => boolean): Layout {
  const fields = layout.fields.filter((field) => field.inFile === 'required' || !isMissing(field))
  return fields.length === layout.fields.length ? layout : Object.freeze({ ...layout, fields })
}

/** True if the layout has a dataset for each camera. */
export function usesCameras(layout: Layout): boolean {
  return layout.fields.some(({ perCamera }) => perCamera)
}

/** The datasets of a file with these cameras and so many slots: field by field, and in a field camera by camera. */
export function columnsOf(layout: Layout, cameras: readonly string[], slots: number): Column[] {
  return layout.fields.flatMap((field): Column[] => {
    const rowShape = field.perFrame || !layout.key ? field.shape : [slots, ...field.shape]
    const width = product(rowShape) * field.elements
    const column = { field, type: field.storage, rowShape, width, fill: field.fill }
    const path = `${layout.root}/${field.dataset}`
    if (!field.perCamera) return [{ ...column, camera: null, path }]
    return cameras.map((camera) => ({ ...column, camera, path: `${path}/${camera}` }))
  })
}

/** The number of elements that one record (or one frame, if the field is per frame) takes in a row. */
export function cellWidth({ shape, elements }: Field): number {
  return product(shape) * elements
}

/** The groups that hold one dataset per camera. */
export function cameraGroups(layout: Layout): string[] {
  return layout.fields.filter(({ perCamera }) => perCamera).map(({ dataset }) => `${layout.root}/${dataset}`)
}

/** Size of a row of a column, bytes. */
export function rowBytes({ type, width }: Column): number {
  return width * bytesOf(type)
}

/** The number of rows of all these columns that fit into `bytes`; at least one. */
export function rowsIn(bytes: number, columns: readonly Column[]): number {
  const row = columns.reduce((sum, column) => sum + rowBytes(column), 0)
  return Math.max(1, Math.floor(bytes / row))
}
