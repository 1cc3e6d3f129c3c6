/** Checks the records of a frame and fills a row of a block with them, as the layouts of a file say. */
import { show } from '../../../base/errors.js'
import { FrameLocation } from '../../../base/frame-location.js'
import type { Field } from '../../../layout/model.js'
import type { Block, BlockLayout, RowFiller } from '../blocks/block.js'
import type { WordedPart } from '../columns/batch-part.js'
import { CameraFinder } from './camera-finder.js'
import { FieldSet } from './field-set.js'
import { SortedRecords } from './sorted-records.js'

/** The options of a writer that apply to records. */
export interface RecordRules {
  cameraNames: readonly string[]
  dropExcessRecords: boolean
  ignoreUnknownCameras: boolean
}

/** Fills the part of a row that belongs to one layout. */
export class RecordFiller implements RowFiller<unknown, unknown> {
  readonly truncated = 0
  /** Number of records that were dropped because a frame had more than slots. */
  recordsDropped = 0

  readonly #part: WordedPart
  readonly #rules: RecordRules
  readonly #block: BlockLayout
  readonly #location: FrameLocation
  readonly #sorted: SortedRecords<object>
  readonly #record: FieldSet
  readonly #frame: FieldSet
  readonly #cameras: CameraFinder
  readonly #indexAt: number
  readonly #keysAt: number
  readonly #dropsAt: readonly number[]

  constructor(block: BlockLayout, part: WordedPart, rules: RecordRules) {
    const { index, key, drops, fields } = part.layout
    this.#part = part
    this.#rules = rules
    this.#block = block
    this.#location = new FrameLocation('the frame was not written', part.terms)
    this.#sorted = new SortedRecords(this.#location)
    this.#cameras = new CameraFinder(rules.cameraNames)
    const cameras = {
      cameras: this.#cameras,
      cameraNames: rules.cameraNames,
      ignoreUnknown: rules.ignoreUnknownCameras,
    }
    const setOf = (what: string, own: readonly Field[], passedOver: string | null) =>
      new FieldSet(what, own, passedOver, block, this.#location, cameras)
    const others = fields.filter((field) => field !== index && field !== key && field !== drops)
    this.#record = setOf(
      key ? 'records' : 'record',
      others.filter(({ perFrame }) => !perFrame),
      key?.name ?? null,
    )
    this.#frame = setOf(
      'perFrame',
      others.filter(({ perFrame }) => perFrame),
      drops?.name ?? null,
    )
    this.#indexAt = block.startsOf(index)[0] as number
    this.#keysAt = key ? (block.startsOf(key)[0] as number) : -1
    this.#dropsAt = drops ? block.startsOf(drops) : []
  }

  /** Number of values of unknown cameras that were ignored. */
  get valuesIgnored(): number {
    return this.#record.ignored
  }

  set valuesIgnored(count: number) {
    this.#record.ignored = count
  }

  fill(
    block: Block,
    row: number,
    frameIndex: number | bigint,
    records: unknown,
    perFrame: unknown,
    after: number | bigint | null,
  ): void {
    const location = this.#location
    location.frame = frameIndex
    location.key = -1
    location.checkFrameIndex(after)
    const ignored = this.#record.ignored
    try {
      const dropped = this.#part.layout.key ? this.#fillSlots(block, row, records as Iterable<object>) : 0
      if (!this.#part.layout.key) this.#record.fill(block, records, row)
      location.key = -1
      this.#fillFrame(block, row, perFrame)
      this.recordsDropped += dropped
    } catch (error) {
      this.#record.ignored = ignored
      this.#block.clearRows(block, row, row + 1)
      throw error
    }
    block.storeFrameIndex(this.#indexAt + row, frameIndex)
  }

  /** Returns the number of records that were dropped. */
  #fillSlots(block: Block, row: number, records: Iterable<object>): number {
    const location = this.#location
    const { slots } = this.#part
    this.#sorted.take(records)
    const given = this.#sorted.length
    if (given > slots && !this.#rules.dropExcessRecords) {
      throw location.refusal(location.terms.tooMany, 'records', `must be at most ${slots} (slots)`, given)
    }
    const count = Math.min(given, slots)
    for (let slot = 0; slot < count; slot++) {
      const key = this.#sorted.keys[slot] as number
      location.key = key
      const cell = row * slots + slot
      block.i32[this.#keysAt + cell] = key
      this.#record.fill(block, this.#sorted.records[slot], cell)
    }
    return given - count
  }

  #fillFrame(block: Block, row: number, perFrame: unknown): void {
    this.#frame.fill(block, perFrame, row)
    const { drops } = this.#part.layout
    const dropped = drops && (perFrame as Readonly<Record<string, unknown>> | undefined)?.[drops.name]
    if (dropped === undefined || dropped === null) return
    const location = this.#location
    if (typeof dropped === 'string' || typeof (dropped as Iterable<unknown>)[Symbol.iterator] !== 'function') {
      throw location.refusal(location.terms.invalid, 'dropped', 'must be a list of camera names', dropped)
    }
    for (const camera of dropped as Iterable<unknown>) {
      const index = this.#cameras.find(camera)
      if (index === -1) {
        const allowed = `must name the writer's cameras only, ${show(this.#rules.cameraNames)}`
        throw location.refusal('ERR_UNKNOWN_CAMERA', 'dropped', allowed, camera, camera)
      }
      block.u8[(this.#dropsAt[index] as number) + row] = 1
    }
  }
}
