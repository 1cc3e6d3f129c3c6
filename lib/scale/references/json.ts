/** JSON that Python's parser and others read as the values of a file. */
import { closeSync, openSync, writeSync } from 'node:fs'

/** Formats the value of an attribute. JSON has no NaN and no infinities: they become strings, as in Zarr. Integers stay exact. */
export function jsonOf(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`
  if (typeof value === 'bigint') return String(value)
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return jsonOf(Array.from(value as never))
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    if ('data' in value && 'shape' in value) {
      return jsonOf(nested(Array.from(value.data as Iterable<unknown>), value.shape as number[]))
    }
    return objectOf(value)
  }
  return typeof value === 'string' ? quoted(value) : (JSON.stringify(value) ?? 'null')
}

/** Quotes text in ASCII, which Zarr's Python package expects of consolidated metadata. */
export function quoted(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(text).replace(/[^\u0020-\u007e]/g, escaped)
}

/** Formats an object whose values are of any kind. */
export function objectOf(value: object): string {
  const entries = Object.entries(value).map(([name, one]) => `${quoted(name)}:${jsonOf(one)}`)
  return `{${entries.join(',')}}`
}

function nested(values: readonly unknown[], shape: readonly number[]): unknown {
  const [length, ...inner] = shape
  if (length === undefined) return values[0]
  const each = values.length / Math.max(length, 1)
  return Array.from({ length }, (_, i) => nested(values.slice(i * each, (i + 1) * each), inner))
}

const bufferedCharacters = 2 ** 20

/** Writes text to a new file in large pieces. */
export class TextFile {
  readonly #descriptor: number
  #text = ''

  constructor(path: string) {
    this.#descriptor = openSync(path, 'wx')
  }

  write(text: string): void {
    this.#text += text
    if (this.#text.length >= bufferedCharacters) this.#flush()
  }

  /** Writes the rest and closes the file. */
  end(): void {
    this.#flush()
    closeSync(this.#descriptor)
  }

  /** Closes the file without writing the rest. */
  abandon(): void {
    closeSync(this.#descriptor)
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text)
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at)
    this.#text = ''
  }
}
