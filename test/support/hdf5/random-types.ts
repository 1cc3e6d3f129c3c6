import type { Data, Reference, TypeSpec } from 'h5tracks/hdf5'
import { generator } from '../../faults/spread.js'

/** A type with values: in the form that h5tracks/hdf5 writes, and each in the form of h5wasm's `json_value`. */
export interface RandomType {
  type: TypeSpec
  values: (count: number) => { data: Data; rows: unknown[] }
  /** Whether a list of values is given as their concatenated bytes. */
  bytes?: boolean
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Random types: scalars, and arrays, compounds and sequences of them, some levels deep. */
export class RandomTypes {
  readonly #random: () => number
  readonly #targets: readonly Reference[]

  /** References point to one of `targets`. Without targets, only types that h5wasm reads correctly are made. */
  constructor(seed: number, targets: readonly Reference[]) {
    this.#random = generator(seed)
    this.#targets = targets
  }

  get #any(): boolean {
    return this.#targets.length > 0
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!
  }

  /** `depth` is the number of levels of nesting. */
  next(depth: number): RandomType {
    if (depth === 0 || this.#random() < 0.2) return this.#plain()
    const kinds = [() => this.array(depth), () => this.array(depth), () => this.#compound(depth)]
    return this.pick(this.#any ? [...kinds, () => this.#vlen(depth)] : kinds)()
  }

  array(depth: number): RandomType {
    const base = this.#any ? this.next(depth - 1) : this.pick([() => this.#plain(), () => this.#compound(1)])()
    const shape = range(1 + this.below(3)).map(() => 1 + this.below(3))
    const length = shape.reduce((product, n) => product * n, 1)
    const bytes = base.bytes === true
    return {
      type: { class: 'array', base: base.type, shape },
      values: (count) => {
        const { data, rows } = base.values(count * length)
        return { data, rows: range(count).map((i) => nest(rows.slice(i * length, (i + 1) * length), shape, bytes)) }
      },
    }
  }

  #compound(depth: number): RandomType {
    const members = range(1 + this.below(3)).map((i) => [`m${i}`, this.next(depth - 1)] as const)
    return {
      type: { class: 'compound', members: members.map(([name, { type }]) => ({ name, type })) },
      values: (count) => {
        const columns = members.map(([name, member]) => ({ name, ...member.values(count) }))
        return {
          data: Object.fromEntries(columns.map(({ name, data }) => [name, data])),
          rows: range(count).map((i) => columns.map(({ rows }) => rows[i])),
        }
      },
    }
  }

  #vlen(depth: number): RandomType {
    const base = this.next(depth - 1)
    return {
      type: { class: 'vlen', base: base.type },
      values: (count) => {
        const elements = range(count).map(() => base.values(this.below(4)))
        return {
          data: elements.map(({ data }) => data),
          rows: elements.map(({ rows }) => (base.bytes ? joined(rows) : rows)),
        }
      },
    }
  }

  #plain(): RandomType {
    const number = () => this.below(200) - 100
    const numbers = (type: TypeSpec, make: (values: number[]) => Data): RandomType => ({
      type,
      values: (count) => {
        const rows = range(count).map(type === 'uint8' ? () => this.below(256) : number)
        return { data: make(rows), rows }
      },
    })
    const texts = (type: TypeSpec): RandomType => ({
      type,
      values: (count) => {
        const rows = range(count).map(() => this.pick(['', 'a', 'naïve', '東京', 'seven77']))
        return { data: rows, rows }
      },
    })
    const size = this.#any ? 1 + this.below(4) : 1
    const kinds: RandomType[] = [
      numbers('int8', (rows) => Int8Array.from(rows)),
      numbers('uint8', (rows) => Uint8Array.from(rows)),
      numbers('int16', (rows) => Int16Array.from(rows)),
      numbers('int32', (rows) => Int32Array.from(rows)),
      numbers('int64', (rows) => BigInt64Array.from(rows, BigInt)),
      numbers('float32', (rows) => Float32Array.from(rows)),
      numbers('float64', (rows) => Float64Array.from(rows)),
      numbers({ class: 'enum', base: 'int8', members: { low: -100, high: 99 } }, (rows) => Int8Array.from(rows)),
      texts({ class: 'string', size: 8, charset: 'utf-8', padding: 'null-padded' }),
      texts('string'),
      {
        type: 'bool',
        values: (count) => {
          const rows = range(count).map(() => this.below(2) === 1)
          return { data: Uint8Array.from(rows, Number), rows }
        },
      },
      {
        type: { class: 'opaque', size },
        bytes: true,
        values: (count) => {
          const data = Uint8Array.from(range(count * size), () => this.below(256))
          return { data, rows: range(count).map((i) => data.slice(i * size, (i + 1) * size)) }
        },
      },
    ]
    const reference: RandomType = {
      type: { class: 'reference', to: 'object' },
      values: (count) => {
        const data = range(count).map(() => this.pick(this.#targets))
        return { data, rows: data.map(({ bytes }) => ({ Reference: Array.from(bytes) })) }
      },
    }
    return this.pick(this.#any ? [...kinds, reference] : kinds)
  }
}

const joined = (rows: readonly unknown[]) => Uint8Array.from((rows as Uint8Array[]).flatMap((row) => [...row]))

/** Nests values in lists by shape; with `bytes` the innermost lists are concatenated bytes. */
export function nest(rows: readonly unknown[], shape: readonly number[], bytes: boolean): unknown {
  const [length, ...inner] = shape
  if (length === undefined) return rows[0]
  if (inner.length === 0) return bytes ? joined(rows) : rows
  const each = rows.length / length
  return range(rows.length === 0 ? 0 : length).map((i) => nest(rows.slice(i * each, (i + 1) * each), inner, bytes))
}
