/** The types of the values of one field: as they are given, as they are read, and as columns hold them. */
import type { EnumField, FieldSpec } from './spec.js'

/** Shows an intersection as one object. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {}

/** The typed array whose elements are the values of numbers, bools and enums; `string[]` for strings. */
interface Arrays {
  int8: Int8Array
  uint8: Uint8Array
  int16: Int16Array
  uint16: Uint16Array
  int32: Int32Array
  uint32: Uint32Array
  int64: BigInt64Array
  uint64: BigUint64Array
  float16: Float32Array
  float32: Float32Array
  float64: Float64Array
  bool: Uint8Array
  string: string[]
}

type TypeOf<F> = F extends { readonly type: infer T } ? T : F
type ShapeOf<F> = F extends { readonly shape: infer Shape }
  ? Shape
  : F extends { readonly shape?: unknown } & object
    ? 'shape' extends keyof F
      ? readonly number[]
      : readonly []
    : readonly []
type BaseOf<F> = F extends { readonly base: infer Base extends keyof Arrays } ? Base : 'int8'
type MemberOf<F> = F extends Pick<EnumField, 'members'> ? keyof F['members'] & string : never
type Wide = 'int64' | 'uint64'

/** The array that holds a column of the field. */
export type ColumnArray<F extends FieldSpec> = F extends unknown
  ? TypeOf<F> extends 'enum'
    ? Arrays[BaseOf<F>]
    : Arrays[TypeOf<F> & keyof Arrays]
  : never

/** The array that a batch takes for a column of the field. */
export type ColumnInputArray<F extends FieldSpec> = ColumnArray<F> extends string[] ? readonly string[] : ColumnArray<F>

/** A value of the field as it is given. */
export type InputOf<F extends FieldSpec> = F extends unknown
  ? TypeOf<F> extends 'bool'
    ? Shaped<boolean, readonly boolean[], ShapeOf<F>>
    : TypeOf<F> extends 'enum'
      ? Shaped<MemberOf<F>, readonly MemberOf<F>[], ShapeOf<F>>
      : TypeOf<F> extends 'string'
        ? Shaped<string, readonly string[], ShapeOf<F>>
        : TypeOf<F> extends Wide
          ? Shaped<number | bigint, ArrayLike<number | bigint>, ShapeOf<F>>
          : Shaped<number, ArrayLike<number>, ShapeOf<F>> | UnknownOf<F>
  : never

/** An array of floats that are all unknown may be null. */
type UnknownOf<F> =
  TypeOf<F> extends 'float16' | 'float32' | 'float64' ? (ShapeOf<F> extends readonly [] ? never : null) : never

/** A value, or if it has a shape an array of all of them or arrays nested as deep as the shape. */
type Shaped<Single, Row, Shape> = Shape extends readonly []
  ? Single
  : number extends (Shape & readonly unknown[])['length']
    ? Single | Row | readonly Row[] // of any rank
    : Row | Nested<Row, Shape>

type Nested<Row, Shape> = Shape extends readonly [unknown, ...infer Inner]
  ? Inner extends readonly []
    ? Row
    : readonly Nested<Row, Inner>[]
  : never

/** A value of the field as it is read. */
export type ReadingOf<F extends FieldSpec> = F extends unknown
  ? ShapeOf<F> extends readonly []
    ? SingleReading<F>
    : number extends (ShapeOf<F> & readonly unknown[])['length']
      ? SingleReading<F> | ShapedReading<F> // of any rank
      : ShapedReading<F>
  : never

type SingleReading<F extends FieldSpec> =
  TypeOf<F> extends 'bool'
    ? boolean
    : TypeOf<F> extends 'enum'
      ? MemberOf<F>
      : TypeOf<F> extends 'string'
        ? string
        : TypeOf<F> extends Wide
          ? number | bigint
          : number

type ShapedReading<F extends FieldSpec> =
  TypeOf<F> extends 'bool' ? boolean[] : TypeOf<F> extends 'enum' ? MemberOf<F>[] : ColumnArray<F>

/** The fields that a file may lack. */
export type LackingKeys<F> = keyof { [K in keyof F as F[K] extends { readonly inFile: 'optional' } ? K : never]: F[K] }

/** The fields that a record may leave out. */
export type OptionalKeys<F> =
  | LackingKeys<F>
  | keyof { [K in keyof F as F[K] extends { readonly optional: true } ? K : never]: F[K] }

/** The fields that a record must have. */
export type RequiredKeys<F> = Exclude<keyof F, OptionalKeys<F>>
