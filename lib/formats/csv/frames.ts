/** Makes the frames of a table from its rows, which come in the order of the frames. */
import { show } from '../../base/errors.js'
import type { Layout } from '../../layout/model.js'
import type { MutableArray } from '../core/arrays.js'
import { BatchBuilder } from '../core/batches.js'
import type { Batch } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import type { Report } from '../core/report.js'
import type { Spool } from '../core/spool.js'
import type { Plan, Target } from './plan.js'
import { ID, KEY, LINE, NOBODY, UNKNOWN, VALUES } from './rows.js'
import type { TextTable } from './text-table.js'

const int32Max = 2 ** 31 - 1

export interface FrameOptions {
  readonly path: string
  readonly plan: Plan
  readonly layout: Layout
  readonly texts: ReadonlyMap<number, TextTable>
  /** The key of the first detection without identity in a frame. */
  readonly firstUnknown: number
  /** The index of a frame without numbers, from its time. */
  indexOf(time: number): number
  readonly report: Report
  readonly signal: AbortSignal | undefined
}

/** A target with the place of its values in a row of the spool. */
interface Placed {
  readonly target: Target
  readonly from: number
  readonly text: TextTable | undefined
}

/** Yields the frames of a spool in batches. */
export async function* framesOf(spool: Spool, options: FrameOptions): AsyncGenerator<Batch, void, void> {
  const { layout, signal } = options
  const maker = new FrameMaker(options)
  const { width } = spool
  let held = new Float64Array(64 * width)
  let count = 0
  for await (const block of spool.blocks()) {
    signal?.throwIfAborted()
    for (let at = 0; at < block.length; at += width) {
      if (count > 0 && block[at + KEY] !== held[KEY]) {
        maker.add(held, count, width)
        count = 0
        if (maker.builder.isFull) yield maker.builder.take()
      }
      if ((count + 1) * width > held.length) {
        const larger = new Float64Array(2 * held.length)
        larger.set(held)
        held = larger
      }
      held.set(block.subarray(at, at + width), count * width)
      count++
    }
  }
  if (count > 0) maker.add(held, count, width)
  if (maker.builder.rows > 0) yield maker.builder.take()
  options.report.lost(
    'keypoints with only some coordinates',
    maker.partial,
    `a keypoint in ${layout.root} is known or not`,
  )
}

class FrameMaker {
  readonly builder: BatchBuilder
  /** Number of keypoints of which only some coordinates were known. */
  partial = 0
  readonly #options: FrameOptions
  readonly #targets: readonly Placed[]
  readonly #key: string
  #order: number[] = []

  constructor(options: FrameOptions) {
    const { plan, layout, texts } = options
    this.#options = options
    this.builder = new BatchBuilder(layout, plan.cameras)
    this.#key = layout.key?.name ?? ''
    let from = VALUES
    const placed = (plan.animals[0]?.targets ?? []).map((target): Placed => {
      const text = target.kind === 'text' ? texts.get(target.columns[0] as number) : undefined
      from += target.columns.length
      return { target, from: from - target.columns.length, text }
    })
    this.#targets = placed.filter(({ target }) => !plan.hidden?.has(target.field))
  }

