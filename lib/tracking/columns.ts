import { H5TracksError, invalidArgument, show } from '../errors.js'
import type { Block, BlockLayout } from './block.js'
import { type Column, columnsOf, fieldNames, fields } from './layout.js'
import { Place } from './refusal.js'
import type { FieldName, FrameColumns } from './types.js'

type Values = BigInt64Array | Int32Array | Float32Array | Uint8Array

const arrayTypes = { int64: 'BigInt64Array', int32: 'Int32Array', float32: 'Float32Array', bool: 'Uint8Array' } as const

export interface ColumnRules {
  maxFish: number
  cameraNames: readonly string[]
  ignoreUnknownCameras: boolean
}

/** A batch of frames, column by column, that has been checked; `sources[i]` is null where a camera says nothing. */
export interface CheckedBatch {
  frames: number
  sources: readonly (Values | null)[]
  lastIndex: bigint
  /** Detections and boxes of unknown cameras. */
  ignored: number
}

/** Checks batches of frames that come as columns, and copies them into blocks. The rules are those of records. */
export class ColumnFiller {
  readonly #rules: ColumnRules
  readonly #columns: readonly Column[]
  readonly #layout: BlockLayout
  readonly #place = new Place('nothing of the batch was written')

  constructor(layout: BlockLayout, rules: ColumnRules) {
    this.#layout = layout
    this.#rules = rules
    this.#columns = columnsOf(rules.cameraNames, rules.maxFish)
  }

  /** The batch, or what is wrong with it: nothing of it is written then. `after`: the index that its first must be above. */
  check(batch: FrameColumns, after: number | bigint | null, anyOrder: boolean): CheckedBatch {
    const given = batch as unknown as Record<string, unknown>
    if (typeof given !== 'object' || given === null) throw invalidArgument('batch', batch, 'an object with columns')
    for (const name of Object.keys(given)) {
      // What a read gives can be written again; these two come with it.
      if (name === 'cameraNames' || name === 'metadata' || Object.hasOwn(fields, name)) continue
      throw invalidArgument('batch', name, `an object with ${fieldNames.join(', ')}`)
    }
    for (const field of ['cameraAssignments', 'bboxes'] as const) checkRecord(field, given[field])
    const frames = valuesOf(given.frameIndex)?.length ?? 0
    const sources = this.#columns.map((column) => this.#source(given, column, frames))
    const ignored = this.#checkCameras(given)
    this.#checkOrder(sources[0] as BigInt64Array, anyOrder ? null : after, anyOrder)
    this.#checkFish(sources, frames)
    return { frames, sources, lastIndex: (sources[0] as BigInt64Array)[frames - 1] ?? 0n, ignored }
  }

  /** Copies the batch's rows `from` to `to` into the block from row `row`. */
  copy(block: Block, row: number, { sources }: CheckedBatch, from: number, to: number): void {
    for (const [i, { type, width }] of this.#columns.entries()) {
      const source = sources[i]
      if (!source) continue
      const part = source.subarray(from * width, to * width)
      const at = this.#layout.start(i) + row * width
      if (type === 'int64') block.i64.set(part as BigInt64Array, at)
      else if (type === 'int32') block.i32.set(part as Int32Array, at)
      else if (type === 'float32') block.f32.set(part as Float32Array, at)
      else block.u8.set(part as Uint8Array, at)
    }
  }

