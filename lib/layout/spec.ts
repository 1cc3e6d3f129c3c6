/** The description of a layout: what the frames of a file hold. */
import type { WritableAttributeValue } from '../hdf5/values/attribute-value.js'

export type IntegerType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64'
export type FloatType = 'float16' | 'float32' | 'float64'

interface Described {
  /** Shape of one value; [] for a single number. Default: []. */
  readonly shape?: readonly number[]
  /** Names of the axes of `shape`, e.g. `['node', 'space']`; they become the dimensions of the dataset. Default: `<dataset>_0` … */
  readonly axes?: readonly string[]
  /** A record may leave the field out; its fill value is stored. Default: false. */
  readonly optional?: boolean
  /**
   * 'optional': files may lack the dataset, as those do that were written before the layout had the field. Reading such a file leaves
   * the field out; a writer that resumes it refuses values of the field. Records may always leave out such a field. New files have
   * the dataset. Default: 'required'.
   */
  readonly inFile?: 'required' | 'optional'
  /** Name of the dataset, or of the group with one dataset per camera. Default: the name of the field in snake_case. */
  readonly dataset?: string
  /** Unit, e.g. 'px' or 's': the attribute `units` of the dataset. */
  readonly unit?: string
  /** A description for people: the attribute `long_name` of the dataset. */
  readonly description?: string
}

export interface IntegerField extends Described {
  readonly type: IntegerType
  /** The value where nothing was measured. Default: 0. With 64 bits it must be exact as a float64. */
  readonly fill?: number | bigint
  /** Smallest and largest allowed value; the fill value is always allowed. */
  readonly range?: readonly [number, number]
}

export interface FloatField extends Described {
  readonly type: FloatType
  /** The value where nothing was measured. Default: NaN. */
  readonly fill?: number
  /** Smallest and largest allowed value; the fill value is always allowed, and NaN and infinities are not. */
  readonly range?: readonly [number, number]
  /**
   * What to do with a vector (the values along the last axis) of which only some numbers are finite, such as `[NaN, 1, 2]`: refuse the
   * frame, or keep it. Default: 'keep'.
   */
  readonly partial?: 'refuse' | 'keep'
}

export interface BoolField extends Described {
  readonly type: 'bool'
  /** Default: false. */
  readonly fill?: boolean
}

export interface EnumField extends Described {
  readonly type: 'enum'
  /** The names and their numbers, which are distinct. */
  readonly members: Readonly<Record<string, number>>
  /** The integers in which the members are stored. Default: 'int8'. */
  readonly base?: Exclude<IntegerType, 'int64' | 'uint64'>
  /** A member. Default: the first one. */
  readonly fill?: string
}

export interface StringField extends Described {
  readonly type: 'string'
  /** Number of bytes that a text takes in UTF-8 at most. Where there is none, the text is empty. */
  readonly length: number
}

/** A field of a layout; the name of a type stands for a single value of that type. */
export type FieldSpec =
  | IntegerType
  | FloatType
  | 'bool'
  | IntegerField
  | FloatField
  | BoolField
  | EnumField
  | StringField

export type FieldSpecs = Readonly<Record<string, FieldSpec>>

/** What the frames of a file hold. See `defineLayout`. */
export interface LayoutSpec {
  /** Name of the group that holds the datasets. */
  readonly group: string
  /**
   * A frame holds up to `max` records, each with an int32 key of this name, 0 or more and unique in the frame. Without `slots`, a frame
   * is one record.
   */
  readonly slots?: { readonly name: string; readonly max: number; readonly dataset?: string }
  /** Values of a frame, e.g. its time. `frameIndex` (int64) is always one of them. */
  readonly perFrame?: FieldSpecs
  /** Values of a record. */
  readonly fields?: FieldSpecs
  /** Values of a record in each camera. */
  readonly perCamera?: FieldSpecs
  /** The cameras of new files, unless the options of the writer name them. */
  readonly cameras?: readonly string[]
  /** Record for each frame which cameras dropped it (`dropped: ['top']`), so that this differs from "not seen". Default: false. */
  readonly drops?: boolean
  /** Labels along the axes that fields name, e.g. `{ node: ['nose', 'tail'] }`. */
  readonly axes?: Readonly<Record<string, readonly string[] | readonly number[]>>
  /** Attributes of the group, e.g. the edges of a skeleton. */
  readonly attributes?: Readonly<Record<string, WritableAttributeValue>>
}
