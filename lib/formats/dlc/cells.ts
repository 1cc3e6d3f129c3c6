/** The values of a row, into the slots of a frame. */
import type { BatchBuilder } from '../core/batches.js'
import type { Report } from '../core/report.js'
import type { Precision } from '../poses/layout.js'
import type { Columns } from './columns.js'

export class Cells {
  readonly #columns: Columns
  readonly #facts: { readonly precision: Precision; readonly scores: Precision }
  readonly #byIndividual: readonly (readonly number[])[]
  #rounded = 0
  #roundedScores = 0
  #reported = false

  constructor(columns: Columns, facts: { readonly precision: Precision; readonly scores: Precision }) {
    this.#columns = columns
    this.#facts = facts
    const count = Math.max(1, columns.individuals.length)
    this.#byIndividual = Array.from({ length: count }, (_, individual) =>
      [...columns.targets.keys()].filter((column) => columns.targets[column]?.individual === individual),
    )
  }

  /** Stores a row: the individuals of which at least one value is known, by ascending index. */
  fill(builder: BatchBuilder, row: number, values: Float64Array, from: number): void {
    const { targets, nodes, dimensions } = this.#columns
    const keys = builder.column('individual') as Int32Array
    const keypoints = builder.column('keypoints') as Float64Array
    const confidence = builder.column('confidence') as Float64Array
    const first = from * targets.length
    let slot = 0
    for (const [individual, own] of this.#byIndividual.entries()) {
      if (!own.some((column) => !Number.isNaN(values[first + column]))) continue
      const cell = builder.cell(row, slot++)
      keys[cell] = individual
      for (const column of own) {
        const { node, coord } = targets[column]!
        const value = values[first + column] as number
        const isRounded = Math.fround(value) !== value && !Number.isNaN(value)
        if (coord === 'likelihood') {
          confidence[cell * nodes.length + node] = value
          if (isRounded) this.#roundedScores++
        } else {
          keypoints[(cell * nodes.length + node) * dimensions + coord] = value
          if (isRounded) this.#rounded++
        }
      }
    }
  }

  /** Reports, once, the numbers that were rounded. */
  report(report: Report): void {
    if (this.#reported) return
    this.#reported = true
    const { precision, scores } = this.#facts
    if (precision === 'float32') report.lost('digits of coordinates', this.#rounded, 'a float32 does not hold them')
    if (scores === 'float32') report.lost('digits of likelihoods', this.#roundedScores, 'a float32 does not hold them')
  }
}
