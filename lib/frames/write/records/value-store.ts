/** Checks one value of a field and stores it in a block. */
import { type H5TracksError, show } from '../../../base/errors.js'
import type { FrameLocation } from '../../../base/frame-location.js'
import { fillNumber, halfBits, halfLimit } from '../../../layout/half.js'
import { cellWidth, type Field } from '../../../layout/model.js'
import { placeIn } from '../../../layout/place.js'
import { integerRanges, wideRanges } from '../../../layout/ranges.js'
import type { Block } from '../blocks/block.js'
import { storeText } from '../columns/column-values.js'
import { flatten, flattenNumbers, isList, type List } from './nested.js'

// The largest numbers that do not become infinite: just below halfway to the next power of two.
const float32Most = (2 - 2 ** -24 - 2 ** -52) * 2 ** 127
const halfMost = halfLimit - 2 ** -37

/** How values are checked and stored. Loops are written once for each of the frequent kinds, because V8 compiles them for one kind of array. */
type Kind = 'float32' | 'float64' | 'float16' | 'int32' | 'integer' | 'wide' | 'bool' | 'enum' | 'string'

function kindOf({ value, storage }: Field): Kind {
  if (value.kind === 'float') return value.type
  if (value.kind !== 'integer') return value.kind
  if (storage === 'int64' || storage === 'uint64') return 'wide'
  return storage === 'int32' ? 'int32' : 'integer'
}

/** Stores the values of one field. Allocates no memory in the steady state. */
export class ValueStore {
  readonly field: Field
  readonly #kind: Kind
  readonly isSingle: boolean
  readonly #isFlat: boolean
  /** The values are float32 with two axes. */
  readonly #isTable: boolean
  /** Number of single values in one value of the field. */
  readonly count: number
  /** Smallest and largest number that is stored without a second look. */
  readonly least: number
  readonly most: number
  readonly #location: FrameLocation
  /** Number of values in a vector that must not be partly finite; 0 for none. */
  readonly #vector: number
  /** The values of nested arrays in row-major order: of numbers, and of anything else. */
  readonly #numbers: Float64Array
  readonly #scratch: unknown[] = []

  constructor(field: Field, location: FrameLocation) {
    this.field = field
    this.#kind = kindOf(field)
    this.isSingle = field.shape.length === 0
    this.#isFlat = field.shape.length === 1
    this.#isTable = field.shape.length === 2 && this.#kind === 'float32'
    this.count = cellWidth(field) / field.elements
    this.#numbers = new Float64Array(this.count)
    this.#location = location
    this.#vector = field.partial === 'refuse' ? (field.shape.at(-1) ?? 1) : 0
    const [least, most] = plainRange(field)
    this.least = least
    this.most = most
  }

  /** The type of the field's numbers, if it is one of the two most frequent. */
  get plain(): 'int32' | 'float32' | null {
    return this.#kind === 'int32' || this.#kind === 'float32' ? this.#kind : null
  }

