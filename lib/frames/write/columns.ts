/** Checks batches of columns and copies them into blocks. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { FrameLocation } from '../../base/frame-location.js'
import type { NativeBlockWriter } from '../../native/native.js'
import { firstNotAscending } from '../file/ascending.js'
import { type Column, columnsOf, fieldNames, fields } from '../file/layout.js'
import type { FieldName, FrameColumns } from '../file/types.js'
import type { Block, BlockLayout } from './block.js'

type Values = BigInt64Array | Int32Array | Float32Array | Uint8Array

const arrayTypes = { int64: 'BigInt64Array', int32: 'Int32Array', float32: 'Float32Array', bool: 'Uint8Array' } as const

/** The options of a writer that apply to batches. */
export interface ColumnRules {
  maxFish: number
  cameraNames: readonly string[]
  ignoreUnknownCameras: boolean
}

/** A checked batch of frames, column by column. `sources[i]` is null for a camera that is left out. */
export interface CheckedBatch {
  frames: number
  sources: readonly (Values | null)[]
  lastIndex: bigint
  /** Number of detections and boxes of unknown cameras. */
  ignored: number
}

/** Checks batches of columns, by the same rules as for records, and copies them into blocks. */
export class ColumnFiller {
  readonly #rules: ColumnRules
  readonly #columns: readonly Column[]
  readonly #layout: BlockLayout
  readonly #location = new FrameLocation('nothing of the batch was written')
  readonly #blocks: NativeBlockWriter

  constructor(blocks: NativeBlockWriter, layout: BlockLayout, rules: ColumnRules) {
    this.#blocks = blocks
    this.#layout = layout
    this.#rules = rules
    this.#columns = columnsOf(rules.cameraNames, rules.maxFish)
  }

  /** Checks a batch. Its first index must be greater than `after`. If it throws, nothing of the batch is written. */
  check(batch: FrameColumns, after: number | bigint | null, anyOrder: boolean): CheckedBatch {
    const given = batch as unknown as Record<string, unknown>
    if (typeof given !== 'object' || given === null) throw invalidArgument('batch', batch, 'an object with columns')
    for (const name of Object.keys(given)) {
      // The result of a read can be written again; it has these two fields as well.
      if (name === 'cameraNames' || name === 'metadata' || Object.hasOwn(fields, name)) continue
      throw invalidArgument('batch', name, `an object with ${fieldNames.join(', ')}`)
    }
    for (const field of ['cameraAssignments', 'bboxes'] as const) checkRecord(field, given[field])
    const frames = valuesOf(given.frameIndex)?.length ?? 0
    const sources = this.#columns.map((column) => this.#source(given, column, frames))
    const ignored = this.#checkCameras(given)
    if (!anyOrder) this.#checkOrder(sources[0] as BigInt64Array, after)
    const fault = this.#blocks.fault(sources, frames)
    if (fault) throw this.#fault(sources, fault)
    this.#checkPositions(sources)
    return { frames, sources, lastIndex: (sources[0] as BigInt64Array)[frames - 1] ?? 0n, ignored }
  }

  /** Copies the rows `from` to `to` of a batch into a block, beginning at its row `row`. */
  copy(block: Block, row: number, { sources }: CheckedBatch, from: number, to: number): void {
    this.#blocks.copy(sources, from, to, block.index, row)
    if (block.blank) return
    for (const [i, source] of sources.entries()) {
      if (source === null) this.#layout.clearColumn(block, i, row, row + to - from)
    }
  }