  add(rows: Float64Array, count: number, width: number): void {
    const { plan, layout } = this.#options
    const time = rows[KEY] as number
    const row = this.builder.row(plan.frame >= 0 ? time : this.#options.indexOf(time))
    this.#perFrame(rows, width, row)
    const order = this.#sorted(rows, count, width)
    const keys = this.builder.column(this.#key) as Int32Array
    const identified = layout.fields.some(({ name }) => name === 'identified')
      ? this.builder.column('identified')
      : undefined
    for (let slot = 0; slot < order.length; slot++) {
      const at = (order[slot] as number) * width
      const cell = row * layout.slots + slot
      keys[cell] = rows[at + ID] as number
      if (identified) (identified as Uint8Array)[cell] = (rows[at + ID] as number) < this.#options.firstUnknown ? 1 : 0
    }
    for (const placed of this.#targets) {
      if (!placed.target.perFrame) this.#store(placed, rows, width, order, row * layout.slots)
    }
  }

  /** The rows with an animal, by ascending key. Detections without identity get keys. */
  #sorted(rows: Float64Array, count: number, width: number): readonly number[] {
    const order = this.#order
    order.length = 0
    let next = this.#options.firstUnknown
    let ascends = true
    let last = -1
    for (let i = 0; i < count; i++) {
      let id = rows[i * width + ID] as number
      if (id === NOBODY) continue
      if (id === UNKNOWN) {
        id = next++
        if (id > int32Max) throw this.#problem(rows, i, width, 'too many detections')
        rows[i * width + ID] = id
      }
      if (id <= last) ascends = false
      last = id
      order.push(i)
    }
    if (ascends) return order
    const idAt = (i: number) => rows[i * width + ID] as number
    order.sort((a, b) => idAt(a) - idAt(b) || a - b)
    const twice = order.findIndex((i, at) => at > 0 && idAt(i) === idAt(order[at - 1] as number))
    if (twice >= 0) {
      const id = idAt(order[twice] as number)
      const name = this.#nameOf(id)
      const first = rows[(order[twice - 1] as number) * width + LINE]
      throw this.#problem(
        rows,
        order[twice] as number,
        width,
        `frame ${rows[KEY]} has ${name} twice, first in line ${first}`,
      )
    }
    return order
  }

  #nameOf(id: number): string {
    const { plan, texts } = this.#options
    const text = plan.id < 0 ? undefined : texts.get(plan.id)?.texts[id]
    return text === undefined ? `id ${id}` : show(text)
  }

  #problem(rows: Float64Array, i: number, width: number, what: string): Error {
    const { path } = this.#options
    return formatProblem(
      path,
      `line ${rows[i * width + LINE]}`,
      what,
      'name the columns of frame and id with columns (--columns frame=NAME,id=NAME)',
    )
  }

  #perFrame(rows: Float64Array, width: number, row: number): void {
    const { plan } = this.#options
    for (const { target, from, text } of this.#targets) {
      if (target.perFrame) this.#put(this.builder.column(target.field), row, rows[from] as number, text)
    }
    if (plan.time < 0) return
    const times = this.builder.column('time') as Float64Array
    times[row] = (plan.frame < 0 ? rows[KEY] : rows[width - 1]) as number
  }

  #put(column: MutableArray, at: number, value: number, text: TextTable | undefined): void {
    if (Number.isNaN(value)) return
    ;(column as unknown[])[at] = text ? text.texts[value] : value
  }

  #store(
    { target, from, text }: Placed,
    rows: Float64Array,
    width: number,
    order: readonly number[],
    cell: number,
  ): void {
    const { field, camera, columns } = target
    const column = this.builder.column(field, camera)
    const size = columns.length
    const numbers = column as Float32Array
    for (let slot = 0; slot < order.length; slot++) {
      const at = (order[slot] as number) * width + from
      const to = (cell + slot) * size
      if (text || size === 1) this.#put(column, to, rows[at] as number, text)
      else for (let i = 0; i < size; i++) numbers[to + i] = rows[at + i] as number
      if (field === 'keypoints') this.#blankPartial(numbers, to, size)
      else if (field === 'box' && this.#options.plan.corners) {
        numbers[to + 2] = (rows[at + 2] as number) - (rows[at] as number)
        numbers[to + 3] = (rows[at + 3] as number) - (rows[at + 1] as number)
      }
    }
  }

  /** A keypoint of which only some coordinates are known is not known. */
  #blankPartial(numbers: Float32Array, from: number, size: number): void {
    const { dimensions } = this.#options.plan
    for (let at = from; at < from + size; at += dimensions) {
      let known = 0
      for (let axis = 0; axis < dimensions; axis++) if (Number.isFinite(numbers[at + axis])) known++
      if (known === 0 || known === dimensions) continue
      this.partial++
      numbers.fill(Number.NaN, at, at + dimensions)
    }
  }
}
