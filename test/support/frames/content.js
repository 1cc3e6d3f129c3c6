// Files of random layouts: what a seed stands for. Frame i of a seed depends on nothing else.
import { defineLayout } from 'h5tracks'
import { generator } from '../../faults/spread.js'
import { batchOf, columnsOf } from './expected.js'
import { randomFrame } from './random-frames.js'
import { below, CAMERAS, randomLayout } from './random-layouts.js'

/**
 * @typedef {import('./expected.js').ExpectedColumn} ExpectedColumn
 * @typedef {import('h5tracks').FrameWriter<any>} FrameWriter
 */

export class Content {
  /** @param {number} seed @param {number} [fields] the most fields in each place of a layout */
  constructor(seed, fields = 4) {
    const random = generator(seed)
    const groups = random() < 0.5 ? ['animals'] : ['animals', 'rig/light']
    this.seed = seed
    this.specs = groups.map((group) => randomLayout(random, group, fields))
    this.cameras = CAMERAS.slice(0, 1 + below(random, CAMERAS.length))
    this.step = 1 + below(random, 3)
    const [one, other] = this.specs.map((spec) => defineLayout(spec))
    /** What the constructor of FrameWriter takes. @type {any} */
    this.layout = other ? { [/** @type {string} */ (groups[0])]: one, 'rig/light': other } : one
    /** Names of the layouts, which are those of their groups; null for the only one. */
    this.names = other ? groups : null
  }

  /** @param {number} i @returns {number} */
  indexOf(i) {
    return (this.seed % 7) + this.step * i
  }

  /** The place of the frame with this index. @param {number | bigint} index */
  placeOf(index) {
    return (Number(index) - (this.seed % 7)) / this.step
  }

  /** Each layout's part of frame i. @param {number} i */
  parts(i) {
    const random = generator(this.seed * 1_000_003 + i)
    return this.specs.map((spec) => randomFrame(random, spec, this.cameras))
  }

  /** As the writer takes it. @param {any[]} parts @returns {any} */
  named(parts) {
    return this.names ? Object.fromEntries(this.names.map((name, i) => [name, parts[i]])) : parts[0]
  }

  /** The arguments of writeFrame for frame i. @param {number} i @returns {[number, any, any]} */
  frame(i) {
    const parts = this.parts(i)
    const perFrame = this.named(parts.map((part) => part.perFrame))
    return [this.indexOf(i), this.named(parts.map(({ records }) => records)), perFrame]
  }

  /** The datasets of a file with the frames `from` to `to`. @param {number} from @param {number} to @returns {ExpectedColumn[]} */
  columns(from, to) {
    return this.#columns(from, to).flat()
  }

  /** @param {number} from @param {number} to */
  #columns(from, to) {
    const frames = Array.from({ length: to - from }, (_, k) => this.parts(from + k))
    return this.specs.map((spec, part) => {
      const own = frames.map((parts, k) => ({
        index: this.indexOf(from + k),
        means: /** @type {NonNullable<typeof parts[0]>} */ (parts[part]).means,
      }))
      return columnsOf(spec, this.cameras, own)
    })
  }

  /** The argument of writeFrames for the frames `from` to `to`. @param {number} from @param {number} to @returns {any} */
  batch(from, to) {
    return this.named(this.#columns(from, to).map(batchOf))
  }
}