  /** Stores a value from element `at` of the block on. Throws if it is not one of the field. */
  store(block: Block, at: number, value: unknown, camera?: string): void {
    // The most frequent kinds first, each with its own loop and without a call for a number that is as it should be.
    if (this.#kind === 'int32') this.#storeIntegers(block, at, value, camera)
    else if (this.#kind === 'float32') this.#storeFloats(block, at, value, camera)
    else if (this.isSingle) this.#storeOne(block, at, value, -1, camera)
    // A position that is not known; the row is blank.
    else if (value !== null || this.field.value.kind !== 'float') {
      this.#storeEach(block, at, this.#listOf(value, camera), camera)
    }
  }

  #storeIntegers(block: Block, at: number, value: unknown, camera: string | undefined): void {
    const { i32 } = block
    const least = this.least
    const most = this.most
    if (this.isSingle) {
      if (typeof value === 'number' && (value | 0) === value && value >= least && value <= most) i32[at] = value
      else this.#storeOne(block, at, value, -1, camera)
      return
    }
    const list = this.#isFlatList(value) ? value : this.#listOf(value, camera)
    const count = this.count
    for (let i = 0; i < count; i++) {
      const number = list[i]
      if (typeof number === 'number' && (number | 0) === number && number >= least && number <= most)
        i32[at + i] = number
      else this.#storeOne(block, at + i, number, i, camera)
    }
  }

  #storeFloats(block: Block, at: number, value: unknown, camera: string | undefined): void {
    const { f32 } = block
    const least = this.least
    const most = this.most
    if (this.isSingle) {
      if (typeof value === 'number' && value >= least && value <= most) f32[at] = value
      else this.#storeOne(block, at, value, -1, camera)
      return
    }
    // A position that is not known; the row is blank.
    if (value === null) return
    if (this.#isTable && this.#storeTable(block, at, value, camera)) return
    const list = this.#isFlatList(value) ? value : this.#listOf(value, camera)
    const count = this.count
    for (let i = 0; i < count; i++) {
      const number = list[i]
      if (typeof number === 'number' && number >= least && number <= most) f32[at + i] = number
      else this.#storeOne(block, at + i, number, i, camera)
    }
    if (this.#vector > 0) this.#checkVectors(list as ArrayLike<number>, camera)
  }

  /** Stores lists of float32 in a list, the most frequent nested value, without a copy. False if they do not have the shape. */
  #storeTable({ f32 }: Block, at: number, rows: unknown, camera: string | undefined): boolean {
    const [count, width] = this.field.shape as readonly [number, number]
    if (!isList(rows) || rows.length !== count) return false
    const least = this.least
    const most = this.most
    for (let i = 0; i < count; i++) {
      const row = rows[i]
      if (!isList(row) || row.length !== width) return false
      let plain = 0
      for (let k = 0; k < width; k++) {
        const number = row[k]
        const isPlain = typeof number === 'number' && number >= least && number <= most
        f32[at + i * width + k] = isPlain ? number : this.#float(number, i * width + k, camera)
        if (isPlain) plain++
      }
      if (plain < width && this.#vector > 0) this.#checkVector(row as ArrayLike<number>, 0, i * width, camera)
    }
    return true
  }

  /** True for a list of single values of the right length, which needs no second look. */
  #isFlatList(value: unknown): value is List {
    if (typeof value !== 'object' || value === null || (value as List).length !== this.count) return false
    return this.#isFlat || typeof (value as List)[0] !== 'object'
  }

  /** The values in row-major order. */
  #listOf(value: unknown, camera: string | undefined): List {
    return this.#isFlatList(value) ? value : this.#flattened(value, camera)
  }

  #storeEach(block: Block, at: number, list: List, camera: string | undefined): void {
    const { elements } = this.field
    for (let i = 0; i < this.count; i++) this.#storeOne(block, at + i * elements, list[i], i, camera)
    if (this.#vector > 0) this.#checkVectors(list as ArrayLike<number>, camera)
  }

  /** Stores a single value. `i`: its index in row-major order; -1 for the only one. */
  #storeOne(block: Block, at: number, given: unknown, i: number, camera: string | undefined): void {
    switch (this.#kind) {
      case 'float32':
        block.f32[at] = this.#float(given, i, camera)
        break
      case 'float64':
        block.f64[at] = this.#float(given, i, camera)
        break
      case 'float16':
        block.u16[at] = halfBits(this.#float(given, i, camera))
        break
      case 'int32':
        block.i32[at] = this.#integer(given, i, camera)
        break
      case 'integer':
        block.viewOf(this.field.storage)[at] = this.#integer(given, i, camera)
        break
      case 'wide':
        ;(block.viewOf(this.field.storage) as unknown as BigInt64Array)[at] = this.#wide(given, i, camera)
        break
      case 'bool':
        if (typeof given !== 'boolean') throw this.#invalid('must be true or false', given, i, camera)
        block.u8[at] = given ? 1 : 0
        break
      case 'enum':
        block.viewOf(this.field.storage)[at] = this.#member(given, i, camera)
        break
      case 'string':
        this.#storeText(block, at, given, i, camera)
    }
  }

  #float(given: unknown, i: number, camera: string | undefined): number {
    if (typeof given !== 'number') throw this.#invalid('must be a number', given, i, camera)
    if (given >= this.least && given <= this.most) return given
    if (this.isSingle && this.#vector > 0) this.#checkVectors([given], camera)
    const { range, value } = this.field
    const fill = fillNumber(this.field)
    // NaN and infinities are values of a field without a range; the fill value always is one.
    const isFill = Number.isNaN(given) ? Number.isNaN(fill) : given === fill
    if (isFill || (!range && !Number.isFinite(given))) return given
    const allowed = range
      ? `must be from ${range[0]} to ${range[1]}`
      : `must be within ${value.kind === 'float' ? value.type : ''}, or not finite`
    throw this.#refusal('ERR_OUT_OF_RANGE', i, allowed, given, camera)
  }

