/** The points of instances, into batches. */
import type { BatchBuilder } from '../../core/batches.js'
import type { Instance } from './instances.js'
import type { Table } from './table.js'

export const pointColumns = { user: ['x', 'y'], predicted: ['x', 'y', 'score'] } as const

export class Points {
  readonly #instances: Table
  readonly #user: Table
  readonly #predicted: Table
  /** Until format 1.1 the centre of the first pixel was (0.5, 0.5). */
  readonly #shift: number

  constructor(instances: Table, user: Table, predicted: Table, formatId: number) {
    this.#instances = instances
    this.#user = user
    this.#predicted = predicted
    this.#shift = formatId < 1.1 ? 0.5 : 0
  }

  /** Stores an instance in a cell of the batch. */
  async fill(builder: BatchBuilder, cell: number, instance: Instance): Promise<void> {
    const { layout } = builder
    const has = (name: string) => layout.fields.some((field) => field.name === name)
    const numbers = (name: string) => builder.column(name) as Float64Array
    const put = (name: string, value: number) => {
      if (has(name)) numbers(name)[cell] = value
    }
    numbers('individual')[cell] = instance.individual
    if (!instance.isUser) numbers('score')[cell] = instance.score
    put('trackingScore', instance.trackingScore)
    put('userLabelled', instance.isUser ? 1 : 0)
    put('identified', instance.identified ? 1 : 0)
    const nodes = layout.axes.get('node')!.length
    const table = instance.isUser ? this.#user : this.#predicted
    const { firstPoint, lastPoint, row } = instance
    table.checkRange(this.#instances, row, firstPoint, lastPoint)
    if (lastPoint - firstPoint !== nodes) {
      this.#instances.refuse(row, `has ${lastPoint - firstPoint} points; its skeleton has ${nodes} nodes`)
    }
    const keypoints = numbers('keypoints')
    const confidence = numbers('confidence')
    const visibility = has('visibility') ? numbers('visibility') : undefined
    const complete = has('complete') ? numbers('complete') : undefined
    let window = await table.windowAt(firstPoint)
    for (let node = 0; node < nodes; node++) {
      const point = firstPoint + node
      if (point >= window.stop) window = await table.windowAt(point)
      const at = point - window.start
      const { x, y, score, visible, complete: confirmed } = window.columns
      const to = cell * nodes + node
      keypoints[2 * to] = x![at]! - this.#shift
      keypoints[2 * to + 1] = y![at]! - this.#shift
      if (!instance.isUser) confidence[to] = score![at]!
      const isPlaced = !Number.isNaN(x![at]) || !Number.isNaN(y![at])
      if (visibility) visibility[to] = !isPlaced ? 0 : visible?.[at] === 0 ? 1 : 2
      if (complete) complete[to] = confirmed?.[at] ?? 0
    }
  }
}
