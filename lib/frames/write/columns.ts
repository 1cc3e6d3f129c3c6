/** Checks batches of columns and copies them into blocks. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { FrameLocation } from '../../base/frame-location.js'
import type { Terms } from '../../base/terms.js'
import type { Column, Field, Layout } from '../../layout/model.js'
import type { NativeBlockWriter, TypedArray } from '../../native/native.js'
import { firstNotAscending } from '../file/ascending.js'
import { BatchRefusal } from './batch-refusal.js'
import type { Block, BlockLayout } from './block.js'
import { kindOf, storedValues } from './column-values.js'

/** The options of a writer that apply to batches. */
export interface ColumnRules {
  layout: Layout
  slots: number
  cameraNames: readonly string[]
  ignoreUnknownCameras: boolean
  terms: Terms
}

/** A checked batch of frames, column by column. `sources[i]` is null for a camera or an optional field that is left out. */
export interface CheckedBatch {
  frames: number
  sources: readonly (TypedArray | null)[]
  lastIndex: bigint
  /** Number of values of unknown cameras. */
  ignored: number
}

/** Checks batches of columns, by the same rules as for records, and copies them into blocks. */
export class ColumnFiller {
  readonly #rules: ColumnRules
  readonly #layout: BlockLayout
  readonly #location: FrameLocation
  readonly #refusal: BatchRefusal
  readonly #blocks: NativeBlockWriter
  readonly #perCamera: readonly Field[]

  constructor(blocks: NativeBlockWriter, layout: BlockLayout, rules: ColumnRules) {
    this.#blocks = blocks
    this.#layout = layout
    this.#rules = rules
    this.#location = new FrameLocation('nothing of the batch was written', rules.terms)
    this.#refusal = new BatchRefusal(this.#location, rules.layout, layout.columns, rules.slots)
    this.#perCamera = rules.layout.fields.filter(({ perCamera }) => perCamera)
  }

  /** Checks a batch. Its first index must be greater than `after`. If it throws, nothing of the batch is written. */
  check(batch: unknown, after: number | bigint | null, anyOrder: boolean): CheckedBatch {
    if (typeof batch !== 'object' || batch === null) throw invalidArgument('batch', batch, 'an object with columns')
    const given = batch as Record<string, unknown>
    this.#checkNames(given)
    const frames = storedValues(this.#rules.layout.index, given.frameIndex)?.length ?? 0
    const sources = this.#layout.columns.map((column) => this.#source(given, column, frames))
    const ignored = this.#checkCameras(given)
    const indices = sources[0] as BigInt64Array
    if (!anyOrder) this.#checkOrder(indices, after)
    const fault = this.#blocks.fault(sources, frames)
    if (fault) throw this.#refusal.ofFault(sources, fault)
    this.#checkPositions(sources)
    return { frames, sources, lastIndex: indices[frames - 1] ?? 0n, ignored }
  }

  /** Copies the rows `from` to `to` of a batch into a block, beginning at its row `row`. */
  copy(block: Block, row: number, { sources }: CheckedBatch, from: number, to: number): void {
    this.#blocks.copy(sources, from, to, block.index, row)
    if (block.blank) return
    for (const [i, source] of sources.entries()) {
      if (source === null) this.#layout.clearColumn(block, i, row, row + to - from)
    }
  }

  #checkNames(given: Record<string, unknown>): void {
    const names = this.#rules.layout.fields.map(({ name }) => name)
    for (const name of Object.keys(given)) {
      // The result of a read can be written again; it has these two fields as well.
      if (name === 'cameraNames' || name === 'metadata' || names.includes(name)) continue
      throw invalidArgument('batch', name, `an object with ${names.join(', ')}`)
    }
    for (const field of this.#perCamera) {
      if (!mayBeLeftOut(field, given[field.name])) checkRecord(field.name, given[field.name])
    }
  }

  #source(given: Record<string, unknown>, column: Column, frames: number): TypedArray | null {
    const { field, camera, width, rowShape } = column
    const whole = given[field.name]
    if (mayBeLeftOut(field, whole)) return null
    if (camera !== null && !Object.hasOwn(whole as object, camera)) return null
    const value = camera === null ? whole : (whole as Record<string, unknown>)[camera]
    const values = storedValues(field, value)
    if (values?.length === frames * width) return values
    const name = camera === null ? field.name : `${field.name}[${show(camera)}]`
    const shape = ['n', ...rowShape].join(' x ')
    const length = (frames * width) / field.elements
    throw invalidArgument(name, value, `${kindOf(field)} of ${shape} = ${length} values, for n = ${frames} frames`)
  }

  #checkCameras(given: Record<string, unknown>): number {
    const { cameraNames, ignoreUnknownCameras } = this.#rules
    let ignored = 0
    for (const field of this.#perCamera) {
      for (const [camera, value] of Object.entries((given[field.name] ?? {}) as Record<string, unknown>)) {
        if (cameraNames.includes(camera)) continue
        if (!ignoreUnknownCameras) {
          const problem = `${field.name} must name the writer's cameras only, ${show(cameraNames)}; got ${show(camera)}`
          throw new H5TracksError(`${problem}; nothing of the batch was written`, {
            code: 'ERR_UNKNOWN_CAMERA',
            camera,
            field: field.name,
          })
        }
        ignored += countPresent(storedValues(field, value), field)
      }
    }
    return ignored
  }

  #checkOrder(indices: BigInt64Array, after: number | bigint | null): void {
    const at = firstNotAscending(indices, after)
    if (at === -1) return
    this.#location.frame = indices[at] as bigint
    this.#location.key = -1
    const allowed = `must be above ${at === 0 ? after : indices[at - 1]}, the frame before`
    throw this.#location.refusal('ERR_FRAME_ORDER', 'frameIndex', allowed, indices[at])
  }

  #checkPositions(sources: readonly (TypedArray | null)[]): void {
    for (const [i, { field }] of this.#layout.columns.entries()) {
      const values = sources[i]
      if (field.partial !== 'refuse' || !values) continue
      const size = field.shape.at(-1) ?? 1
      for (let at = 0; at < values.length; at += size) {
        let sum = 0
        // The sum of finite numbers of 32 bits is finite, because it is a double.
        for (let k = at; k < at + size; k++) sum += values[k] as number
        if (!Number.isFinite(sum)) this.#refusal.checkPosition(sources, i, at, size)
      }
    }
  }
}

const mayBeLeftOut = ({ optional, perFrame, perCamera }: Field, value: unknown): boolean =>
  value === undefined && (optional || (perFrame && perCamera))

/** Refuses a Map and an array: they have no columns by name, so their values would be ignored. */
function checkRecord(field: string, record: unknown): void {
  if (typeof record === 'object' && record !== null && !(Symbol.iterator in record)) return
  throw invalidArgument(field, record, 'an object with a column for each camera')
}

function countPresent(values: TypedArray | undefined, { shape, elements, fill }: Field): number {
  const width = shape.reduce((all, n) => all * n, elements)
  let present = 0
  for (let at = 0; at < (values?.length ?? 0); at += width) {
    if (values?.subarray(at, at + width).some((value) => !Object.is(Number(value), fill))) present++
  }
  return present
}