  #integer(given: unknown, i: number, camera: string | undefined): number {
    if (typeof given !== 'number') throw this.#invalid('must be a number', given, i, camera)
    const isInRange = given >= this.least && given <= this.most
    if (Number.isInteger(given) && (isInRange || given === this.field.fill)) return given
    const allowed = `must be an integer from ${this.least} to ${this.most}`
    throw this.#refusal('ERR_OUT_OF_RANGE', i, allowed, given, camera)
  }

  #wide(given: unknown, i: number, camera: string | undefined): bigint {
    if (typeof given !== 'number' && typeof given !== 'bigint') {
      throw this.#invalid('must be a number or a bigint', given, i, camera)
    }
    const { range, fill, storage } = this.field
    const [typeLeast, typeMost] = wideRanges[storage as keyof typeof wideRanges]
    const [least, most] = range ?? [typeLeast, typeMost]
    if (typeof given === 'bigint' || Number.isSafeInteger(given)) {
      const whole = BigInt(given)
      const isOfType = whole >= typeLeast && whole <= typeMost
      if (isOfType && ((whole >= least && whole <= most) || Number(whole) === fill)) return whole
    }
    const exact = typeof given === 'number' ? ', and a safe integer unless it is a bigint' : ''
    throw this.#refusal('ERR_OUT_OF_RANGE', i, `must be an integer from ${least} to ${most}${exact}`, given, camera)
  }

  #member(given: unknown, i: number, camera: string | undefined): number {
    const { value } = this.field
    const members = value.kind === 'enum' ? value.members : new Map<string, number>()
    const number = members.get(given as string)
    if (number !== undefined) return number
    const code = typeof given === 'string' ? 'ERR_OUT_OF_RANGE' : this.#location.terms.invalid
    const allowed = `must be one of ${[...members.keys()].map(show).join(', ')}`
    throw this.#refusal(code, i, allowed, given, camera)
  }

  #storeText({ u8 }: Block, at: number, given: unknown, i: number, camera: string | undefined): void {
    if (typeof given !== 'string') throw this.#invalid('must be a string', given, i, camera)
    const { elements } = this.field
    if (storeText(given, u8, at, elements)) return
    const allowed = `must be well-formed Unicode without NUL, at most ${elements} bytes of UTF-8`
    throw this.#refusal('ERR_OUT_OF_RANGE', i, allowed, given, camera)
  }

  #flattened(value: unknown, camera: string | undefined): List {
    const { shape } = this.field
    if (flattenNumbers(value, shape, 0, this.#numbers, 0) === this.count) return this.#numbers
    if (flatten(value, shape, 0, this.#scratch, 0) === this.count) return this.#scratch
    const nested = shape.length > 1 ? `, flat or nested as ${shape.join(' x ')}` : ''
    throw this.#refusal(this.#location.terms.invalid, -1, `must be ${this.count} values${nested}`, value, camera)
  }

  #checkVectors(list: ArrayLike<number>, camera: string | undefined): void {
    for (let at = 0; at < this.count; at += this.#vector) this.#checkVector(list, at, at, camera)
  }

  /** Checks the vector at `from` of a list, whose first value is the one with index `at` in row-major order. */
  #checkVector(list: ArrayLike<number>, from: number, at: number, camera: string | undefined): void {
    let finite = 0
    for (let i = from; i < from + this.#vector; i++) if (Number.isFinite(list[i])) finite++
    if (finite === this.#vector) return
    const vector = Array.prototype.slice.call(list, from, from + this.#vector) as number[]
    this.#location.checkUnknownPosition(vector, this.field.name, at, camera)
  }

  #invalid(allowed: string, given: unknown, i: number, camera: string | undefined): H5TracksError {
    return this.#refusal(this.#location.terms.invalid, i, allowed, given, camera)
  }

  #refusal(code: string, i: number, allowed: string, given: unknown, camera: string | undefined): H5TracksError {
    const place =
      i < 0
        ? ''
        : placeIn(i, this.field.shape)
            .map((at) => `[${at}]`)
            .join('')
    return this.#location.refusal(code, `${this.field.name}${place}`, allowed, given, camera)
  }
}

/** The numbers that a field stores without a second look. */
function plainRange({ range, value }: Field): readonly [number, number] {
  if (range) return range
  if (value.kind === 'integer') return integerRanges[value.type as keyof typeof integerRanges] ?? [0, 0]
  const most =
    value.kind !== 'float' || value.type === 'float64'
      ? Number.MAX_VALUE
      : value.type === 'float32'
        ? float32Most
        : halfMost
  return [-most, most]
}
