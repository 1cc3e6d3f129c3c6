/** Counts the values of fields that a format does not carry. */
import { fillNumber } from '../../layout/half.js'
import type { Field } from '../../layout/model.js'
import { arrayIn } from './arrays.js'
import { valuesOf } from './batches.js'
import type { Batch, Recording } from './format.js'
import { attributesOf } from './recordings.js'
import type { Report } from './report.js'

/** Feed it every batch that is written, then `report`. */
export class Losses {
  readonly #recording: Recording
  readonly #fields: readonly Field[]
  readonly #counts = new Map<string, number>()

  /** @param carried the names of the fields that the format carries; frame index and key are carried by all */
  constructor(recording: Recording, carried: readonly string[]) {
    this.#recording = recording
    const { layout } = recording
    this.#fields = layout.fields.filter(
      (field) => field !== layout.index && field !== layout.key && !carried.includes(field.name),
    )
  }

  add(batch: Batch): void {
    for (const field of this.#fields) {
      for (const camera of field.perCamera ? this.#recording.cameras : [undefined]) {
        const known = knownValues(field, arrayIn(batch, field.name, camera))
        this.#counts.set(field.name, (this.#counts.get(field.name) ?? 0) + known)
      }
    }
  }

  /** Reports the values of fields, and the attributes but those that are carried. `why`: 'MOT has no place for them'. */
  report(report: Report, why: string, attributes: readonly string[] = ['names']): void {
    for (const [name, count] of this.#counts) report.lost(`values of ${name}`, count, why)
    const left = Object.keys(attributesOf(this.#recording)).filter((name) => !attributes.includes(name))
    if (left.length > 0) report.lost(`attributes (${left.join(', ')})`, left.length, why)
  }
}

/** The number of values that are not the fill value. */
function knownValues(field: Field, array: ArrayLike<unknown> | undefined): number {
  if (array === undefined) return 0
  const width = valuesOf(field)
  const fill = field.value.kind === 'string' ? '' : fillNumber(field)
  const isFill = (value: unknown) =>
    typeof value === 'bigint'
      ? value === BigInt(fill as number)
      : Number.isNaN(fill)
        ? Number.isNaN(value)
        : value === fill
  let known = 0
  for (let at = 0; at < array.length; at += width) {
    for (let i = at; i < at + width; i++) {
      if (isFill(array[i])) continue
      known++
      break
    }
  }
  return known
}
