/**
 * Reads plain rows of CSV from their bytes into numbers, without strings: rows as programs write them, one line each. All other rows
 * are left to the CSV parser, whose user also says what is wrong with a row.
 */
import { type NumberReader, truthOf } from './numbers.js'

/** The result of `scan` for a row that is not plain. */
export const NOT_PLAIN = -1

// What a column holds. The numbers of a column are read so exactly that the file will hold the same bits as with Number().
export const SKIPPED = 0
export const BLANK = 1
export const FRAME = 2
export const INTEGER = 3
/** Stored as float32. */
export const FLOAT = 4
/** Stored as its integer part; a fraction is noticed. */
export const PIXEL = 5
export const TRUTH = 6
/** Stored as float64. */
export const DOUBLE = 7
/** A text, which becomes a number by `TextTable`. */
export const TEXT = 8

const [LF, CR, SPACE, QUOTE, PLUS, MINUS] = [10, 13, 32, 34, 43, 45]

/** At most so many digits are read into one int32. */
const GROUP = 9
/** The powers of ten that are exact. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => 10 ** i)
const EXACT = 2 ** 53
/** Far above the relative error of a number with more digits, which is 2^-50. */
const ERROR = 2 ** -40
/** Far above the error of a coordinate below 2^31. */
const PIXEL_ERROR = 1e-5

/** Columns beyond the header that may be empty, if it may end with delimiters. */
export const BEYOND = 8

/** True if rows with this delimiter can be plain. */
export function canScan(delimiter: string): boolean {
  return /^[,;\t|]$/.test(delimiter)
}

export class RowScanner {
  /** The numbers of the last row, by column. NaN for an empty cell; not defined for a column that is not imported. */
  readonly values: Float64Array
  readonly #kinds: Uint8Array
  readonly #numbers: NumberReader
  readonly #delimiter: number
  /** Number of columns that a row must have. */
  readonly #fewest: number

  readonly #textOf: (column: number, text: string) => number

