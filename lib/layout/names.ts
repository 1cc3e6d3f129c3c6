/** The names in a layout: of properties, fields, datasets and axes. */
import { H5TracksError, invalidArgument, show } from '../base/errors.js'

/** Throws ERR_INVALID_ARGUMENT for a property that is not among `known`, so that a misspelt one is not ignored. */
export function checkKeys(at: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw invalidArgument(at, given, 'an object')
  const odd = Object.keys(given).find((key) => !known.includes(key))
  if (odd === undefined) return
  throw new H5TracksError(`${at} has no property ${show(odd)}; there are ${known.join(', ')}`, {
    code: 'ERR_INVALID_ARGUMENT',
    field: `${at}.${odd}`,
  })
}

/** True if HDF5 takes a text as the name of a link; lone surrogates have no UTF-8. */
export function isLinkName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name !== '.' && !/[/\0]|\p{Surrogate}/u.test(name)
}

/** Returns a name of a dataset or an axis. */
export function checkName(at: string, name: unknown): string {
  if (isLinkName(name)) return name
  throw invalidArgument(at, name, "a non-empty string other than '.', without '/' and NUL")
}

/** Checks the name of a field. `place`: the part of the layout that has it. */
export function checkFieldName(place: string, name: string): void {
  // Objects cannot have a property of this name like others.
  if (isLinkName(name) && name !== '__proto__') return
  const allowed = "a field has a non-empty name other than '.' and '__proto__', without '/' and NUL"
  throw new H5TracksError(`${place} has a field with the name ${show(name)}; ${allowed}`, {
    code: 'ERR_INVALID_ARGUMENT',
    field: place,
  })
}

/** animalId becomes animal_id, and meanHSVColor mean_hsv_color. */
export function snakeCase(name: string): string {
  return name
    .replace(/([\p{Ll}\p{Nd}])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
}
