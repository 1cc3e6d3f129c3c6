// The fields of a description of a layout, with the defaults of docs/layouts.md filled in. Written anew here, so that tests do not
// compare the library with itself.

/**
 * @typedef {import('./random-layouts.js').LayoutSpec} LayoutSpec
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {string} dataset
 * @property {'frame' | 'slot' | 'camera' | 'dropped'} role
 * @property {string} type
 * @property {readonly number[]} shape
 * @property {number} count number of values in one value of the field
 * @property {Value} fill
 * @property {readonly [number, number] | undefined} range
 * @property {boolean} optional
 * @property {boolean} whole vectors must be known as a whole
 * @property {Readonly<Record<string, number>>} members of an enum
 * @property {string} base of an enum
 * @property {number} length of a string
 *
 * @typedef {number | bigint | boolean | string} Value one value: the name of a member for an enum
 */

/** @param {string} type @param {Record<string, any>} spec @returns {Value} */
function fillOf(type, { fill, members }) {
  if (type === 'string') return ''
  if (fill !== undefined) return fill
  if (type === 'bool') return false
  if (type === 'enum') return /** @type {string} */ (Object.keys(members)[0])
  return type.startsWith('float') ? Number.NaN : 0
}

/** @param {string} name @param {unknown} given @param {Field['role']} role @returns {Field} */
function fieldOf(name, given, role) {
  const spec = /** @type {Record<string, any>} */ (typeof given === 'string' ? { type: given } : given)
  const { type, shape = [], range, optional = false, partial, members = {}, base = 'int8', length = 1 } = spec
  const count = shape.reduce((/** @type {number} */ all, /** @type {number} */ n) => all * n, 1)
  const dataset = spec.dataset ?? name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const rest = { optional, whole: partial === 'refuse', members, base, length }
  return { name, dataset, role, type, shape, count, fill: fillOf(type, spec), range, ...rest }
}

/** All fields but the frame index. @param {LayoutSpec} spec @returns {Field[]} */
export function fieldsOf({ slots, perFrame = {}, fields = {}, perCamera = {}, drops = false }) {
  const key = { type: 'int32', fill: -1, ...(slots?.dataset !== undefined && { dataset: slots.dataset }) }
  const of = (/** @type {object} */ specs, /** @type {Field['role']} */ role) =>
    Object.entries(specs).map(([name, spec]) => fieldOf(name, spec, role))
  return [
    ...of(perFrame, 'frame').filter(({ name }) => name !== 'frameIndex'),
    ...(drops ? [fieldOf('dropped', { type: 'bool', dataset: 'camera_dropped' }, 'dropped')] : []),
    ...(slots ? [fieldOf(slots.name, key, 'slot')] : []),
    ...of(fields, 'slot'),
    ...of(perCamera, 'camera'),
  ]
}
