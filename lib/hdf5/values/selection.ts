/** Selections of elements of a dataset. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { NativeSelection } from '../../native/native.js'
import { product } from './decode.js'
import { Reference } from './reference.js'

/**
 * A range of indices, as in `Array.prototype.slice`: `stop` is not included, negative numbers count from the end, and the range is
 * clipped to the axis.
 */
export interface Range {
  readonly start?: number
  readonly stop?: number
  /** Distance between selected indices, at least 1. Default: 1. */
  readonly step?: number
}

/**
 * The selection along one axis. `null`: all indices. A number: that index; the result then has no such axis. A {@link Range}. A
 * list: those indices, in that order, with or without repetitions. A mask: the indices where it is true. Negative indices count
 * from the end.
 */
export type AxisSelection = null | number | Range | readonly number[] | { readonly mask: ArrayLike<number | boolean> }

/**
 * A selection of elements of a dataset: one entry for each axis (all indices of axes without an entry; several lists select every
 * combination); single points; a row-major mask with the shape of the dataset; or a region reference. The last three give values
 * along one axis.
 */
export type Selection =
  | readonly AxisSelection[]
  | { readonly points: readonly (readonly number[])[] }
  | { readonly mask: ArrayLike<number | boolean> }
  | Reference

/** Along each axis, `count` indices from `start`, `stride` apart. */
export interface Box {
  start: number[]
  stride: number[]
  count: number[]
}

/** A selection that is resolved for the extent of a dataset. */
export interface Resolved {
  native: NativeSelection
  /** The shape of the values; undefined for regions, whose shape HDF5 finds. */
  shape: number[] | undefined
  /** The box, if the selection is a single box. */
  box: Box | undefined
}

/** Indices of one axis at equal distances; `at` is the index of the first of them in the result. */
interface Run {
  start: number
  stride: number
  count: number
  at: number
}

interface Axis {
  runs: Run[]
  length: number
  dropped: boolean
}

function outOfRange(axis: number, index: number, extent: number): Error {
  return new H5TracksError(`index ${index} is outside axis ${axis}, which has ${extent} elements`, {
    code: 'ERR_OUT_OF_RANGE',
    field: 'selection',
  })
}

function checkedIndex(axis: number, index: unknown, extent: number): number {
  if (!Number.isSafeInteger(index)) throw invalidArgument(`selection[${axis}]`, index, 'an integer')
  const at = (index as number) < 0 ? (index as number) + extent : (index as number)
  if (at < 0 || at >= extent) throw outOfRange(axis, index as number, extent)
  return at
}

function bound(axis: number, name: string, value: unknown, extent: number, absent: number): number {
  if (value === undefined) return absent
  if (!Number.isSafeInteger(value)) throw invalidArgument(`selection[${axis}].${name}`, value, 'an integer')
  const at = value as number
  return at < 0 ? Math.max(0, at + extent) : Math.min(at, extent)
}

function rangeOf(axis: number, range: Range, extent: number): Axis {
  for (const key of Object.keys(range)) {
    if (!['start', 'stop', 'step'].includes(key)) {
      throw invalidArgument(`selection[${axis}]`, range, '{ start, stop, step }, a number, a list, { mask } or null')
    }
  }
  const step = range.step ?? 1
  if (!Number.isSafeInteger(step) || step < 1) throw invalidArgument(`selection[${axis}].step`, step, 'at least 1')
  const start = bound(axis, 'start', range.start, extent, 0)
  const stop = bound(axis, 'stop', range.stop, extent, extent)
  const length = Math.max(0, Math.ceil((stop - start) / step))
  return { runs: length > 0 ? [{ start, stride: step, count: length, at: 0 }] : [], length, dropped: false }
}

/** Resolves a list of indices. Ascending indices at equal distances become one run. */
function listOf(axis: number, list: readonly number[], extent: number): Axis {
  const runs: Run[] = []
  for (const [at, given] of list.entries()) {
    const index = checkedIndex(axis, given, extent)
    const last = runs.at(-1)
    const distance = last && index - (last.start + (last.count - 1) * last.stride)
    if (last && distance !== undefined && distance > 0 && (last.count === 1 || distance === last.stride)) {
      last.stride = distance
      last.count++
    } else {
      runs.push({ start: index, stride: 1, count: 1, at })
    }
  }
  return { runs, length: list.length, dropped: false }
}

