/** Turns the values of a JSON line into those of a batch, and says what is wrong with one. */
import type { Field } from '../../layout/model.js'
import type { CellValue } from '../core/batches.js'

/** A value that its field cannot hold. */
export class BadValue extends Error {}

/** The value of a field. null, also within lists, is a number that is not known. */
export function valueFrom(field: Field, given: unknown): CellValue {
  if (field.shape.length === 0) return single(field, given)
  const flat: unknown[] = []
  flatten(given, field.shape, flat)
  return flat.map((one) => single(field, one)) as CellValue
}

function flatten(given: unknown, shape: readonly number[], flat: unknown[]): void {
  const [length, ...inner] = shape
  if (length === undefined) {
    flat.push(given)
    return
  }
  if (given === null) {
    const all = shape.reduce((product, n) => product * n, 1)
    for (let i = 0; i < all; i++) flat.push(null)
    return
  }
  if (!Array.isArray(given) || given.length !== length) throw new BadValue(`must be a list of ${length}`)
  for (const one of given) flatten(one, inner, flat)
}

function single({ value }: Field, given: unknown): number | bigint | string | boolean {
  if (value.kind === 'bool') {
    if (typeof given === 'boolean') return given
    throw new BadValue(`${brief(given)} is neither true nor false`)
  }
  if (value.kind === 'string') {
    if (typeof given === 'string') return given
    throw new BadValue(`${brief(given)} is not a text`)
  }
  if (value.kind === 'enum') {
    const number = typeof given === 'string' ? value.members.get(given) : undefined
    if (number !== undefined) return number
    throw new BadValue(`${brief(given)} is none of ${[...value.members.keys()].join(', ')}`)
  }
  if (value.kind === 'float') {
    if (given === null) return Number.NaN
    if (typeof given === 'number') return given
    throw new BadValue(`${brief(given)} is not a number`)
  }
  if (value.type === 'int64' || value.type === 'uint64') {
    if (Number.isSafeInteger(given)) return BigInt(given as number)
    if (typeof given === 'string' && /^-?\d{1,20}$/.test(given)) return BigInt(given)
  } else if (Number.isInteger(given)) return given as number
  throw new BadValue(`${brief(given)} is not an integer`)
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
