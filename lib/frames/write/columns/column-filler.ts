/** Checks batches of columns and copies them into blocks. */
import { H5TracksError, invalidArgument } from '../../../base/errors.js'
import type { NativeBlockStream, TypedArray } from '../../../native/native.js'
import type { Block, BlockLayout } from '../blocks/block.js'
import { BatchPart, type BatchRules, type Gathered, type WordedPart } from './batch-part.js'

/** The layouts of a file, and the options of a writer that apply to batches. */
export interface ColumnRules extends BatchRules {
  parts: readonly WordedPart[]
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
  readonly #layout: BlockLayout
  readonly #blocks: NativeBlockStream
  readonly #parts: readonly BatchPart[]

  constructor(blocks: NativeBlockStream, layout: BlockLayout, rules: ColumnRules) {
    this.#blocks = blocks
    this.#layout = layout
    this.#parts = rules.parts.map((part) => {
      const own = layout.columns.filter(({ field }) => part.layout.fields.includes(field))
      return new BatchPart(part, own, rules)
    })
  }

  /** Checks a batch. Its first index must be greater than `after`. If it throws, nothing of the batch is written. */
  check(batch: unknown, after: number | bigint | null, anyOrder: boolean): CheckedBatch {
    const gathered = this.#gather(batch)
    const [first] = gathered as [Gathered]
    if (!anyOrder) this.#parts[0]?.checkOrder(first, after)
    const sources = gathered.flatMap((part) => part.sources)
    let at = 0
    for (const [i, part] of this.#parts.entries()) {
      this.#checkPart(part, gathered[i] as Gathered, at, sources.length)
      at += part.columns.length
    }
    const ignored = gathered.reduce((sum, part) => sum + part.ignored, 0)
    const indices = sources[0] as BigInt64Array
    return { frames: first.frames, sources, lastIndex: indices[first.frames - 1] ?? 0n, ignored }
  }

  /** Copies the rows `from` to `to` of a batch into a block, beginning at its row `row`. */
  copy(block: Block, row: number, { sources }: CheckedBatch, from: number, to: number): void {
    this.#blocks.copy(sources, from, to, block.index, row)
    if (block.blank) return
    for (const [i, source] of sources.entries()) {
      if (source === null) this.#layout.clearColumn(block, i, row, row + to - from)
    }
  }

  #gather(batch: unknown): Gathered[] {
    if (this.#parts[0]?.name === null) return [this.#parts[0].gather(batch)]
    const names = this.#parts.map(({ name }) => name as string)
    const keys = typeof batch === 'object' && batch !== null ? Object.keys(batch) : []
    if (keys.length !== names.length || !keys.every((key) => names.includes(key))) {
      throw invalidArgument('batch', batch, `an object with the layouts ${names.join(', ')}`)
    }
    const gathered = this.#parts.map((part) => part.gather((batch as Record<string, unknown>)[part.name as string]))
    for (const [i, name] of names.entries()) checkInStep(gathered[0] as Gathered, gathered[i] as Gathered, name)
    return gathered
  }

  /** Checks the values of a layout, whose columns begin at `first` among the `count` columns of the block. */
  #checkPart(part: BatchPart, gathered: Gathered, first: number, count: number): void {
    const sources = Array.from({ length: count }, (_, i) => gathered.sources[i - first] ?? null)
    const fault = this.#blocks.fault(sources, gathered.frames, part.keys === -1 ? -1 : first + part.keys)
    if (fault) throw part.refusal(gathered, { ...fault, column: fault.column - first })
    part.checkHalves(gathered)
  }
}

/** Layouts that are written in step have the same frames. */
function checkInStep(first: Gathered, part: Gathered, name: string): void {
  const [one, other] = [first.sources[0], part.sources[0]] as [BigInt64Array, BigInt64Array]
  const at = one.findIndex((index, i) => index !== other[i])
  if (first.frames === part.frames && at === -1) return
  const what = at === -1 ? `${part.frames} frames` : `${other[at]} at place ${at}`
  const wanted = at === -1 ? `${first.frames}` : `${one[at]}`
  throw new H5TracksError(
    `batch.${name}.frameIndex must hold the frames of the other layouts, ${wanted}; got ${what}; nothing of the batch was written`,
    { code: 'ERR_INVALID_ARGUMENT', field: 'frameIndex' },
  )
}
