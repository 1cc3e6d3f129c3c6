/** Gathers the columns of one layout from a batch, and checks what native code does not. */
import { H5TracksError, invalidArgument, show } from '../../../base/errors.js'
import { FrameLocation } from '../../../base/frame-location.js'
import type { Terms } from '../../../base/terms.js'
import { fillNumber, fromHalfBits, isHalf } from '../../../layout/half.js'
import { type Column, cellWidth, type Field } from '../../../layout/model.js'
import type { BatchFault, TypedArray } from '../../../native/native.js'
import { firstNotAscending } from '../../file/ascending.js'
import type { Part } from '../open/create.js'
import { BatchRefusal } from './batch-refusal.js'
import { kindOf, storedValues } from './column-values.js'

/** The options of a writer that apply to batches. */
export interface BatchRules {
  cameraNames: readonly string[]
  ignoreUnknownCameras: boolean
}

/** A layout of a file, with the words of its errors. */
export interface WordedPart extends Part {
  terms: Terms
}

/** The columns of a batch for one layout. A source is null for a camera or an optional field that is left out. */
export interface Gathered {
  frames: number
  sources: readonly (TypedArray | null)[]
  /** Number of values of unknown cameras. */
  ignored: number
}

export class BatchPart {
  readonly name: string | null
  readonly columns: readonly Column[]
  /** Index of the column of keys; -1 if a frame is one record. */
  readonly keys: number
  readonly #part: WordedPart
  readonly #rules: BatchRules
  readonly #location: FrameLocation
  readonly #refusal: BatchRefusal
  readonly #perCamera: readonly Field[]

  constructor(part: WordedPart, columns: readonly Column[], rules: BatchRules) {
    this.name = part.name
    this.columns = columns
    this.keys = columns.findIndex(({ field }) => field === part.layout.key)
    this.#part = part
    this.#rules = rules
    this.#location = new FrameLocation('nothing of the batch was written', part.terms)
    this.#refusal = new BatchRefusal(this.#location, columns, this.keys, part.slots)
    this.#perCamera = part.layout.fields.filter(({ perCamera }) => perCamera)
  }

  /** Takes the columns out of a batch. Throws ERR_INVALID_ARGUMENT for a missing one, and for one of another type or length. */
  gather(batch: unknown): Gathered {
    const what = this.name === null ? 'batch' : `batch.${this.name}`
    if (typeof batch !== 'object' || batch === null) throw invalidArgument(what, batch, 'an object with columns')
    const given = batch as Record<string, unknown>
    this.#checkNames(what, given)
    const frames = storedValues(this.#part.layout.index, given.frameIndex)?.length ?? 0
    const sources = this.columns.map((column) => this.#source(given, column, frames))
    return { frames, sources, ignored: this.#checkCameras(given) }
  }

  /** Checks that the indices ascend. The first must be greater than `after`. Throws ERR_FRAME_ORDER. */
  checkOrder({ sources }: Gathered, after: number | bigint | null): void {
    const indices = sources[0] as BigInt64Array
    const at = firstNotAscending(indices, after)
    if (at === -1) return
    this.#location.frame = indices[at] as bigint
    this.#location.key = -1
    const allowed = `must be above ${at === 0 ? after : indices[at - 1]}, the frame before`
    throw this.#location.refusal('ERR_FRAME_ORDER', 'frameIndex', allowed, indices[at])
  }

  /** The error for a value that native code found. */
  refusal({ sources }: Gathered, fault: BatchFault): H5TracksError {
    return this.#refusal.ofFault(sources, fault)
  }

  #checkNames(what: string, given: Record<string, unknown>): void {
    const names = this.#part.layout.fields.map(({ name }) => name)
    for (const name of Object.keys(given)) {
      // The result of a read can be written again; it has these two fields as well.
      if (name === 'cameraNames' || name === 'metadata' || names.includes(name)) continue
      throw invalidArgument(what, name, `an object with ${names.join(', ')}`)
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

  /** Checks half-precision floats, which native code does not know. */
  checkHalves({ sources }: Gathered): void {
    for (const [i, { field }] of this.columns.entries()) {
      const bits = sources[i]
      if (!isHalf(field) || !bits || (field.range === null && field.partial === 'keep')) continue
      const numbers = Float32Array.from(bits as Uint16Array, fromHalfBits)
      const given = sources.with(i, numbers)
      const [least, most] = field.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      const fill = fillNumber(field)
      const at = numbers.findIndex((n) => field.range !== null && !(n >= least && n <= most) && !Object.is(n, fill))
      if (at !== -1) throw this.#refusal.ofFault(given, { column: i, at, rule: 'range' })
      const size = field.shape.at(-1) ?? 1
      for (let k = 0; field.partial === 'refuse' && k < numbers.length; k += size) {
        const vector = numbers.subarray(k, k + size)
        const known = vector.every(Number.isFinite) || vector.every(Number.isNaN)
        if (!known) throw this.#refusal.ofPosition(given, i, k, size)
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

function countPresent(values: TypedArray | undefined, field: Field): number {
  const width = cellWidth(field)
  let present = 0
  for (let at = 0; at < (values?.length ?? 0); at += width) {
    if (values?.subarray(at, at + width).some((value) => !Object.is(Number(value), field.fill))) present++
  }
  return present
}
