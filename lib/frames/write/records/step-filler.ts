/** Fills rows of several layouts in step. */
import { FrameLocation } from '../../../base/frame-location.js'
import type { Block, BlockLayout, RowFiller } from '../blocks/block.js'
import type { RecordFiller } from './record-filler.js'

/** Fills a row from the records of several layouts: a frame belongs to all of them or to none. */
export class StepFiller implements RowFiller<unknown, unknown> {
  readonly truncated = 0
  readonly #fillers: ReadonlyMap<string, RecordFiller>
  readonly #block: BlockLayout
  readonly #location = new FrameLocation()

  /** @param fillers the fillers of the layouts by name */
  constructor(block: BlockLayout, fillers: ReadonlyMap<string, RecordFiller>) {
    this.#block = block
    this.#fillers = fillers
  }

  fill(
    block: Block,
    row: number,
    frameIndex: number | bigint,
    records: unknown,
    perFrame: unknown,
    after: number | bigint | null,
  ): void {
    this.#location.frame = frameIndex
    const given = this.#checkNames('records', records, true)
    const frames = this.#checkNames('perFrame', perFrame ?? {}, false)
    const counts = [...this.#fillers.values()].map(({ recordsDropped, valuesIgnored }) => [
      recordsDropped,
      valuesIgnored,
    ])
    try {
      for (const [name, filler] of this.#fillers) filler.fill(block, row, frameIndex, given[name], frames[name], after)
    } catch (error) {
      // Those that took their part of the frame give it back.
      for (const [i, filler] of [...this.#fillers.values()].entries()) {
        ;[filler.recordsDropped, filler.valuesIgnored] = counts[i] as [number, number]
      }
      this.#block.clearRows(block, row, row + 1)
      throw error
    }
  }

  #checkNames(what: string, given: unknown, all: boolean): Readonly<Record<string, unknown>> {
    const names = [...this.#fillers.keys()]
    const keys = typeof given === 'object' && given !== null ? Object.keys(given) : null
    if (keys?.every((key) => names.includes(key)) && (!all || keys.length === names.length)) {
      return given as Readonly<Record<string, unknown>>
    }
    const allowed = `must be an object with ${all ? '' : 'some of '}the layouts ${names.join(', ')}`
    throw this.#location.refusal('ERR_INVALID_RECORD', what, allowed, given)
  }
}
