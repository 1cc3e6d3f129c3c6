/** Formats a frame of any layout as a line of text. */
import type { FrameReading } from '../../layout/infer.js'
import type { Layout } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'
import { count, printable } from '../shared/terminal.js'

const mostShown = 4

/** `      17  time 0.567  2 records  3: score 0.500 label idle box.top (1, 2, 3, 4)  8: …` */
export class RecordText {
  readonly #key: string | undefined
  readonly #floats: ReadonlySet<string>

  constructor({ key, fields }: Layout) {
    this.#key = key?.name
    this.#floats = new Set(fields.flatMap(({ name, value }) => (value.kind === 'float' ? [name] : [])))
  }

  line({ frameIndex, records, record, perFrame }: FrameReading<LayoutSpec>): string {
    const parts = [String(frameIndex).padStart(8), ...this.#values(perFrame)]
    if (records) parts.push(count(records.length, 'record'), ...records.map((one) => this.#record(one)))
    else parts.push(this.#values(record ?? {}).join(' '))
    return `${printable(parts.filter((part) => part !== '').join('  '))}\n`
  }

  #record(record: Record<string, unknown>): string {
    const { [this.#key ?? '']: key, ...values } = record
    return `${key}: ${this.#values(values).join(' ')}`
  }

  #values(given: object): string[] {
    return Object.entries(given).flatMap(([name, value]) => {
      // No camera dropped the frame.
      if (Array.isArray(value) && value.length === 0) return []
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Array.isArray(value)) {
        return [`${name} ${this.#value(name, value)}`]
      }
      return Object.entries(value).map(([camera, one]) => `${name}.${camera} ${this.#value(name, one)}`)
    })
  }

  #value(name: string, value: unknown): string {
    if (!ArrayBuffer.isView(value) && !Array.isArray(value)) return this.#single(name, value)
    const list = Array.from(value as ArrayLike<unknown>)
    const shown = list.slice(0, mostShown).map((one) => this.#single(name, one))
    if (list.length > mostShown) shown.push(`... ${list.length} values`)
    return `(${shown.join(', ')})`
  }

  #single(name: string, value: unknown): string {
    return this.#floats.has(name) ? (value as number).toFixed(3) : String(value)
  }
}
