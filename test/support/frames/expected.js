// The datasets that a file with these frames must have, and the columns that writeFrames takes for them.
import { fieldsOf } from './fields.js'
import { inCamera } from './random-frames.js'

/**
 * @typedef {import('./fields.js').Field} Field
 * @typedef {import('./fields.js').Value} Value
 * @typedef {import('./random-frames.js').Meaning} Meaning
 * @typedef {import('./random-layouts.js').LayoutSpec} LayoutSpec
 *
 * @typedef {object} ExpectedColumn
 * @property {Field} field
 * @property {string | null} camera
 * @property {string} path of the dataset
 * @property {number[]} shape of the dataset
 * @property {Value[]} values in row-major order
 */

/** @returns {Field} */
const indexField = () => ({
  ...{ name: 'frameIndex', dataset: 'frame_index', role: 'frame', type: 'int64', shape: [], count: 1, fill: 0 },
  ...{ range: undefined, optional: false, whole: false, members: {}, base: 'int8', length: 1 },
})

/**
 * @param {LayoutSpec} spec @param {readonly string[]} cameras
 * @param {readonly { index: number | bigint, means: Meaning }[]} frames
 * @returns {ExpectedColumn[]}
 */
export function columnsOf(spec, cameras, frames) {
  const { slots, group } = spec
  const index = {
    ...{ field: indexField(), camera: null, path: `/${group}/frame_index`, shape: [frames.length] },
    values: frames.map(({ index }) => index),
  }
  /** @param {Field} field @param {string | null} camera @returns {ExpectedColumn} */
  const column = (field, camera) => {
    const key = camera === null ? field.name : inCamera(field.name, camera)
    const blank = Array.from({ length: field.count }, () => field.fill)
    const perFrame = field.role === 'frame' || field.role === 'dropped'
    const values = frames.flatMap(({ means }) => {
      if (perFrame) return means.frame.get(key) ?? blank
      return Array.from({ length: slots?.max ?? 1 }, (_, slot) => {
        const record = means.records[slot]
        if (field.name === slots?.name) return [record?.key ?? -1]
        return record?.values.get(key) ?? blank
      }).flat()
    })
    const path = `/${group}/${field.dataset}${camera === null ? '' : `/${camera}`}`
    const shape = [frames.length, ...(perFrame || !slots ? [] : [slots.max]), ...field.shape]
    return { field, camera, path, shape, values }
  }
  const others = fieldsOf(spec).flatMap((field) =>
    field.role === 'camera' || field.role === 'dropped'
      ? cameras.map((camera) => column(field, camera))
      : [column(field, null)],
  )
  return [index, ...others]
}

const arrays = /** @type {Record<string, any>} */ ({
  ...{ int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array },
  ...{ uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array },
  ...{ float16: Float32Array, float32: Float32Array, float64: Float64Array, bool: Uint8Array },
})

/** The array that writeFrames takes for a column. @param {ExpectedColumn} column @returns {any} */
export function arrayOf({ field: { type, members, base }, values }) {
  if (type === 'string') return values
  if (type === 'enum') return arrays[base].from(values, (/** @type {string} */ name) => members[name])
  return arrays[type].from(values, type.endsWith('64') && type !== 'float64' ? BigInt : Number)
}

/** A batch for writeFrames. @param {readonly ExpectedColumn[]} columns */
export function batchOf(columns) {
  /** @type {Record<string, any>} */
  const batch = {}
  for (const column of columns) {
    const { field, camera } = column
    if (camera === null) batch[field.name] = arrayOf(column)
    else batch[field.name] = { ...batch[field.name], [camera]: arrayOf(column) }
  }
  return batch
}

/** What test/python/columns.py reads: a line of JSON, in which numbers that JSON cannot hold are texts. @param {readonly ExpectedColumn[]} columns */
export function toJson(columns) {
  return columns.map(({ field: { type, members, base, length, fill }, path, shape, values }) => {
    const plain = (/** @type {Value} */ value) => (type === 'string' ? value : plainNumber(type, value))
    return { path, shape, type, members, base, length, fill: plain(fill), values: values.map(plain) }
  })
}

/** @param {string} type @param {Value} value */
function plainNumber(type, value) {
  if (typeof value !== 'number' && typeof value !== 'bigint') return value
  if (!type.startsWith('float')) return Number.isSafeInteger(value) ? value : String(BigInt(value))
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)
}
