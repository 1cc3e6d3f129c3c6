import { flatOf } from './flat-box.js'
import type { AxisSelection, Selection } from './selection.js'

const isIndex = (value: unknown, extent: number): value is number =>
  typeof value === 'number' && value >= 0 && value < extent && Number.isInteger(value)

/**
 * The extent that a dataset once had, for selections that mean the same whatever it has now: of axes that cannot grow, and
 * indices and ranges within what was there. Where it has become smaller since, native code refuses the box.
 */
export class KnownExtent {
  /** The last box, until another is told, of whatever dataset. */
  readonly flat: Float64Array
  readonly #extent: readonly number[]
  readonly #limits: readonly (number | null)[]

  constructor(extent: readonly number[], limits: readonly (number | null)[]) {
    this.#extent = extent
    this.#limits = limits
    this.flat = flatOf(extent.length)
  }

  /** Puts a selection into {@link flat} and gives the shape of its values; undefined where it may mean something else now. */
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

  /** How many indices there are; 0 for a single one, of which the axis goes. */
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