  /**
   * @param kinds what each column holds
   * @param fewest number of columns that a row must have
   * @param delimiter one for which `canScan` is true
   * @param textOf gives the number of a text
   */
  constructor(
    kinds: Uint8Array,
    fewest: number,
    delimiter: string,
    numbers: NumberReader,
    textOf: (column: number, text: string) => number = () => Number.NaN,
  ) {
    this.#kinds = kinds
    this.#fewest = fewest
    this.#numbers = numbers
    this.#textOf = textOf
    this.#delimiter = delimiter.charCodeAt(0)
    this.values = new Float64Array(this.#kinds.length)
  }

  /** Accepts any text in a column from now on. */
  skip(column: number): void {
    this.#kinds[column] = SKIPPED
  }

  /**
   * Reads the row at `at` into `values`. A line end must follow somewhere in the bytes.
   *
   * @returns the position after its line end, or NOT_PLAIN
   */
  scan(bytes: Buffer, at: number): number {
    const kinds = this.#kinds
    const delimiter = this.#delimiter
    const mark = this.#numbers.markByte
    for (let column = 0; column < kinds.length; column++) {
      let end = at
      if (bytes[at] === delimiter) this.values[column] = Number.NaN
      else {
        const kind = kinds[column]!
        if (kind > BLANK && kind !== TEXT) end = this.#number(bytes, at, column, kind, mark)
        if (kind <= BLANK || kind === TEXT || !this.#endsAt(bytes, end)) end = this.#text(bytes, at, column, kind)
        if (end === NOT_PLAIN) return NOT_PLAIN
      }
      at = end + 1
      if (bytes[end] === delimiter) continue
      if (column + 1 < this.#fewest) return NOT_PLAIN
      this.values.fill(Number.NaN, column + 1)
      return bytes[end] === CR && bytes[at] === LF ? at + 1 : at
    }
    return NOT_PLAIN
  }

  #endsAt(bytes: Uint8Array, at: number): boolean {
    const byte = bytes[at]
    return byte === this.#delimiter || byte === LF || byte === CR
  }

  /** Reads a cell that holds a number in plain or scientific notation. Returns the position after the cell, or NOT_PLAIN. */
  #number(bytes: Buffer, at: number, column: number, kind: number, mark: number): number {
    const quoted = bytes[at] === QUOTE
    if (quoted) at++
    while (bytes[at] === SPACE) at++
    const negative = bytes[at] === MINUS
    if (negative || bytes[at] === PLUS) at++
    const first = at

    // The digits, in groups: high before the mark; low, then lower after it.
    let high = 0
    let low = 0
    let lower = 0
    let lowDigits = 0
    let lowerDigits = 0
    let rest = 0
    let start = at
    for (let digit = bytes[at]! ^ 0x30; digit <= 9 && at - start < GROUP; digit = bytes[++at]! ^ 0x30) {
      high = Math.imul(high, 10) + digit
    }
    let digits = at - start
    // In a cell without quotes, a comma may be the delimiter.
    if (bytes[at] === mark && (quoted || mark !== this.#delimiter)) {
      start = ++at
      for (let digit = bytes[at]! ^ 0x30; digit <= 9 && at - start < GROUP; digit = bytes[++at]! ^ 0x30) {
        low = Math.imul(low, 10) + digit
      }
      lowDigits = at - start
      digits += lowDigits
      start = at
      for (let digit = bytes[at]! ^ 0x30; digit <= 9 && at - start < GROUP; digit = bytes[++at]! ^ 0x30) {
        lower = Math.imul(lower, 10) + digit
      }
      lowerDigits = at - start
      start = at
      while ((bytes[at]! ^ 0x30) <= 9) at++
      rest = at - start
    }
    if (digits === 0) return NOT_PLAIN

    let power = -lowDigits
    if ((bytes[at]! | 0x20) === 0x65) {
      const down = bytes[++at] === MINUS
      if (down || bytes[at] === PLUS) at++
      start = at
      let exponent = 0
      for (let digit = bytes[at]! ^ 0x30; digit <= 9 && at - start < GROUP; digit = bytes[++at]! ^ 0x30) {
        exponent = Math.imul(exponent, 10) + digit
      }
      if (at === start) return NOT_PLAIN
      power += down ? -exponent : exponent
    }
    if (quoted && bytes[at++] !== QUOTE) return NOT_PLAIN

    let mantissa = high * POWERS[lowDigits]! + low
    const exact = lower === 0 && rest === 0 && mantissa < EXACT
    // Digits beyond the 18th after the mark are left out, which only large numbers allow.
    if (rest > 0 && high === 0) return NOT_PLAIN
    if (lower > 0) mantissa += lower / POWERS[lowerDigits]!
    const factor = POWERS[Math.abs(power)]
    if (factor === undefined) return NOT_PLAIN
    // Both are exact, so that the result is what Number() returns.
    let value = power < 0 ? mantissa / factor : mantissa * factor
    if (!exact && kind === DOUBLE) value = this.#double(bytes, first, quoted ? at - 1 : at)
    else if (!exact && !isSame(value, kind)) return NOT_PLAIN
    this.values[column] = negative ? -value : value
    return at
  }

  /** A number without its sign, as Number() reads it. */
  #double(bytes: Buffer, start: number, end: number): number {
    return Number(bytes.toString('latin1', start, end).replace(',', '.'))
  }

  /** Reads a cell with other content. Returns the position after the cell, or NOT_PLAIN. */
  #text(bytes: Buffer, at: number, column: number, kind: number): number {
    const quoted = bytes[at] === QUOTE
    const start = quoted ? at + 1 : at
    let end = start
    while (bytes[end] !== QUOTE && (quoted ? bytes[end] !== LF && bytes[end] !== CR : !this.#endsAt(bytes, end))) end++
    if (quoted ? bytes[end] !== QUOTE || !this.#endsAt(bytes, end + 1) : bytes[end] === QUOTE) return NOT_PLAIN
    if (kind !== SKIPPED && !this.#value(bytes, start, end, column, kind)) return NOT_PLAIN
    return quoted ? end + 1 : end
  }

  /** Stores the value of a text. False if the column cannot hold it. */
  #value(bytes: Buffer, start: number, end: number, column: number, kind: number): boolean {
    if (kind === BLANK) return start === end
    if (kind === TEXT) {
      this.values[column] = start === end ? Number.NaN : this.#textOf(column, bytes.toString('utf8', start, end))
      return true
    }
    let value: number | bigint | string | boolean | null | undefined = null
    if (start < end && !isWord(bytes, start, end, 'nan')) {
      const text = bytes.toString('utf8', start, end)
      if (kind === TRUTH) value = truthOf(text)
      value ??= kind === FRAME ? this.#numbers.readFrame(text) : this.#numbers.read(text)
    }
    if (typeof value === 'string' || typeof value === 'bigint') return false
    this.values[column] = value === null ? Number.NaN : Number(value)
    return true
  }
}

/** True if an inexact number is stored as the exact one is. */
function isSame(value: number, kind: number): boolean {
  if (kind === FLOAT) return Math.fround(value * (1 - ERROR)) === Math.fround(value * (1 + ERROR))
  const fraction = value - Math.floor(value)
  return kind === PIXEL && fraction > PIXEL_ERROR && fraction < 1 - PIXEL_ERROR
}

/** True if the bytes are this word of lower-case letters, in any case. */
function isWord(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false
  for (let i = 0; i < word.length; i++) if ((bytes[start + i]! | 0x20) !== word.charCodeAt(i)) return false
  return true
}
