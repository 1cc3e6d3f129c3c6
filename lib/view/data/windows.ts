/** Makes the windows of a view from the rows of a layout. */
import type { Field } from '../../layout/model.js'
import type { PartDescription } from '../wire/description.js'
import { frameBytes, makeWindow, type ViewWindow, type WindowForm } from '../wire/window.js'
import { type ColumnOf, shares } from './parts.js'
import { timeIn } from './roles.js'
import type { Columns, Rows } from './rows.js'
import type { ViewPlan } from './views.js'

/** Bytes of a window as it is sent: small, so that a jump needs little; large enough to play from. */
const sentBytes = 512 * 1024
const mostFrames = 256

export class Windows {
  readonly form: WindowForm
  /** Number of frames in a window. */
  readonly frames: number
  readonly plan: ViewPlan
  readonly #rows: Rows
  readonly #time: Field | undefined
  readonly #fields: readonly string[]

  constructor(rows: Rows, plan: ViewPlan) {
    const { layout, slots } = rows.facts
    const time = timeIn(layout)
    this.plan = plan
    this.#rows = rows
    this.#time = time
    const parts: readonly PartDescription[] = plan.parts.map(({ description }) => description)
    this.form = { slots, hasTime: time !== undefined, view: { dimensions: plan.dimensions, parts } }
    this.frames = powerOfTwoIn(sentBytes / frameBytes(this.form))
    const own = [layout.index, layout.key, time, plan.confidence, ...plan.parts.flatMap(({ fields }) => fields)]
    this.#fields = [...new Set(own.flatMap((field) => (field ? [field.name] : [])))]
  }

  /** Reads frames. The result is shorter if the file has fewer. */
  async read(start: number, frames = this.frames): Promise<{ buffer: ArrayBuffer; window: ViewWindow }> {
    const { frames: length } = this.#rows.state()
    const from = Math.min(start, length)
    const stop = Math.min(from + frames, length)
    const made = makeWindow(this.form, from, stop - from)
    if (stop === from) return made
    let row = 0
    const wanted = { start: from, stop, fields: this.#fields, camera: this.plan.camera }
    for await (const { rows, columns } of this.#rows.read(wanted)) {
      this.#fill(made.window, row, rows, columns)
      row += rows
    }
    return made
  }

  #fill(window: ViewWindow, row: number, rows: number, columns: Columns): void {
    const { slots } = this.form
    const { index, key } = this.#rows.facts.layout
    const column: ColumnOf = (field) => columnIn(columns, field, this.plan.camera)
    const indices = column(index) as ArrayLike<number | bigint> | undefined
    for (let i = 0; i < rows; i++) window.frameIndex[row + i] = Number(indices?.[i])
    if (this.#time) window.time.set(column(this.#time) ?? [], row)
    if (key) window.ids.set(column(key) as Int32Array, row * slots)
    const { confidence, parts } = this.plan
    const cells = window.confidence.subarray(row * slots, (row + rows) * slots)
    if (confidence) shares(confidence, column(confidence), cells)
    else cells.fill(Number.NaN)
    for (const [i, part] of parts.entries()) part.fill(column, rows * slots, window.parts[i]!, row * slots)
  }
}

/** The values of a field, or of its column of a camera. */
function columnIn(columns: Columns, field: Field, camera: string | null): ArrayLike<number> | undefined {
  const own = columns[field.name] as
    | { data: ArrayLike<number> }
    | Record<string, { data: ArrayLike<number> }>
    | undefined
  if (!field.perCamera) return (own as { data: ArrayLike<number> } | undefined)?.data
  return camera === null ? undefined : (own as Record<string, { data: ArrayLike<number> }> | undefined)?.[camera]?.data
}

function powerOfTwoIn(frames: number): number {
  return Math.max(1, 2 ** Math.floor(Math.log2(Math.min(mostFrames, Math.max(1, frames)))))
}
