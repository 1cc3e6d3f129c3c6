/** Parts of a file, which are read when they are needed. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { systemError } from '../../base/errors.js'
import { formatProblem } from '../core/problem.js'

/** An open file that is read at any place. */
export class ByteFile implements Disposable {
  /** Its name in messages. */
  readonly path: string
  readonly size: number
  #fd: number | undefined

  constructor(file: string, path = file) {
    this.path = path
    try {
      this.#fd = openSync(file, 'r')
      this.size = fstatSync(this.#fd).size
    } catch (error) {
      this.close()
      throw systemError(error)
    }
  }

  /** Fills `into` from `offset`. Throws ERR_FORMAT if the file ends before. `place` says what is read. */
  read(into: Uint8Array, offset: number, place: string): void {
    this.#check(offset + into.length, place)
    let done = 0
    while (this.#fd !== undefined && done < into.length) {
      const count = readSync(this.#fd, into, done, into.length - done, offset + done)
      if (count === 0) this.#check(Number.POSITIVE_INFINITY, place)
      done += count
    }
  }

  /** The bytes of a part that is known to be small. Nothing is allocated for bytes that the file does not have. */
  bytes(offset: number, length: number, place: string): Buffer {
    this.#check(offset + length, place)
    const buffer = Buffer.alloc(length)
    this.read(buffer, offset, place)
    return buffer
  }

  #check(end: number, place: string): void {
    if (end <= this.size) return
    throw formatProblem(
      this.path,
      place,
      `the file ends after ${this.size} bytes, before the data`,
      'it is truncated: copy it again, or write it again with the program that made it',
    )
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** A part of a file. */
export interface ByteRange {
  readonly file: ByteFile
  readonly offset: number
  readonly length: number
}
