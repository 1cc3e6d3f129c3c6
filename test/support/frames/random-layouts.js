// Random layouts, the same for the same seed. Plain JavaScript, so that the programs that tests start can import it as well.

/**
 * @typedef {import('h5tracks').LayoutSpec} LayoutSpec
 * @typedef {import('h5tracks').FieldSpec & object} FieldSpec
 * @typedef {() => number} Random from 0 to 1
 */

const integers = /** @type {const} */ (['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'])
const floats = /** @type {const} */ (['float16', 'float32', 'float64'])
const types = [...integers, ...floats, .../** @type {const} */ (['bool', 'enum', 'string'])]
const shapes = [[], [], [], [1], [2], [3], [7], [2, 2], [4, 3], [1, 2, 3]]

export const CAMERAS = ['top', 'side', 'Kamera \u00fc']

/** @template T @param {Random} random @param {readonly T[]} from @returns {T} */
export const pick = (random, from) => /** @type {T} */ (from[Math.floor(random() * from.length)])

/** An integer below `n`. @param {Random} random @param {number} n */
export const below = (random, n) => Math.floor(random() * n)

/** The smallest and the largest value of a type of integers. @param {string} type @returns {[bigint, bigint]} */
export function limitsOf(type) {
  const bits = BigInt(type.replace(/\D/g, ''))
  return type.startsWith('u') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]
}

/** @param {Random} random @param {string} type @returns {FieldSpec} */
function integerField(random, type) {
  const [least, most] = limitsOf(type)
  const wide = type.endsWith('64')
  const fill = pick(random, [0, 1, Number(least), wide ? 2n ** 62n : Number(most), 100])
  const low = least < 0n && random() < 0.5 ? -20 : 3
  return /** @type {FieldSpec} */ ({
    type,
    ...(random() < 0.6 && { fill }),
    ...(random() < 0.3 && { range: [low, low + below(random, 90)] }),
  })
}

/** @param {Random} random @param {string} type @returns {FieldSpec} */
function floatField(random, type) {
  const whole = random() < 0.3
  const fills = [0, -1, 0.5, 1024, Number.NaN, ...(whole ? [] : [Number.POSITIVE_INFINITY])]
  return /** @type {FieldSpec} */ ({
    type,
    ...(random() < 0.5 && { fill: pick(random, fills) }),
    ...(random() < 0.3 && { range: [-1, pick(random, [-1, 0.25, 30_000])] }),
    ...(whole && { partial: 'refuse' }),
  })
}

const names = ['idle', 'feeding', 'f\u00fctternd', 'x y', 'A.b']

/** @param {Random} random @returns {FieldSpec} */
function enumField(random) {
  const base = pick(random, ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'])
  const [least, most] = limitsOf(base).map(Number)
  const numbers = [Number(most), 0, 7, 100, Number(least) || 3]
  const members = Object.fromEntries(names.slice(below(random, 4)).map((name, i) => [name, numbers[i]]))
  const fill = pick(random, Object.keys(members))
  return /** @type {FieldSpec} */ ({ type: 'enum', members, base, ...(random() < 0.5 && { fill }) })
}

/** A field that any place of a layout may have. @param {Random} random @returns {FieldSpec} */
function field(random) {
  const type = pick(random, types)
  const own = () => {
    if (type === 'enum') return enumField(random)
    if (type === 'string') return { type, length: 1 + below(random, 12) }
    if (type === 'bool') return { type, ...(random() < 0.5 && { fill: random() < 0.5 }) }
    return type.startsWith('f') ? floatField(random, type) : integerField(random, type)
  }
  const shape = pick(random, shapes)
  return /** @type {FieldSpec} */ ({
    ...own(),
    ...(shape.length > 0 && { shape }),
    ...(random() < 0.3 && { optional: true }),
    ...(random() < 0.2 && { unit: 'mm' }),
  })
}

/**
 * A layout with up to `most` fields in each place.
 * @param {Random} random @param {string} group @param {number} most
 * @returns {LayoutSpec}
 */
export function randomLayout(random, group, most = 4) {
  let count = 0
  const fields = () =>
    Object.fromEntries(Array.from({ length: below(random, most + 1) }, () => [`field${count++}`, field(random)]))
  const slots = random() < 0.7 ? { name: 'animalId', max: 1 + below(random, 5) } : undefined
  return {
    group,
    ...(slots && { slots }),
    perFrame: fields(),
    fields: fields(),
    perCamera: random() < 0.6 ? fields() : {},
    drops: random() < 0.4,
  }
}
