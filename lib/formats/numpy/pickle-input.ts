/** The bytes of a pickle, read in order through a small buffer. Long bytes are skipped and stay in the file. */
import { formatProblem } from '../core/problem.js'
import type { ByteRange } from './bytes.js'

const chunk = 65_536
const longestText = 2 ** 20

export class PickleInput {
  readonly #range: ByteRange
  readonly #place: string
  #buffer: Buffer = Buffer.alloc(0)
  /** Where the buffer begins in the pickle, and how much of it was read. */
  #start = 0
  #at = 0

  constructor(range: ByteRange, place: string) {
    this.#range = range
    this.#place = place
  }

  get path(): string {
    return this.#range.file.path
  }

  /** Where reading is, for messages. */
  get here(): string {
    return `${this.#place}, byte ${this.#range.offset + this.#start + this.#at}`
  }

  byte(): number {
    return this.#take(1).readUInt8()
  }

  unsigned(size: 2 | 4 | 8): number {
    const bytes = this.#take(size)
    const value = size === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, size)
    if (Number.isSafeInteger(value)) return value
    throw this.#ended()
  }

  int32(): number {
    return this.#take(4).readInt32LE()
  }

  float(): number {
    return this.#take(8).readDoubleBE()
  }

  /** An integer of any length, in two's complement. */
  long(size: number): number {
    if (size > 1024) throw this.#ended()
    const bytes = [...this.#take(size)].reverse()
    if (size === 0) return 0
    const hex = bytes.map((value) => value.toString(16).padStart(2, '0')).join('')
    return Number(BigInt.asIntN(8 * size, BigInt(`0x${hex}`)))
  }

  text(size: number): string {
    if (size > longestText) throw this.#ended()
    return this.#take(size).toString('utf8')
  }

  line(): string {
    const bytes: number[] = []
    for (let value = this.byte(); value !== 10; value = this.byte()) {
      if (bytes.push(value) > chunk) throw this.#ended()
    }
    return Buffer.from(bytes).toString('latin1').replace(/\r$/, '')
  }

  latin1({ file, offset, length }: ByteRange): string {
    return file.bytes(offset, length, this.#place).toString('latin1')
  }

  /** The place of the next bytes, which are skipped. */
  range(length: number): ByteRange {
    const offset = this.#range.offset + this.#start + this.#at
    this.skip(length)
    return { file: this.#range.file, offset, length }
  }

  skip(length: number): void {
    if (this.#start + this.#at + length > this.#range.length) throw this.#ended()
    if (this.#at + length <= this.#buffer.length) this.#at += length
    else {
      this.#start += this.#at + length
      this.#at = 0
      this.#buffer = Buffer.alloc(0)
    }
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#buffer.length) this.#fill(length)
    const bytes = this.#buffer.subarray(this.#at, this.#at + length)
    this.#at += length
    return bytes
  }

  #fill(needed: number): void {
    const { file, offset, length } = this.#range
    this.#start += this.#at
    this.#at = 0
    const rest = length - this.#start
    if (needed > rest) throw this.#ended()
    this.#buffer = file.bytes(offset + this.#start, Math.min(rest, Math.max(chunk, needed)), this.#place)
  }

  #ended(): Error {
    return formatProblem(
      this.path,
      this.here,
      'its pickle ends early, or a length in it is wrong',
      'it is damaged or truncated: copy it again, or write it again with the program that made it',
    )
  }
}
