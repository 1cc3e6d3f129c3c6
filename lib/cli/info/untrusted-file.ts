/** An untrusted HDF5 file: the reading half of `File`, done in a separate process. */
import { H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { type ArrayOf, isElement, newArray } from '../../hdf5/objects/elements.js'
import type { AttributeValue } from '../../hdf5/values/attribute-value.js'
import type { NdArray } from '../../hdf5/values/types.js'
import { bytesOf } from '../../native/element-types.js'
import type { ElementType } from '../../native/native.js'
import { decodeValue, expect, isShape, isStrings } from '../../untrusted/json-values.js'
import { checkLimits, limitReached, type UntrustedOptions } from '../../untrusted/limits.js'
import type { UntrustedInfo } from '../../untrusted/operations.js'
import { ReadingProcess } from '../../untrusted/process.js'

const kinds = ['group', 'dataset', 'datatype', 'external link', null] as const

/** An open untrusted file. Its methods correspond to those of `File`, but all of them return promises. */
export class UntrustedFile implements AsyncDisposable {
  readonly path: string
  readonly #process: ReadingProcess

  private constructor(process: ReadingProcess) {
    this.path = process.path
    this.#process = process
  }

  static async open(path: string | URL, { limits, signal }: Partial<UntrustedOptions> = {}): Promise<UntrustedFile> {
    const process = new ReadingProcess(toPath(path), checkLimits(limits), signal)
    try {
      await process.within(() => process.request({ op: 'openFile', path: process.path }))
      return new UntrustedFile(process)
    } catch (error) {
      await process.close()
      throw error
    }
  }

  kind(path: string): Promise<(typeof kinds)[number]> {
    return this.#ask({ op: 'kind', path }, (value): value is (typeof kinds)[number] => kinds.includes(value as never))
  }

  children(path: string): Promise<string[]> {
    return this.#ask({ op: 'children', path }, isStrings)
  }

  attributeNames(path: string): Promise<string[]> {
    return this.#ask({ op: 'attributeNames', path }, isStrings)
  }

  async attribute(path: string, name: string): Promise<AttributeValue> {
    return decodeValue(
      await this.#ask({ op: 'attribute', path, name }, (value): value is unknown => value !== undefined),
    )
  }

  dataset(path: string): UntrustedDataset {
    return new UntrustedDataset(this.#process, path)
  }

  /** Ends the process. A second call does nothing. */
  close(): Promise<void> {
    return this.#process.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #ask<T>(request: Record<string, unknown>, isAnswer: (value: unknown) => value is T): Promise<T> {
    const value = await this.#process.within(() => this.#process.request(request))
    return this.#process.checked(() => {
      expect(isAnswer(value), `answer to ${request.op}`)
      return value
    })
  }
}

/** A dataset in an `UntrustedFile`. */
export class UntrustedDataset {
  readonly path: string
  readonly #process: ReadingProcess

  constructor(process: ReadingProcess, path: string) {
    this.#process = process
    this.path = path
  }

  async info(): Promise<UntrustedInfo> {
    const info = await this.#process.within(() => this.#process.request({ op: 'info', path: this.path }))
    return this.#process.checked(() => {
      expect(isInfo(info), 'answer to info')
      return info
    })
  }

  /**
   * Reads `count` elements from `start` along each axis; without them, everything. Throws ERR_FORMAT if no typed array holds the
   * values, and ERR_LIMIT if the result exceeds the limit.
   */
  async read(start?: readonly number[], count?: readonly number[]): Promise<NdArray<ArrayOf<ElementType>>> {
    const { path } = this
    const { limits, path: file } = this.#process
    const { type, shape } = await this.info()
    if (type.element === null || shape === null) {
      const what = shape === null ? 'a null dataspace' : `${type.class} of ${type.size} bytes`
      throw new H5TracksError(`dataset '${path}' holds ${what}, which cannot be read into a typed array`, {
        code: 'ERR_FORMAT',
        path: file,
      })
    }
    const from = start ?? shape.map(() => 0)
    const box = count ?? shape.map((length, axis) => length - (from[axis] ?? 0))
    const length = box.reduce((product, n) => product * n, 1)
    if (length * bytesOf(type.element) > limits.bytes) throw limitReached(file, limits, 'bytes', `'${path}' takes`)
    const data = newArray(type.element, length)
    const into = new Uint8Array(data.buffer)
    await this.#process.within(() => this.#process.request({ op: 'readBox', path, start: from, count: box }, [into]))
    return { data, shape: [...box] }
  }
}

function isInfo(value: unknown): value is UntrustedInfo {
  const { type, shape, filters, storageSize, chunks } = Object(value) as Record<string, unknown>
  const { element, size } = Object(type) as Record<string, unknown>
  const listed = Array.isArray(filters) && filters.every((f) => typeof f?.name === 'string' && Array.isArray(f.options))
  const sizes = typeof size === 'number' && typeof storageSize === 'number'
  const { chunks: stored, skipped } = Object(chunks) as Record<string, unknown>
  const counted = (stored === null || typeof stored === 'number') && isShape(skipped)
  return (shape === null || isShape(shape)) && (element === null || isElement(element)) && listed && sizes && counted
}