  #source(given: Record<string, unknown>, column: Column, frames: number): Values | null {
    const { field, camera, type, width, rowShape } = column
    if (camera !== null && !Object.hasOwn(given[field] as object, camera)) return null
    const value = camera === null ? given[field] : (given[field] as Record<string, unknown>)[camera]
    const values = valuesOf(value)
    const kind = arrayTypes[type as keyof typeof arrayTypes]
    const length = frames * width
    // Compared by name, because a typed array may come from another realm.
    if (values?.[Symbol.toStringTag] !== kind || values.length !== length) {
      const name = camera === null ? field : `${field}[${show(camera)}]`
      const shape = ['n', ...rowShape].join(' x ')
      throw invalidArgument(name, value, `${kind} of ${shape} = ${length} values, for n = ${frames} frames`)
    }
    return values
  }

  #checkCameras(given: Record<string, unknown>): number {
    const { cameraNames, ignoreUnknownCameras } = this.#rules
    let ignored = 0
    for (const field of ['cameraAssignments', 'bboxes'] as const) {
      for (const [camera, value] of Object.entries(given[field] as Record<string, unknown>)) {
        if (cameraNames.includes(camera)) continue
        if (!ignoreUnknownCameras) {
          const problem = `${field} must name the writer's cameras only, ${show(cameraNames)}; got ${show(camera)}`
          throw new H5TracksError(`${problem}; nothing of the batch was written`, {
            code: 'ERR_UNKNOWN_CAMERA',
            camera,
            field,
          })
        }
        ignored += countPresent(valuesOf(value), field === 'bboxes' ? 4 : 1)
      }
    }
    return ignored
  }

  #checkOrder(indices: BigInt64Array, after: number | bigint | null): void {
    const at = firstNotAscending(indices, after)
    if (at === -1) return
    const allowed = `must be above ${at === 0 ? after : indices[at - 1]}, the frame before`
    throw this.#refusal(indices[at] as bigint, -1, 'ERR_FRAME_ORDER', 'frameIndex', allowed, indices[at])
  }

  #checkPositions(sources: readonly (Values | null)[]): void {
    const positions = sources[2] as Float32Array
    for (let at = 0; at < positions.length; at += 3) {
      const sum = (positions[at] as number) + (positions[at + 1] as number) + (positions[at + 2] as number)
      // The sum of three finite float32 is finite, because it is a double.
      if (Number.isFinite(sum)) continue
      const cell = at / 3
      this.#location.frame = frameAt(sources, Math.floor(cell / this.#rules.maxFish))
      this.#location.fish = (sources[1] as Int32Array)[cell] as number
      this.#location.checkUnknownPosition(positions.subarray(at, at + 3))
    }
  }

  #fault(sources: readonly (Values | null)[], { column, at }: { column: number; at: number }): H5TracksError {
    const { field, fill } = this.#columns[column] as Column
    if (field === 'fishId') return this.#misplaced(sources, at)
    const { range } = fields[field]
    const value = Number(sources[column]?.[at])
    if (range && (value < range[0] || value > range[1])) {
      const allowed = `must be an integer from ${range[0]} to ${range[1]}`
      return this.#valueRefusal(sources, column, at, 'ERR_OUT_OF_RANGE', allowed)
    }
    // Every column must have its fill value in an empty slot: otherwise the file could not be read as records again.
    const allowed = `must be ${fill} in a slot without a fish`
    return this.#valueRefusal(sources, column, at, 'ERR_INVALID_TRACK', allowed)
  }

  #misplaced(sources: readonly (Values | null)[], cell: number): H5TracksError {
    const { maxFish } = this.#rules
    const ids = sources[1] as Int32Array
    const id = ids[cell] as number
    const frame = frameAt(sources, Math.floor(cell / maxFish))
    if (id < -1) return this.#refusal(frame, -1, 'ERR_OUT_OF_RANGE', 'fishId', 'must be -1 or an id from 0', id)
    if (cell % maxFish > 0 && id === ids[cell - 1]) {
      return this.#refusal(frame, id, 'ERR_DUPLICATE_FISH', 'fishId', 'must occur once in a frame', id)
    }
    return this.#refusal(frame, id, 'ERR_INVALID_TRACK', 'fishId', 'must ascend from slot 0, empty slots (-1) last', id)
  }

  /** The error for the value at `at` in a column with one or more values for each fish. */
  #valueRefusal(
    sources: readonly (Values | null)[],
    index: number,
    at: number,
    code: string,
    allowed: string,
  ): H5TracksError {
    const { field, width, camera } = this.#columns[index] as Column
    const row = Math.floor(at / width)
    const slot = Math.floor((at % width) / (width / this.#rules.maxFish))
    const id = (sources[1] as Int32Array)[row * this.#rules.maxFish + slot] as number
    const where = id === -1 ? `${allowed} (slot ${slot})` : allowed
    return this.#refusal(frameAt(sources, row), id, code, field, where, sources[index]?.[at], camera ?? undefined)
  }

  #refusal(
    frame: bigint,
    fish: number,
    code: string,
    field: string,
    allowed: string,
    given: unknown,
    camera?: string,
  ): H5TracksError {
    this.#location.frame = frame
    this.#location.fish = fish
    return this.#location.refusal(code, field, allowed, given, camera)
  }
}

function frameAt(sources: readonly (Values | null)[], row: number): bigint {
  return (sources[0] as BigInt64Array)[row] as bigint
}

/** Refuses a Map and an array: they have no columns by name, so their values would be ignored. */
function checkRecord(field: FieldName, record: unknown): void {
  if (typeof record === 'object' && record !== null && !(Symbol.iterator in record)) return
  throw invalidArgument(field, record, 'an object with a column for each camera')
}

/** The typed array of a column, given alone or with its shape. */
function valuesOf(value: unknown): Values | undefined {
  const data = ArrayBuffer.isView(value) ? value : (value as { data?: unknown } | null | undefined)?.data
  return ArrayBuffer.isView(data) ? (data as Values) : undefined
}

function countPresent(values: Values | undefined, width: number): number {
  let present = 0
  for (let at = 0; at < (values?.length ?? 0); at += width) {
    if (values?.subarray(at, at + width).some((value) => Number(value) !== -1)) present++
  }
  return present
}
