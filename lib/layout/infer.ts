/** The types that follow from the description of a layout: what its writer takes and what its reader gives. */
import type { AttributeValue } from '../hdf5/values/attribute-value.js'
import type { NdArray } from '../hdf5/values/types.js'
import type {
  ColumnArray,
  ColumnInputArray,
  InputOf,
  LackingKeys,
  OptionalKeys,
  ReadingOf,
  RequiredKeys,
  Simplify,
} from './infer-field.js'
import type { FieldSpec, LayoutSpec } from './spec.js'

/** A column of a batch: an array of its values, alone or as a read returns it. */
export type ColumnInput<T> = T | { readonly data: T }

/** The attributes of a file other than its camera names, by name. The record has no prototype. */
export type ReadMetadata = Record<string, AttributeValue>

/** The names of a layout's columns, each of which is one dataset or one per camera. */
export type FieldNameOf<S extends LayoutSpec> = Extract<
  | 'frameIndex'
  | KeyName<S>
  | DroppedName<S>
  | keyof FrameFields<S>
  | keyof Part<S, 'fields'>
  | keyof Part<S, 'perCamera'>,
  string
>

/**
 * A record as `writeFrame` takes it: the key of its slot if frames have slots, and the values of its fields. Shaped values are arrays
 * in row-major order, or nested arrays. A per-camera field holds a value for each camera by name; where a camera has none, leave it out.
 */
export type RecordInput<S extends LayoutSpec> =
  IsOpen<S> extends true
    ? { readonly [field: string]: AnyInput | ByCamera<AnyInput> }
    : Simplify<KeyOf<S> & Inputs<Part<S, 'fields'>> & CameraInputs<Part<S, 'perCamera'>>>

/** The values of a frame other than its index and its records, as `writeFrame` takes them. `dropped` names cameras. */
export type PerFrameInput<S extends LayoutSpec> =
  IsOpen<S> extends true
    ? { readonly [field: string]: AnyInput | Iterable<string> }
    : [DroppedName<S> | keyof FrameFields<S>] extends [never]
      ? Record<string, never> // an empty type would accept misspelt fields
      : Simplify<Inputs<FrameFields<S>> & { [K in DroppedName<S>]?: Iterable<string> | undefined }>

/** The last parameter of `writeFrame`, which can be left out if every value of the frame can. */
export type PerFrameParameter<S extends LayoutSpec> =
  Record<never, never> extends PerFrameInput<S> ? [perFrame?: PerFrameInput<S>] : [perFrame: PerFrameInput<S>]

/**
 * A batch of n frames as `writeFrames` takes it, row-major, with S slots in a frame: n values of each per-frame field, n x S of the key
 * and of each other field (n without slots), each followed by the shape of the field. Records fill the slots from slot 0 by ascending
 * key; empty slots hold fill values. What `read` gives is such a batch.
 */
export type ColumnsInput<S extends LayoutSpec> =
  IsOpen<S> extends true
    ? { readonly [field: string]: AnyColumnInput | Readonly<Record<string, AnyColumnInput>> }
    : Simplify<
        { frameIndex: ColumnInput<BigInt64Array> } & ColumnInputs<FrameFields<S>> & {
            [K in KeyName<S>]: ColumnInput<Int32Array>
          } & ColumnInputs<Part<S, 'fields'>> &
          CameraColumnInputs<Part<S, 'perCamera'>> & {
            [K in DroppedName<S>]?: Readonly<Record<string, ColumnInput<Uint8Array>>> | undefined
          }
      >

/** The contents of a file or of a window of it: the columns `F`, with the shape [frames, slots, ...] ([frames, ...] per frame). */
export type ReadColumns<S extends LayoutSpec, F extends FieldNameOf<S> = FieldNameOf<S>> = string extends F
  ? OpenColumns & Common
  : Simplify<Pick<Columns<S>, F & keyof Columns<S>> & Common>

/** A record that was read. By camera there are only cameras with a value other than the fill value; these have no prototype. */
export type RecordReading<S extends LayoutSpec> =
  IsOpen<S> extends true
    ? { [field: string]: AnyReading | Record<string, AnyReading> }
    : Simplify<KeyOf<S> & Readings<Part<S, 'fields'>> & EachCamera<Readings<Part<S, 'perCamera'>>>>

/** A frame that was read: its records by slot, or its only record if the layout has no slots. */
export type FrameReading<S extends LayoutSpec> = Simplify<
  {
    /** A bigint only beyond the safe integers. */
    frameIndex: number | bigint
  } & RecordsReading<S> & {
      /** The values of the frame; `dropped` names the cameras that dropped it. */
      perFrame: IsOpen<S> extends true
        ? { [field: string]: AnyReading }
        : Simplify<Readings<FrameFields<S>> & { [K in DroppedName<S>]: string[] }>
    }
