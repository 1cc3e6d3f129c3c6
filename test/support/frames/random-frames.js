// Random frames of a layout: what a caller gives, in many forms, and what it means. The same for the same seed.
import { fieldsOf } from './fields.js'
import { below, limitsOf, pick } from './random-layouts.js'

/**
 * @typedef {import('./fields.js').Field} Field
 * @typedef {import('./fields.js').Value} Value
 * @typedef {import('./random-layouts.js').LayoutSpec} LayoutSpec
 * @typedef {import('./random-layouts.js').Random} Random
 *
 * @typedef {Map<string, Value[]>} Values of a record or a frame: of each field that has one, by its name, or by name and camera
 *
 * @typedef {object} Meaning what a frame means
 * @property {Values} frame
 * @property {{ key: number, values: Values }[]} records by ascending key; one without slots
 *
 * @typedef {object} Given the arguments of writeFrame
 * @property {any} records
 * @property {any} perFrame
 */

/** The key of a value of a camera. @param {string} name @param {string} camera */
export const inCamera = (name, camera) => `${name}/${camera}`

const letters = ['a', 'Z', ' ', '\u00e9', '\u6c49', '\u{1f41f}', "'", '/', '\u0301']

/** @param {Random} random @param {Field} field @returns {Value} */
function integer(random, { type, range, fill }) {
  if (random() < 0.1) return Number.isSafeInteger(Number(fill)) ? fill : BigInt(/** @type {number} */ (fill))
  const [least, most] = range ? [BigInt(range[0]), BigInt(range[1])] : limitsOf(type)
  const value = pick(random, [
    () => least,
    () => most,
    () => least + BigInt(below(random, Number(most - least > 1000n ? 1000n : most - least + 1n))),
    () => least + (BigInt(below(random, 2 ** 32)) * (most - least)) / 2n ** 32n,
  ])()
  return Number.isSafeInteger(Number(value)) && (!type.endsWith('64') || random() < 0.5) ? Number(value) : value
}

const largest = /** @type {Record<string, number>} */ ({
  float16: 65519,
  float32: 3.4028235e38,
  float64: Number.MAX_VALUE,
})

