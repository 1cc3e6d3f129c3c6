/** The base of all writers: blocks are filled with frames, counted, submitted and closed. */
import { H5TracksError } from '../../base/errors.js'
import type { NativeBlockStream } from '../../native/native.js'
import { narrow } from '../file/last-frame-index.js'
import type { StoreStats } from '../file/types.js'
import { Block, BlockLayout, type RowFiller } from './blocks/block.js'
import type { Run } from './blocks/run.js'
import type { CheckedBatch, ColumnFiller } from './columns/column-filler.js'
import { withKept } from './failure.js'
import type { OpenFile, OpenStream } from './open/create.js'
import type { Durability } from './open/options.js'

/** Idle; a call is taking frames; closing has begun; closed. */
type State = 'open' | 'taking' | 'closing' | 'closed'

/** How a writer turns frames and batches into rows. */
export interface Fillers<Records, PerFrame> {
  rows: RowFiller<Records, PerFrame>
  columns: ColumnFiller
}

/**
 * Writes frames into the blocks of a file. A frame is accepted or refused as a whole. The subclasses say what a frame is; they are
 * `TrackingWriter` and `FrameWriter`.
 */
export abstract class BaseWriter<Records, PerFrame> implements Disposable, AsyncDisposable {
  /** The path of the file as it was given. */
  readonly path: string
  /** The cameras in the order of the file. */
  readonly cameraNames: readonly string[]
  /** Number of frames in a chunk. */
  readonly chunkFrames: number
  /** What an accepted frame survives, see the option. */
  readonly durability: Durability

  readonly #run: Run
  readonly #blocks: NativeBlockStream
  readonly #failed: Int32Array
  readonly #views: Block[] = []
  readonly #layout: BlockLayout
  readonly #rows: RowFiller<Records, PerFrame>
  readonly #columns: ColumnFiller
  readonly #anyOrder: boolean
  /** Whether JavaScript fills the memory of the blocks itself, or copies of them. */
  readonly #shared: boolean
  #state: State = 'open'
  #closing: Promise<void> | undefined
  readonly #framesBefore: number
  #framesWritten = 0
  #columnsIgnored = 0
  #columnsTruncated = 0
  readonly #tallyBefore: number
  #lastIndex: number | bigint | null
  #block: Block | undefined
  #row = 0
  /** The number of rows of the open block at which {@link #reach} is called. */
  #milestone = 0
  #failureReported = false