>

/** One key in all frames in which it occurs: n frames in the order of the file, each column with the shape [n, ...]. */
export type TrajectoryOf<S extends LayoutSpec> =
  IsOpen<S> extends true
    ? OpenColumns & { key: number; frameIndex: NdArray<BigInt64Array> }
    : Simplify<{ key: number } & Omit<Columns<S>, KeyName<S>>>

// A layout that is read from a file, or whose fields the compiler does not know, has any fields.
type IsOpen<S extends LayoutSpec> = string extends FieldNameOf<S> ? true : false

type Part<S extends LayoutSpec, Name extends 'perFrame' | 'fields' | 'perCamera'> = Name extends keyof S
  ? NonNullable<S[Name]>
  : Record<never, never>
type FrameFields<S extends LayoutSpec> = Omit<Part<S, 'perFrame'>, 'frameIndex'>
type KeyName<S extends LayoutSpec> = S extends { readonly slots: { readonly name: infer Name extends string } }
  ? Name
  : never
type DroppedName<S extends LayoutSpec> = S extends { readonly drops: true } ? 'dropped' : never
type KeyOf<S extends LayoutSpec> = { [K in KeyName<S>]: number }
type Spec<F, K extends keyof F> = Extract<F[K], FieldSpec>

/** A value for each camera, by name. */
export type ByCamera<V> = Readonly<Record<string, V>> | ReadonlyMap<string, V>

type Inputs<F> = { [K in RequiredKeys<F>]: InputOf<Spec<F, K>> } & {
  -readonly [K in OptionalKeys<F>]?: InputOf<Spec<F, K>> | undefined
}
type CameraInputs<F> = { [K in RequiredKeys<F>]: ByCamera<InputOf<Spec<F, K>>> } & {
  -readonly [K in OptionalKeys<F>]?: ByCamera<InputOf<Spec<F, K>>> | undefined
}
type ColumnInputs<F> = { [K in RequiredKeys<F>]: ColumnInput<ColumnInputArray<Spec<F, K>>> } & {
  -readonly [K in OptionalKeys<F>]?: ColumnInput<ColumnInputArray<Spec<F, K>>> | undefined
}
type CameraColumnInputs<F> = {
  [K in RequiredKeys<F>]: Readonly<Record<string, ColumnInput<ColumnInputArray<Spec<F, K>>>>>
} & {
  -readonly [K in OptionalKeys<F>]?: Readonly<Record<string, ColumnInput<ColumnInputArray<Spec<F, K>>>>> | undefined
}
type Present<F> = Exclude<keyof F, LackingKeys<F>>
type Readings<F> = { [K in Present<F>]: ReadingOf<Spec<F, K>> } & {
  -readonly [K in LackingKeys<F>]?: ReadingOf<Spec<F, K>>
}
type ColumnReadings<F> = { [K in Present<F>]: NdArray<ColumnArray<Spec<F, K>>> } & {
  -readonly [K in LackingKeys<F>]?: NdArray<ColumnArray<Spec<F, K>>>
}
/** The same properties with a value for each camera, by name. */
type EachCamera<T> = { [K in keyof T]: Record<string, Exclude<T[K], undefined>> }

type AnyInput = InputOf<FieldSpec> | undefined
type AnyReading = ReadingOf<FieldSpec>
type AnyColumnInput = ColumnInput<ColumnInputArray<FieldSpec>> | undefined
type AnyColumn = NdArray<ColumnArray<FieldSpec>>

interface Common {
  /** The cameras in the order of the file. */
  cameraNames: string[]
  /** The attributes of the file other than its camera names. */
  metadata: ReadMetadata
}

interface OpenColumns {
  // The properties of Common and of trajectories have to be among its values.
  [field: string]: AnyColumn | Record<string, AnyColumn> | Common[keyof Common] | number
}

type Columns<S extends LayoutSpec> =
  IsOpen<S> extends true
    ? Record<FieldNameOf<S>, AnyColumn | Record<string, AnyColumn>>
    : { frameIndex: NdArray<BigInt64Array> } & ColumnReadings<FrameFields<S>> & {
          [K in KeyName<S>]: NdArray<Int32Array>
        } & ColumnReadings<Part<S, 'fields'>> &
        EachCamera<ColumnReadings<Part<S, 'perCamera'>>> & {
          [K in DroppedName<S>]: Record<string, NdArray<Uint8Array>>
        }

type RecordsReading<S extends LayoutSpec> = S extends { readonly slots: object }
  ? { records: RecordReading<S>[] }
  : LayoutSpec extends S
    ? { records?: RecordReading<S>[]; record?: RecordReading<S> }
    : { record: RecordReading<S> }
