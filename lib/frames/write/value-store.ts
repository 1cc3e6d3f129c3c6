/** Checks one value of a field and stores it in a block. */
import { type H5TracksError, show } from '../../base/errors.js'
import type { FrameLocation } from '../../base/frame-location.js'
import { halfBits, halfLimit } from '../../layout/half.js'
import { cellWidth, type Field } from '../../layout/model.js'
import { integerRanges, wideRanges } from '../../layout/storage.js'
import type { Block } from './block.js'
import { storeText } from './column-values.js'

// Halfway between the largest float32 and 2^128: a finite number from here on would become infinite as float32.
const float32Limit = (2 - 2 ** -24) * 2 ** 127

type List = ArrayLike<unknown>
type StoreOne = (block: Block, at: number, value: unknown, i: number, camera: string | undefined) => void

/** Stores the values of one field. Allocates no memory in the steady state, except for nested arrays. */
export class ValueStore {
  readonly field: Field
  /** Number of single values in one value of the field. */
  readonly #count: number
  readonly #location: FrameLocation
  readonly #storeOne: StoreOne
  /** The values are float32 numbers without rules of their own, for which there is a faster loop. */
  readonly #plainFloats: boolean
  /** Number of values in a vector that must not be partly finite; 0 for none. */
  readonly #vector: number

  constructor(field: Field, location: FrameLocation) {
    this.field = field
    this.#count = cellWidth(field) / field.elements
    this.#location = location
    this.#storeOne = this.#storeFor()
    this.#plainFloats = field.storage === 'float32' && field.range === null
    this.#vector = field.partial === 'refuse' ? (field.shape.at(-1) ?? 1) : 0
  }

  /** Stores a value from element `at` of the block on. Throws if it is not one of the field. */
  store(block: Block, at: number, value: unknown, camera?: string): void {
    if (this.field.shape.length === 0) {
      this.#storeOne(block, at, value, -1, camera)
      return
    }
    // An unknown position; the row is blank.
    if (value === null && this.field.value.kind === 'float') return
    const list = this.#listOf(value, camera)
    if (this.#plainFloats) this.#storeFloats(block.f32, at, list, camera)
    else for (let i = 0; i < this.#count; i++) this.#storeOne(block, at + i * this.field.elements, list[i], i, camera)
    if (this.#vector > 0) this.#checkVectors(list as ArrayLike<number>, camera)
  }

  #storeFloats(f32: Float32Array, at: number, list: List, camera: string | undefined): void {
    for (let i = 0; i < this.#count; i++) {
      const number = list[i]
      const fits =
        typeof number === 'number' && ((number < float32Limit && number > -float32Limit) || !Number.isFinite(number))
      if (!fits) throw this.#floatRefusal(number, i, camera)
      f32[at + i] = number
    }
  }

  /** The values in row-major order. */
  #listOf(value: unknown, camera: string | undefined): List {
    if (isList(value) && value.length === this.#count && !(this.field.shape.length > 1 && isList(value[0])))
      return value
    const flat: unknown[] = []
    if (flatten(value, this.field.shape, 0, flat)) return flat
    const { shape } = this.field
    const nested = shape.length > 1 ? `, flat or nested as ${shape.join(' x ')}` : ''
    throw this.#refusal(this.#location.terms.invalid, -1, `must be ${this.#count} values${nested}`, value, camera)
  }

  #checkVectors(list: ArrayLike<number>, camera: string | undefined): void {
    for (let at = 0; at < this.#count; at += this.#vector) {
      let finite = 0
      for (let i = at; i < at + this.#vector; i++) if (Number.isFinite(list[i])) finite++
      if (finite === this.#vector) continue
      const vector = Array.prototype.slice.call(list, at, at + this.#vector) as number[]
      this.#location.checkUnknownPosition(vector, this.field.name, at, camera)
    }
  }

  #storeFor(): StoreOne {
    const { value } = this.field
    if (value.kind === 'float') return this.#storeFloat()
    if (value.kind === 'bool') {
      return (block, at, given, i, camera) => {
        if (typeof given !== 'boolean') throw this.#invalid('must be true or false', given, i, camera)
        block.u8[at] = given ? 1 : 0
      }
    }
    if (value.kind === 'string') {
      return (block, at, given, i, camera) => {
        if (typeof given !== 'string') throw this.#invalid('must be a string', given, i, camera)
        if (storeText(given, block.u8, at, value.length)) return
        const allowed = `must be well-formed Unicode without NUL, at most ${value.length} bytes of UTF-8`
        throw this.#refusal('ERR_OUT_OF_RANGE', i, allowed, given, camera)
      }
    }
    if (value.kind === 'enum') {
      const { members } = value
      return (block, at, given, i, camera) => {
        const number = members.get(given as string)
        if (number === undefined) {
          const allowed = `must be one of ${[...members.keys()].map(show).join(', ')}`
          throw this.#refusal(
            typeof given === 'string' ? 'ERR_OUT_OF_RANGE' : this.#location.terms.invalid,
            i,
            allowed,
            given,
            camera,
          )
        }
        ;(block.viewOf(this.field.storage) as Int8Array)[at] = number
      }
    }
    return value.type === 'int64' || value.type === 'uint64'
      ? this.#storeWide(value.type)
      : this.#storeInteger(value.type)
  }

  #storeFloat(): StoreOne {
    const { field } = this
    const { range, storage } = field
    const half = storage === 'uint16'
    const limit = half ? halfLimit : storage === 'float32' ? float32Limit : Number.POSITIVE_INFINITY
    const fill = half || Number.isNaN(field.fill) ? Number.NaN : field.fill
    return (block, at, given, i, camera) => {
      if (typeof given !== 'number' || (Number.isFinite(given) && !(given < limit && given > -limit))) {
        throw this.#floatRefusal(given, i, camera)
      }
      if (range && !(given >= range[0] && given <= range[1]) && !Object.is(given, fill)) {
        throw this.#refusal('ERR_OUT_OF_RANGE', i, `must be from ${range[0]} to ${range[1]}`, given, camera)
      }
      ;(block.viewOf(storage) as Float64Array)[at] = half ? halfBits(given) : given
    }
  }

  #storeInteger(type: keyof typeof integerRanges): StoreOne {
    const { storage, range, fill } = this.field
    const [least, most] = range ?? integerRanges[type]
    return (block, at, given, i, camera) => {
      if (!Number.isInteger(given) || (((given as number) < least || (given as number) > most) && given !== fill)) {
        throw this.#integerRefusal(given, least, most, i, camera)
      }
      ;(block.viewOf(storage) as Int32Array)[at] = given as number
    }
  }