  #source(given: Record<string, unknown>, column: Column, frames: number): Values | null {
    const { field, camera, type, width, rowShape } = column
    if (camera !== null && !Object.hasOwn(given[field] as object, camera)) return null
    const value = camera === null ? given[field] : (given[field] as Record<string, unknown>)[camera]
    const name = camera === null ? field : `${field}[${show(camera)}]`
    const values = valuesOf(value)
    const kind = arrayTypes[type as keyof typeof arrayTypes]
    const length = frames * width
    // By name: a typed array may come from another realm.
    if (values?.[Symbol.toStringTag] !== kind || values.length !== length) {
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

  #checkOrder(indices: BigInt64Array, after: number | bigint | null, anyOrder: boolean): void {
    if (anyOrder) return
    let before = after
    for (const index of indices) {
      if (before !== null && index <= before) {
        throw this.#refusal(
          index,
          -1,
          'ERR_FRAME_ORDER',
          'frameIndex',
          `must be above ${before}, the frame before`,
          index,
        )
      }
      before = index
    }
  }

  #checkFish(sources: readonly (Values | null)[], frames: number): void {
    const { maxFish } = this.#rules
    const ids = sources[1] as Int32Array
    for (let row = 0, cell = 0; row < frames; row++) {
      let before = -1
      let absent = false
      for (const end = cell + maxFish; cell < end; cell++) {
        const id = ids[cell] as number
        if (id === -1) {
          absent = true
          this.#checkAbsent(sources, row, cell)
          continue
        }
        if (id <= before || absent) throw this.#misplaced(sources, row, id, before)
        before = id
      }
    }
    for (const [i, { field, width, camera }] of this.#columns.entries()) {
      const source = sources[i]
      const range = ranges[field]
      if (!source || !range) continue
      const values = source as Int32Array
      for (let at = 0; at < values.length; at++) {
        const value = values[at] as number
        if (value >= range.min && value <= range.max) continue
        const row = Math.floor(at / width)
        const id = ids[Math.floor(at / (width / maxFish))] as number
        const allowed = `must be an integer from ${range.min} to ${range.max}`
        throw this.#refusal(frameAt(sources, row), id, 'ERR_OUT_OF_RANGE', field, allowed, value, camera ?? undefined)
      }
    }
  }

  #misplaced(sources: readonly (Values | null)[], row: number, id: number, before: number): H5TracksError {
    const frame = frameAt(sources, row)
    if (id < -1) return this.#refusal(frame, -1, 'ERR_OUT_OF_RANGE', 'fishId', 'must be -1 or an id from 0', id)
    if (id === before) return this.#refusal(frame, id, 'ERR_DUPLICATE_FISH', 'fishId', 'must occur once in a frame', id)
    return this.#refusal(frame, id, 'ERR_INVALID_TRACK', 'fishId', 'must ascend from slot 0, empty slots (-1) last', id)
  }

  /** Where nobody is, every column says so: a file that contradicts itself cannot be read as records again. */
  #checkAbsent(sources: readonly (Values | null)[], row: number, cell: number): void {
    for (const [i, { field, width, fill, camera }] of this.#columns.entries()) {
      const source = sources[i]
      if (!source || field === 'frameIndex' || field === 'fishId') continue
      const perFish = width / this.#rules.maxFish
      for (let at = cell * perFish; at < (cell + 1) * perFish; at++) {
        if (Object.is(source[at], fill)) continue
        const allowed = `must be ${fill} in a slot without a fish`
        throw this.#refusal(
          frameAt(sources, row),
          -1,
          'ERR_INVALID_TRACK',
          field,
          allowed,
          source[at],
          camera ?? undefined,
        )
      }
    }
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
    this.#place.frame = frame
    this.#place.fish = fish
    return this.#place.refusal(code, field, allowed, given, camera)
  }
}

const int32Max = 2 ** 31 - 1

/** What integers may be, beyond what their typed array holds. */
const ranges: Partial<Record<FieldName, { min: number; max: number }>> = {
  nCameras: { min: 0, max: int32Max },
  isConfirmed: { min: 0, max: 1 },
  cameraAssignments: { min: -1, max: int32Max },
}

function frameAt(sources: readonly (Values | null)[], row: number): bigint {
  return (sources[0] as BigInt64Array)[row] as bigint
}

/** A Map or an array has no columns by name: what it says would be overlooked. */
function checkRecord(field: FieldName, record: unknown): void {
  if (typeof record === 'object' && record !== null && !(Symbol.iterator in record)) return
  throw invalidArgument(field, record, 'an object with a column for each camera')
}

/** The typed array, alone or with its shape. */
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
