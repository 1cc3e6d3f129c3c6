/** Converts the columns that a caller gives to the arrays in which they are stored. */
import { invalidArgument } from '../../../base/errors.js'
import { halfBits, isHalf } from '../../../layout/half.js'
import type { Field } from '../../../layout/model.js'
import { elementArrays } from '../../../native/element-types.js'
import type { TypedArray } from '../../../native/native.js'

/** Names the arrays that a column of a field may be given in. */
export function kindOf(field: Field): string {
  if (field.value.kind === 'string') return 'array of strings'
  return isHalf(field) ? 'Float32Array' : elementArrays[field.storage].name
}

/** The stored values of a column, which is given alone or with its shape. undefined if it is not of the kind of the field. */
export function storedValues(field: Field, given: unknown): TypedArray | undefined {
  const data = isList(given) ? given : (given as { data?: unknown } | null | undefined)?.data
  if (field.value.kind === 'string')
    return Array.isArray(data) ? bytesOfTexts(field.name, data, field.elements) : undefined
  // Compared by name, because a typed array may come from another realm.
  if (!ArrayBuffer.isView(data) || (data as TypedArray)[Symbol.toStringTag] !== kindOf(field)) return undefined
  if (isHalf(field)) {
    return Uint16Array.from(data as unknown as Float32Array, halfBits)
  }
  return data as TypedArray
}

const isList = (given: unknown): boolean => ArrayBuffer.isView(given) || Array.isArray(given)

function bytesOfTexts(name: string, texts: readonly unknown[], length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(texts.length * length)
  for (const [i, text] of texts.entries()) {
    if (typeof text !== 'string') return undefined
    if (storeText(text, bytes, i * length, length)) continue
    const allowed = `well-formed Unicode without NUL, at most ${length} bytes of UTF-8`
    throw invalidArgument(`${name}[${i}]`, text, allowed)
  }
  return bytes
}

const encoder = new TextEncoder()

/**
 * Stores a text as UTF-8 and fills the rest with zeros. False if it does not fit, has a lone surrogate, which has no UTF-8, or a NUL,
 * which would end it.
 */
export function storeText(text: string, bytes: Uint8Array, at: number, length: number): boolean {
  if (/\0|\p{Surrogate}/u.test(text)) return false
  const { read, written } = encoder.encodeInto(text, bytes.subarray(at, at + length))
  if (read < text.length) return false
  bytes.fill(0, at + written, at + length)
  return true
}