  /** @internal */
  protected constructor(
    file: OpenFile,
    stream: OpenStream,
    fillersFor: (layout: BlockLayout, blocks: NativeBlockStream) => Fillers<Records, PerFrame>,
  ) {
    const { options } = file
    this.path = file.path
    this.cameraNames = Object.freeze([...file.cameraNames])
    this.chunkFrames = stream.chunkFrames
    this.durability = options.durability
    this.#anyOrder = options.frameOrder === 'any'
    this.#framesBefore = stream.frames
    this.#tallyBefore = stream.tally
    this.#lastIndex = stream.lastIndex
    this.#run = file.run
    this.#blocks = stream.blocks
    this.#shared = stream.blocks.shared
    this.#failed = new Int32Array(file.run.native.failed)
    this.#layout = new BlockLayout(stream.columns, stream.blocks.offsets)
    const { rows, columns } = fillersFor(this.#layout, stream.blocks)
    this.#rows = rows
    this.#columns = columns
  }

  /** Number of frames that this writer has accepted. */
  get framesWritten(): number {
    return this.#framesWritten
  }

  /** Number of frames of the file: those that it held when it was resumed, and those accepted since. */
  get length(): number {
    return this.#framesBefore + this.#framesWritten
  }

  /** Index of the last frame of the file; null without frames. A bigint only beyond the safe integers. */
  get lastFrameIndex(): number | bigint | null {
    return typeof this.#lastIndex === 'bigint' ? narrow(this.#lastIndex) : this.#lastIndex
  }

  /** Number of frames, from the beginning of the file, that survive a loss of power. 0 without `durability: 'power'`. */
  get durableFrames(): number {
    return this.#blocks.durableRows()
  }

  /** True until `close` or `closeSync` is called. */
  get isOpen(): boolean {
    return this.#state === 'open' || this.#state === 'taking'
  }

  /** True after the file is closed. */
  get closed(): boolean {
    return this.#state === 'closed'
  }

  /** @internal The method that continues a file of this writer, for errors. */
  protected abstract get resumeMethod(): string

  /** @internal Number of values of unknown cameras in batches that were ignored. */
  protected get ignoredInBatches(): number {
    return this.#columnsIgnored
  }

  /** @internal Number of boxes in batches whose fractions the caller truncated. */
  protected get truncatedInBatches(): number {
    return this.#columnsTruncated
  }

  /** @internal Writes a frame. Returns false if no block is free. */
  protected take(frameIndex: number | bigint, records: Records, perFrame: PerFrame): boolean {
    if (this.#state !== 'open') this.assertOpen('writeFrame')
    if (this.#failed[0] !== 0) this.#guarded(() => this.#run.native.throwFailure())
    const block = this.#block ?? this.#openBlock()
    if (!block.tookRecords) this.#prepare(block)
    // Iterators and getters of the caller run in here; they must not call this writer.
    const { truncated } = this.#rows
    this.#state = 'taking'
    try {
      this.#rows.fill(block, this.#row, frameIndex, records, perFrame, this.#anyOrder ? null : this.#lastIndex)
    } finally {
      this.#state = 'open'
    }
    this.#lastIndex = frameIndex
    if (this.#rows.truncated !== truncated) this.#storeTally(block)
    return this.#count(block, 1, this.#row)
  }

  /**
   * @internal Writes a batch of frames. Returns false if no block is free.
   *
   * @param truncated number of boxes in the batch whose fractions the caller truncated
   */
  protected takeBatch(batch: unknown, truncated = 0): boolean {
    this.assertOpen('writeFrames')
    if (this.#failed[0] !== 0) this.#guarded(() => this.#run.native.throwFailure())
    const checked = this.#check(batch)
    let more = true
    for (let from = 0; from < checked.frames; ) {
      const block = this.#block ?? this.#openBlock()
      const to = Math.min(checked.frames, from + this.chunkFrames - this.#row)
      if (this.#row + to - from >= this.#milestone) this.#prepareNext()
      this.#columns.copy(block, this.#row, checked, from, to)
      if (truncated > 0 && to === checked.frames) {
        this.#columnsTruncated += truncated
        this.#storeTally(block)
      }
      more = this.#count(block, to - from, this.#row + to - from)
      from = to
    }
    this.#columnsIgnored += checked.ignored
    if (checked.frames > 0) this.#lastIndex = checked.lastIndex
    return more
  }

  /** Statistics since the writer was opened. Also available after it is closed. */
  stats(): StoreStats {
    const { inFlight, ...stats } = this.#blocks.stats()
    return { frames: this.#framesWritten, ...stats, queueDepth: inFlight }
  }

  #check(batch: unknown): CheckedBatch {
    // As in writeFrame: getters of the batch must not call this writer.
    this.#state = 'taking'
    try {
      return this.#columns.check(batch, this.#lastIndex, this.#anyOrder)
    } finally {
      this.#state = 'open'
    }
  }

  /**
   * Counts filled rows, which are accepted from then on. Returns false if no other block is free.
   *
   * @param filledFrom the first row that JavaScript has filled; native code has filled those before it
   */
  #count(block: Block, rows: number, filledFrom: number): boolean {
    this.#row += rows
    this.#framesWritten += rows
    // The last step: from here on the rows are accepted and cannot be lost.
    if (this.#shared) Atomics.store(block.i32, 0, this.#row)
    else this.#failed[0] = this.#blocks.accept(block.index, block.buffer, filledFrom, this.#row)
    return this.#row < this.#milestone || this.#reach(block)
  }

  /** Returns false if the block is full and no other is free. */
  #reach(block: Block): boolean {
    if (this.#row < this.chunkFrames) {
      this.#prepareNext()
      return true
    }
    this.#block = undefined
    block.blank = block.tookRecords
    block.tookRecords = false
    return this.#guarded(() => this.#blocks.submit(block.blank))
  }

  #storeTally(block: Block): void {
    block.storeTally(this.#tallyBefore + this.#rows.truncated + this.#columnsTruncated)
  }

  /** Most recordings are short, so the next block is prepared only when this one is nearly full. */
  #prepareNext(): void {
    if (this.#milestone < this.chunkFrames) this.#guarded(() => this.#blocks.prepareNext())
    this.#milestone = this.chunkFrames
  }

  /** Makes the block blank, which records need. Columns overwrite the old contents themselves. */
  #prepare(block: Block): void {
    if (!block.blank) this.#layout.clearRows(block, this.#row, this.chunkFrames)
    block.blank = true
    block.tookRecords = true
  }

  #openBlock(): Block {
    const index = this.#guarded(() => this.#blocks.acquire())
    const known = this.#views[index]
    if (known && !this.#shared) this.#blocks.load(index, known.buffer)
    const block = known ?? new Block(this.#blocks.block(index), index)
    this.#views[index] = block
    this.#block = block
    // Not 0 in the first block of a resumed file.
    this.#row = block.i32[0] as number
    this.#milestone = Math.ceil(this.chunkFrames * 0.75)
    return block
  }

  /** Resolves when every full block is committed, so that readers in this process see its frames. */
  async drain(): Promise<void> {
    this.assertOpen('drain')
    await this.#run.native.drain().catch((error) => this.#fail(error))
  }

  /** Resolves when every accepted frame is committed and passed to the operating system. */
  async flush(): Promise<void> {
    this.assertOpen('flush')
    await this.#run.native.flush().catch((error) => this.#fail(error))
  }

  /** The blocking form of {@link flush}. */
  flushSync(): void {
    this.assertOpen('flushSync')
    this.#guarded(() => this.#run.native.flushSync())
  }

  /**
   * Commits the remaining frames and closes the file; if other writers share the file, the last one closes it. Further calls return the same promise's result. If frames could not be written,
   * rejects with the error; the file is closed in any case.
   */
  async close(): Promise<void> {
    if (this.#state === 'taking') this.assertOpen('close')
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closing'
    try {
      await this.#run.release().catch((error) => this.#fail(error))
    } finally {
      this.#state = 'closed'
    }
  }

  /** The blocking form of {@link close}. A second call does nothing. */
  closeSync(): void {
    if (this.#state === 'closed') return
    const begun = this.#state === 'closing'
    if (!begun) this.assertOpen('closeSync')
    this.#state = 'closed'
    this.#guarded(() => (begun ? this.#run.awaitRelease() : this.#run.releaseSync()))
  }

  /** Calls `closeSync`, but does not throw an error that an earlier call has already thrown, so that `using` does not hide it. */
  [Symbol.dispose](): void {
    const reported = this.#failureReported
    try {
      this.closeSync()
    } catch (error) {
      if (!reported) throw error
    }
  }

  /** Calls `close`, but does not reject with an error that an earlier call has already thrown, so that `await using` does not hide it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const reported = this.#failureReported
    await this.close().catch((error) => (reported ? undefined : Promise.reject(error)))
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** Throws a failure of the writer. Since it ends the writer, its message says what has become of the frames. */
  #fail(error: unknown): never {
    if (!(error instanceof H5TracksError) || error.code === 'ERR_CLOSED') throw error
    this.#failureReported = true
    throw withKept(error, this, this.#framesBefore, this.resumeMethod)
  }

  /** @internal */
  protected assertOpen(method: string): void {
    if (this.#state === 'open') return
    const [code, message] =
      this.#state === 'taking'
        ? [
            'ERR_INVALID_ARGUMENT',
            `${method} was called by an iterator or getter of the frames that writeFrame or writeFrames is taking`,
          ]
        : ['ERR_CLOSED', `${method}: the writer of ${this.path} is closed`]
    throw new H5TracksError(message, { code, path: this.path })
  }
}