  #storeWide(type: keyof typeof wideRanges): StoreOne {
    const [typeLeast, typeMost] = wideRanges[type]
    const [least, most] = this.field.range ?? [typeLeast, typeMost]
    return (block, at, given, i, camera) => {
      if (typeof given !== 'bigint' && !Number.isSafeInteger(given)) {
        throw this.#integerRefusal(given, least, most, i, camera)
      }
      const whole = BigInt(given as number)
      if (
        whole < typeLeast ||
        whole > typeMost ||
        ((whole < least || whole > most) && Number(whole) !== this.field.fill)
      ) {
        throw this.#integerRefusal(given, least, most, i, camera)
      }
      ;(block.viewOf(type) as BigInt64Array)[at] = whole
    }
  }

  #floatRefusal(given: unknown, i: number, camera: string | undefined): H5TracksError {
    if (typeof given !== 'number') return this.#invalid('must be a number', given, i, camera)
    const type = this.field.value.kind === 'float' ? this.field.value.type : ''
    return this.#refusal('ERR_OUT_OF_RANGE', i, `must be within ${type}, or not finite`, given, camera)
  }

  #integerRefusal(given: unknown, least: unknown, most: unknown, i: number, camera: string | undefined): H5TracksError {
    if (typeof given !== 'number' && typeof given !== 'bigint') {
      return this.#invalid('must be a number', given, i, camera)
    }
    return this.#refusal('ERR_OUT_OF_RANGE', i, `must be an integer from ${least} to ${most}`, given, camera)
  }

  #invalid(allowed: string, given: unknown, i: number, camera: string | undefined): H5TracksError {
    return this.#refusal(this.#location.terms.invalid, i, allowed, given, camera)
  }

  /** `i`: the index of the wrong value in row-major order; -1 for the whole. */
  #refusal(code: string, i: number, allowed: string, given: unknown, camera: string | undefined): H5TracksError {
    return this.#location.refusal(code, `${this.field.name}${placeOf(i, this.field.shape)}`, allowed, given, camera)
  }
}

function isList(value: unknown): value is List {
  return typeof value === 'object' && value !== null && typeof (value as List).length === 'number'
}

function flatten(value: unknown, shape: readonly number[], axis: number, flat: unknown[]): boolean {
  if (axis === shape.length) {
    flat.push(value)
    return !isList(value)
  }
  if (!isList(value) || value.length !== shape[axis]) return false
  for (let i = 0; i < value.length; i++) if (!flatten(value[i], shape, axis + 1, flat)) return false
  return true
}

/** The index in each axis, as in `[3][1]`. */
function placeOf(i: number, shape: readonly number[]): string {
  if (i < 0) return ''
  let rest = i
  const indices = shape.toReversed().map((length) => {
    const index = rest % length
    rest = Math.floor(rest / length)
    return `[${index}]`
  })
  return indices.reverse().join('')
}