function trueAt(mask: ArrayLike<number | boolean>, length: number, name: string): number[] {
  if (mask.length !== length) throw invalidArgument(name, mask.length, `${length} values long`)
  const found: number[] = []
  for (let i = 0; i < length; i++) if (mask[i]) found.push(i)
  return found
}

function resolveAxis(axis: number, given: AxisSelection | undefined, extent: number): Axis {
  if (given === null || given === undefined) return rangeOf(axis, {}, extent)
  if (typeof given === 'number') {
    const start = checkedIndex(axis, given, extent)
    return { runs: [{ start, stride: 1, count: 1, at: 0 }], length: 1, dropped: true }
  }
  if (Array.isArray(given) || ArrayBuffer.isView(given)) return listOf(axis, given as readonly number[], extent)
  if (typeof given !== 'object') throw invalidArgument(`selection[${axis}]`, given, 'a number, a range, a list or null')
  if ('mask' in given) return listOf(axis, trueAt(given.mask, extent, `selection[${axis}].mask`), extent)
  return rangeOf(axis, given as Range, extent)
}

/** The boxes of all combinations of one run of each axis. */
function boxesOf(axes: readonly Axis[]) {
  let boxes: Run[][] = [[]]
  for (const { runs } of axes) boxes = boxes.flatMap((box) => runs.map((run) => [...box, run]))
  return boxes.map((box) => ({
    start: box.map(({ start }) => start),
    stride: box.map(({ stride }) => stride),
    count: box.map(({ count }) => count),
    at: box.map(({ at }) => at),
  }))
}

function pointsOf(points: readonly (readonly number[])[], extent: readonly number[]): Resolved {
  if (!Array.isArray(points)) throw invalidArgument('points', points, 'a list of points')
  const flat = new BigUint64Array(points.length * extent.length)
  for (const [i, point] of points.entries()) {
    if (point.length !== extent.length) throw invalidArgument(`points[${i}]`, point, `${extent.length} indices`)
    for (const [axis, index] of point.entries()) {
      flat[i * extent.length + axis] = BigInt(checkedIndex(axis, index, extent[axis]!))
    }
  }
  return { native: { points: flat }, shape: [points.length], box: undefined }
}

function maskOf(mask: ArrayLike<number | boolean>, extent: readonly number[]): Resolved {
  const found = trueAt(mask, product(extent), 'mask')
  const flat = new BigUint64Array(found.length * extent.length)
  for (const [i, position] of found.entries()) {
    let rest = position
    for (let axis = extent.length - 1; axis >= 0; axis--) {
      flat[i * extent.length + axis] = BigInt(rest % extent[axis]!)
      rest = Math.floor(rest / extent[axis]!)
    }
  }
  return { native: { points: flat }, shape: [found.length], box: undefined }
}

/** Resolves a selection for a dataset of that extent. Throws ERR_INVALID_ARGUMENT and ERR_OUT_OF_RANGE. */
export function resolveSelection(given: Selection | null | undefined, extent: readonly number[]): Resolved {
  if (given === null || given === undefined) {
    const box = { start: extent.map(() => 0), stride: extent.map(() => 1), count: [...extent] }
    return { native: null, shape: [...extent], box }
  }
  if (given instanceof Reference) {
    if (given.to !== 'region') throw invalidArgument('selection', given, 'a reference to a region')
    return { native: { region: given.bytes }, shape: undefined, box: undefined }
  }
  if (!Array.isArray(given)) {
    if ('points' in given) return pointsOf(given.points, extent)
    if ('mask' in given) return maskOf(given.mask, extent)
    throw invalidArgument('selection', given, 'a list with an entry for each axis, { points } or { mask }')
  }
  if (given.length > extent.length) {
    throw invalidArgument(
      'selection',
      given,
      `a list of at most ${extent.length} entries, one for each axis of the dataset (shape ${show(extent)})`,
    )
  }
  const axes = extent.map((length, axis) => resolveAxis(axis, given[axis], length))
  const boxes = boxesOf(axes)
  const [only] = boxes
  const shape = axes.filter(({ dropped }) => !dropped).map(({ length }) => length)
  return {
    native: { shape: axes.map(({ length }) => length), boxes },
    shape,
    box: boxes.length === 1 ? only : undefined,
  }
}