/** @param {Random} random @param {Field} field @returns {Value} */
function float(random, { type, range, fill, whole }) {
  // Batches hold a float16 as a float32, so that only such values are equal in both.
  const stored = (/** @type {number} */ value) => (type === 'float16' ? Math.fround(value) : value)
  if (range) return random() < 0.2 ? fill : stored(range[0] + random() * (range[1] - range[0]))
  if (random() < 0.7) return stored((random() - 0.5) * 10 ** below(random, 5))
  const most = /** @type {number} */ (largest[type])
  const odd = whole ? [] : [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  // A camera whose values equal the fill value is left out of what is read, and 0 equals -0.
  if (fill !== 0) odd.push(-0)
  return pick(random, [...odd, 0, most, -most, stored(1e-8), 2 ** -24, 3 * 2 ** -26, stored(1 / 3), 2049])
}

/** @param {Random} random @param {number} bytes */
function text(random, bytes) {
  let made = ''
  for (let left = below(random, bytes + 3); left > 0; left--) {
    const longer = made + pick(random, letters)
    if (Buffer.byteLength(longer) <= bytes) made = longer
  }
  return made
}

/** @param {Random} random @param {Field} field @returns {Value} */
function single(random, field) {
  if (field.type === 'bool') return random() < 0.5
  if (field.type === 'enum') return pick(random, Object.keys(field.members))
  if (field.type === 'string') return text(random, field.length)
  return field.type.startsWith('float') ? float(random, field) : integer(random, field)
}

/** The values of one value of a field, in row-major order. @param {Random} random @param {Field} field */
export function valuesOf(random, field) {
  const values = Array.from({ length: field.count }, () => single(random, field))
  if (!field.whole || field.shape.length === 0) return values
  const size = /** @type {number} */ (field.shape.at(-1))
  for (let at = 0; at < values.length; at += size) {
    const known = values.slice(at, at + size).every((value) => Number.isFinite(value))
    // With a range, NaN is allowed only as the fill value.
    if ((known && random() < 0.8) || (field.range && !Number.isNaN(field.fill))) continue
    values.fill(Number.NaN, at, at + size)
  }
  return values
}

/** @param {Value[]} values @param {readonly number[]} shape @returns {any} */
function nested(values, shape) {
  const [, ...inner] = shape
  if (inner.length === 0) return values
  const size = inner.reduce((all, n) => all * n, 1)
  return Array.from({ length: values.length / size }, (_, i) => nested(values.slice(i * size, (i + 1) * size), inner))
}

const arrays = /** @type {Record<string, any>} */ ({
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float64: Float64Array,
})

/** A value as a caller may give it. @param {Random} random @param {Field} field @param {Value[]} values */
function form(random, { type, shape }, values) {
  if (shape.length === 0) return values[0]
  const flat = () => values
  const forms = [flat, () => nested(values, shape)]
  if (type in arrays) forms.push(() => arrays[type].from(values))
  if (type === 'int64' && values.every((value) => typeof value === 'bigint')) {
    forms.push(() => BigInt64Array.from(/** @type {bigint[]} */ (values)))
  }
  return pick(random, forms)()
}

/** The keys of the records of a frame, ascending. @param {Random} random @param {number} slots */
function keys(random, slots) {
  const chosen = new Set(
    Array.from({ length: below(random, slots + 1) }, () => (random() < 0.05 ? 2 ** 31 - 1 : below(random, 2 * slots))),
  )
  return [...chosen].sort((a, b) => a - b)
}

/**
 * A frame of a layout.
 * @param {Random} random @param {LayoutSpec} spec @param {readonly string[]} cameras
 * @returns {Given & { means: Meaning }}
 */
export function randomFrame(random, spec, cameras) {
  const fields = fieldsOf(spec)
  const own = fields.filter(({ role, name }) => (role === 'slot' || role === 'camera') && name !== spec.slots?.name)
  /** @param {Field[]} some */
  const object = (some) => {
    /** @type {Values} */
    const values = new Map()
    /** @type {[string, any][]} */
    const entries = []
    for (const field of some) {
      if (field.optional && random() < 0.4) {
        if (random() < 0.3) entries.push([field.name, undefined])
        continue
      }
      const make = (/** @type {string} */ key) => {
        const made = valuesOf(random, field)
        values.set(key, made)
        return form(random, field, made)
      }
      if (field.role !== 'camera') {
        entries.push([field.name, make(field.name)])
        continue
      }
      const seen = cameras.filter(() => random() < 0.6).map((camera) => [camera, make(inCamera(field.name, camera))])
      entries.push([field.name, random() < 0.5 ? new Map(/** @type {any} */ (seen)) : Object.fromEntries(seen)])
    }
    if (random() < 0.2) entries.reverse()
    return { values, given: Object.fromEntries(entries) }
  }
  const frame = object(fields.filter(({ role }) => role === 'frame'))
  if (spec.drops && random() < 0.5) {
    const dropped = cameras.filter(() => random() < 0.3)
    for (const camera of dropped) frame.values.set(inCamera('dropped', camera), [true])
    frame.given.dropped = random() < 0.5 ? dropped : new Set(dropped)
  }
  if (!spec.slots) {
    const { values, given } = object(own)
    return { means: { frame: frame.values, records: [{ key: -1, values }] }, records: given, perFrame: frame.given }
  }
  const { name, max } = spec.slots
  const made = keys(random, max).map((key) => ({ key, ...object(own) }))
  const given = (random() < 0.3 ? made.toReversed() : made).map((record) => ({ [name]: record.key, ...record.given }))
  const records = random() < 0.8 ? given : new Set(given)
  return { means: { frame: frame.values, records: made }, records, perFrame: frame.given }
}
