/** Writes text to a file quickly: numbers are formatted into bytes without strings. */
import { type FileHandle, open } from 'node:fs/promises'
import { systemError } from '../../base/errors.js'

const bufferBytes = 1 << 20
// More than any number takes.
const margin = 64

const POWERS = Float64Array.from({ length: 16 }, (_, i) => 10 ** i)
const [MINUS, POINT, ZERO] = [45, 46, 48]

/** A text file that is being written. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafeSlow(bufferBytes + margin)
  #used = 0
  readonly #handle: FileHandle
  #full: Buffer[] = []

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async create(path: string): Promise<ByteWriter> {
    try {
      return new ByteWriter(await open(path, 'w'))
    } catch (error) {
      throw systemError(error)
    }
  }

  /** True if bytes wait to be written: call `flush`. */
  get isFull(): boolean {
    return this.#full.length > 0
  }

  byte(value: number): void {
    if (this.#used >= bufferBytes) this.#turn()
    this.#buffer[this.#used++] = value
  }

  /** An integer that a double holds exactly. */
  integer(value: number): void {
    if (this.#used >= bufferBytes) this.#turn()
    if (Math.abs(value) > 0x7fffffff) {
      this.ascii(String(value))
      return
    }
    if (value < 0) {
      this.#buffer[this.#used++] = MINUS
      value = -value
    }
    this.#digits(value)
  }

  /** Integers of 32 bits, each after a separator; only the separators if all are `blank`. */
  integers(
    values: Int32Array | Int16Array | Uint16Array | Int8Array | Uint8Array,
    from: number,
    count: number,
    separator: number,
    blank: number,
  ): void {
    let at = from
    const end = from + count
    while (at < end && values[at] === blank) at++
    if (at === end) {
      this.repeated(separator, count)
      return
    }
    for (at = from; at < end; at++) {
      if (this.#used >= bufferBytes) this.#turn()
      this.#buffer[this.#used++] = separator
      const value = values[at] as number
      if (value >= 0) this.#digits(value)
      else this.integer(value)
    }
  }

  /** Floats of 32 bits, each after a separator; nothing for NaN. */
  floats(values: Float32Array, from: number, count: number, separator: number): void {
    for (let at = from; at < from + count; at++) {
      this.byte(separator)
      this.float32(values[at] as number)
    }
  }

  /** The same byte several times. */
  repeated(value: number, count: number): void {
    for (let i = 0; i < count; i++) this.byte(value)
  }

  /** The shortest text from which the float32 can be read again; nothing for NaN. */
  float32(value: number): void {
    if (Number.isNaN(value)) return
    if (this.#used >= bufferBytes) this.#turn()
    const size = value < 0 ? -value : value
    if (size >= 1e7 || (size < 1e-3 && size !== 0) || Object.is(value, -0)) {
      this.ascii(shortest(value))
      return
    }
    if (value < 0) this.#buffer[this.#used++] = MINUS
    if (size === Math.floor(size)) {
      this.#digits(size)
      return
    }
    // The place of the first digit.
    let decimals =
      size >= 1000
        ? size >= 1e5
          ? size >= 1e6
            ? 0
            : 1
          : size >= 1e4
            ? 2
            : 3
        : size >= 10
          ? size >= 100
            ? 4
            : 5
          : 6
    if (size < 1) decimals = size >= 0.1 ? 7 : size >= 0.01 ? 8 : 9
    decimals--
    for (let tries = 0; tries < 4; tries++, decimals++) {
      if (decimals < 0) continue
      const power = POWERS[decimals] as number
      const scaled = Math.round(size * power)
      if (Math.fround(scaled / power) !== size) continue
      this.#decimal(scaled, decimals)
      return
    }
    this.ascii(shortest(size))
  }

  /** The shortest text from which the float64 can be read again; nothing for NaN. */
  float64(value: number): void {
    if (Number.isNaN(value)) return
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.integer(value)
    else this.ascii(nameOf(value))
  }

  /** Characters below 128. */
  ascii(text: string): void {
    if (text.length > margin) {
      this.text(text)
      return
    }
    if (this.#used >= bufferBytes) this.#turn()
    for (let i = 0; i < text.length; i++) this.#buffer[this.#used++] = text.charCodeAt(i)
  }

  text(text: string): void {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) {
      if (this.#used >= bufferBytes) this.#turn()
      const count = Math.min(bytes.length - at, bufferBytes - this.#used)
      this.#buffer.set(bytes.subarray(at, at + count), this.#used)
      this.#used += count
      at += count
    }
  }

  /** Writes the buffers that are full. */
  async flush(): Promise<void> {
    for (const bytes of this.#full.splice(0)) await this.#write(bytes)
  }

  /** Writes what is left, and closes the file. */
  async close(): Promise<void> {
    try {
      this.#turn()
      await this.flush()
    } finally {
      await this.#handle.close()
    }
  }

  /** Closes the file, whose contents do not matter. */
  async giveUp(): Promise<void> {
    await this.#handle.close()
  }

  #turn(): void {
    this.#full.push(this.#buffer.subarray(0, this.#used))
    this.#buffer = Buffer.allocUnsafeSlow(bufferBytes + margin)
    this.#used = 0
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done, bytes.length - done)).bytesWritten
      }
    } catch (error) {
      throw systemError(error)
    }
  }

  /** The digits of an integer from 0 to 2^31 - 1. */
  #digits(value: number): void {
    const buffer = this.#buffer
    if (value < 10) {
      buffer[this.#used++] = ZERO + value
      return
    }
    let length = value < 100 ? 2 : value < 1000 ? 3 : 4
    if (length === 4) for (let power = 1e4; power <= value; power *= 10) length++
    let at = this.#used + length
    this.#used = at
    let rest = value | 0
    do {
      const next = (rest / 10) | 0
      buffer[--at] = ZERO + rest - 10 * next
      rest = next
    } while (rest > 0)
  }

  /** The number scaled / 10^decimals, without zeros at its end. */
  #decimal(scaled: number, decimals: number): void {
    const power = POWERS[decimals] as number
    const whole = Math.floor(scaled / power)
    let rest = scaled - whole * power
    this.#digits(whole)
    if (rest === 0) return
    while (rest % 10 === 0) {
      rest /= 10
      decimals--
    }
    const buffer = this.#buffer
    buffer[this.#used++] = POINT
    let at = this.#used + decimals
    this.#used = at
    for (let i = 0; i < decimals; i++) {
      const next = (rest / 10) | 0
      buffer[--at] = ZERO + rest - 10 * next
      rest = next
    }
  }
}

function nameOf(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return value > 0 ? 'inf' : '-inf'
}

/** The shortest decimal that is rounded to this float32. */
function shortest(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return nameOf(value)
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(Number(value.toPrecision(9)))
}
