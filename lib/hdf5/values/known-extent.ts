/** Resolves simple selections without asking HDF5 for the extent. */
import { flatOf } from './flat-box.js'
import type { AxisSelection, Selection } from './selection.js'

const isIndex = (value: unknown, extent: number): value is number =>
  typeof value === 'number' && value >= 0 && value < extent && Number.isInteger(value)

/**
 * The last known extent of a dataset. It is used for selections that do not depend on the present extent: whole axes that cannot
 * grow, and indices and ranges inside the known extent. If the dataset has shrunk since, native code refuses the box.
 */
export class KnownExtent {
  /** The last box. The array is shared by all datasets with the same number of axes, so use it at once. */
  readonly flat: Float64Array
  readonly #extent: readonly number[]
  readonly #limits: readonly (number | null)[]

  constructor(extent: readonly number[], limits: readonly (number | null)[]) {
    this.#extent = extent
    this.#limits = limits
    this.flat = flatOf(extent.length)
  }

  /** Writes a selection to {@link flat} and returns the shape of its values; undefined if it depends on the present extent. */
  box(selection: Selection | null | undefined): number[] | undefined {
    const axes = selection ?? []
    if (!Array.isArray(axes) || axes.length > this.#extent.length) return undefined
    const rank = this.#extent.length
    const shape: number[] = []
    for (let axis = 0; axis < rank; axis++) {
      const count = this.#axis(axis, axes[axis] as AxisSelection | undefined)
      if (count === undefined) return undefined
      this.flat[rank + axis] = count === 0 ? 1 : count
      this.flat[2 * rank + axis] = 1
      if (count !== 0) shape.push(count)
    }
    return shape
  }

  /** The number of selected indices; 0 for a single index, whose axis is dropped. */
  #axis(axis: number, given: AxisSelection | undefined): number | undefined {
    const extent = this.#extent[axis] as number
    if (isIndex(given, extent)) {
      this.flat[axis] = given
      return 0
    }
    if (given === null || given === undefined) {
      this.flat[axis] = 0
      return this.#limits[axis] === extent && extent > 0 ? extent : undefined
    }
    if (typeof given !== 'object' || !('stop' in given)) return undefined
    const { start = 0, stop, step = 1 } = given
    if (step !== 1 || !isIndex(start, extent) || !isIndex(stop, extent + 1) || stop <= start) return undefined
    this.flat[axis] = start
    return stop - start
  }
}
