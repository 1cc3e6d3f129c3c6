/** `TrackingWriter`: writes tracking files. */
import type { Writable } from 'node:stream'
import { H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { TrackRecord } from '../../base/track-record.js'
import type { NativeBlockWriter } from '../../native/native.js'
import { runAsync, runSync } from '../../native/operation.js'
import { checkCameraNames } from '../file/cameras.js'
import { narrow } from '../file/last-frame-index.js'
import type { FrameColumns, WriterStats } from '../file/types.js'
import { Block, BlockLayout } from './block.js'
import { type CheckedBatch, ColumnFiller } from './columns.js'
import { createTrackingFile, type OpenForWriting } from './create.js'
import { withKept } from './failure.js'
import { checkWriterOptions, type Durability, type ResumeOptions, type WriterOptions } from './options.js'
import { resuming } from './resume.js'
import { RowFiller } from './row.js'
import { writableOf } from './writable.js'

/** Idle; a call is taking frames; closing has begun; closed. */
type State = 'open' | 'taking' | 'closing' | 'closed'

/**
 * Writes tracking results to an HDF5 file in AquaPose's layout, for N frames with S = `maxFish` slots:
 *
 * ```text
 * /tracking                          attributes: camera_names, schema, schema_version, created_by, your metadata
 *   frame_index            (N,)      int64
 *   fish_id                (N, S)    int32    -1: empty slot
 *   centroid_3d            (N, S, 3) float32  NaN: not known
 *   confidence             (N, S)    float32  -1: none
 *   reprojection_residual  (N, S)    float32  -1: none
 *   n_cameras              (N, S)    int32
 *   is_confirmed           (N, S)    bool
 *   camera_assignments/
 *     {camera}             (N, S)    int32    index of the detection in the camera's frame; -1: none
 *   bboxes/
 *     {camera}             (N, S, 4) int32    the four numbers of the box; all -1: none
 * ```
 *
 * Every dataset has chunks of `chunkFrames` frames, compressed with filters that every HDF5 library has. In each row, fish fill the
 * slots from slot 0 by ascending id.
 *
 * A frame that `writeFrame` accepted is not lost, whatever kills the process. Until a clean close, a journal beside the file
 * (`<file>.journal`) holds the frames that the file lacks; `recover` and `resume` apply it (see `durability`).
 *
 * ```ts
 * const writer = new TrackingWriter('out.h5', ['top', 'front'], { maxFish: 10, metadata: { fps: 60 } })
 * try {
 *   for await (const { index, tracks } of tracker) {
 *     if (!writer.writeFrame(index, tracks)) await writer.drain()
 *   }
 * } finally {
 *   await writer.close()
 * }
 * ```
 */
export class TrackingWriter implements Disposable, AsyncDisposable {
  /** The path of the file as it was given. */
  readonly path: string
  /** The cameras in the order of the file. */
  readonly cameraNames: readonly string[]
  /** Number of slots for fish in a frame. */
  readonly maxFish: number
  /** Number of frames in a chunk. */
  readonly chunkFrames: number
  /** What an accepted frame survives, see the option. */
  readonly durability: Durability

  readonly #blocks: NativeBlockWriter
  readonly #failed: Int32Array
  readonly #views: readonly Block[]
  readonly #layout: BlockLayout
  readonly #filler: RowFiller
  readonly #columns: ColumnFiller
  readonly #anyOrder: boolean
  #state: State = 'open'
  #closing: Promise<void> | undefined
  readonly #framesBefore: number
  #framesWritten = 0
  #columnsIgnored = 0
  readonly #truncatedBefore: number
  #lastIndex: number | bigint | null
  #block: Block | undefined
  #row = 0
  #failureReported = false

  /**
   * Creates a file. Throws ERR_INVALID_ARGUMENT and ERR_TOO_LARGE before the disk is touched, EEXIST if the file exists (unless
   * `overwrite`), ERR_LOCKED if it is in use, ERR_NEEDS_RECOVERY if a dead writer left a journal (unless `discardJournal`), and errors
   * of the system and of HDF5. A file that was to be overwritten is unchanged after an error.
   *
   * @param cameraNames the cameras in their order: distinct, non-empty names without '/' and NUL. The list may be empty.
   */
  constructor(path: string | URL, cameraNames: Iterable<string>, options?: WriterOptions)
  /** @internal Continues an open file, for `resume`. */
  constructor(file: OpenForWriting)
  constructor(given: string | URL | OpenForWriting, cameraNames?: Iterable<string>, options: WriterOptions = {}) {
    const file = isOpen(given) ? given : create(given, cameraNames, options)
    const { options: checked } = file
    this.path = file.path
    this.cameraNames = Object.freeze([...file.cameraNames])
    this.maxFish = file.maxFish
    this.chunkFrames = file.chunkFrames
    this.durability = checked.durability
    this.#anyOrder = checked.frameOrder === 'any'
    this.#framesBefore = file.frames
    this.#truncatedBefore = file.boxesTruncated
    this.#lastIndex = file.lastIndex
    this.#blocks = file.blocks
    this.#failed = new Int32Array(file.blocks.failed)
    this.#views = file.blocks.blocks.map((buffer, index) => new Block(buffer, index))
    this.#layout = new BlockLayout(file.columns, file.blocks.offsets)
    const rules = {
      maxFish: this.maxFish,
      cameraNames: this.cameraNames,
      dropExcessFish: checked.excessFish === 'drop',
      ignoreUnknownCameras: checked.unknownCameras === 'ignore',
      refuseFractionalBoxes: checked.fractionalBoxes === 'refuse',
    }
    this.#filler = new RowFiller(this.#layout, rules)
    this.#columns = new ColumnFiller(file.blocks, this.#layout, rules)
  }

  /**
   * Opens a file of h5tracks or AquaPose to write after its last frame, whose index is `lastFrameIndex`. A file whose writer died is
   * recovered first.
   *
   * Rejects with the errors of `recover` and of the constructor of TrackingReader, such as ERR_NOT_CLOSED (unless `acceptLoss`);
   * ERR_LOCKED while another process writes the file; ERR_FORMAT if its cameras or sizes are not those in `options`, or if it has
   * chunks that cannot be continued, with the name of the dataset.
   */
  static async resume(path: string | URL, options: ResumeOptions = {}): Promise<TrackingWriter> {
    return new TrackingWriter(await runAsync(resuming(path, options)))
  }

  /** The blocking form of {@link resume}. */
  static resumeSync(path: string | URL, options: ResumeOptions = {}): TrackingWriter {
    return new TrackingWriter(runSync(resuming(path, options)))
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

  /** Number of fish that were dropped from frames with more than `maxFish`, with `excessFish: 'drop'`. */
  get fishDropped(): number {
    return this.#filler.fishDropped
  }

  /** Number of detections and boxes of unknown cameras that were ignored, with `unknownCameras: 'ignore'`. */
  get detectionsIgnored(): number {
    return this.#filler.detectionsIgnored + this.#columnsIgnored
  }

  /**
   * Number of boxes whose fractions were truncated, with `fractionalBoxes: 'truncate'`. The closed file records the total number in its
   * metadata (`boxes_truncated`).
   */
  get boxesTruncated(): number {
    return this.#filler.boxesTruncated
  }

  /** True until `close` or `closeSync` is called. */
  get isOpen(): boolean {
    return this.#state === 'open' || this.#state === 'taking'
  }

  /** True after the file is closed. */
  get closed(): boolean {
    return this.#state === 'closed'
  }

  /**
   * Writes a frame. It is accepted or refused as a whole. For a refused frame, the method throws an error that names the frame, fish,
   * camera and field; nothing of the frame is written, and writing can continue with the next one.
   *
   * @param frameIndex greater than that of the frame before, unless `frameOrder: 'any'`. A safe integer, or a bigint within int64.
   * @param tracks the fish in the frame, in any order. Without fish, the frame has empty slots only.
   * @returns false if no block is free (back-pressure): await `drain()` before the next frame. Otherwise the next call blocks until a
   *   block is free.
   * @throws ERR_INVALID_TRACK, ERR_OUT_OF_RANGE, ERR_DUPLICATE_FISH, ERR_TOO_MANY_FISH, ERR_UNKNOWN_CAMERA or ERR_FRAME_ORDER for a
   *   refused frame; ERR_CLOSED; and, in this and every later call, the error with which an earlier block could not be written (e.g.
   *   ENOSPC).
   */
  writeFrame(frameIndex: number | bigint, tracks: Iterable<TrackRecord>): boolean {
    if (this.#state !== 'open') this.#assertOpen('writeFrame')
    if (this.#failed[0] !== 0) this.#guarded(() => this.#blocks.throwFailure())
    const block = this.#block ?? this.#openBlock()
    if (!block.tookRecords) this.#prepare(block)
    // Iterators and getters of the caller run in here; they must not call this writer.
    const truncated = this.#filler.boxesTruncated
    this.#state = 'taking'
    try {
      this.#filler.fill(block, this.#row, frameIndex, tracks, this.#anyOrder ? null : this.#lastIndex)
    } finally {
      this.#state = 'open'
    }
    this.#lastIndex = frameIndex
    if (this.#filler.boxesTruncated !== truncated) {
      block.storeTally(this.#truncatedBefore + this.#filler.boxesTruncated)
    }
    return this.#count(block, 1)
  }

  /**
   * Writes a batch of n frames in the layout of the file, for callers with typed arrays. If one of the frames would be refused, none is
   * written. The values are copied, so the arrays can be reused when the call returns.
   *
   * @returns as `writeFrame`. The call blocks if the batch needs more blocks than are free.
   * @throws as `writeFrame`; ERR_INVALID_ARGUMENT for a column that is missing or has another type or length.
   */
  writeFrames(batch: FrameColumns): boolean {
    this.#assertOpen('writeFrames')
    if (this.#failed[0] !== 0) this.#guarded(() => this.#blocks.throwFailure())
    const checked = this.#check(batch)
    let more = true
    for (let from = 0; from < checked.frames; ) {
      const block = this.#block ?? this.#openBlock()
      const to = Math.min(checked.frames, from + this.chunkFrames - this.#row)
      this.#columns.copy(block, this.#row, checked, from, to)
      more = this.#count(block, to - from)
      from = to
    }
    this.#columnsIgnored += checked.ignored
    if (checked.frames > 0) this.#lastIndex = checked.lastIndex
    return more
  }

  /**
   * Makes a stream that takes `{ frameIndex, tracks }`, for `stream.pipeline`. It exerts back-pressure if encoding or the disk is
   * slow. The writer is closed when the stream ends or is destroyed; frames accepted before an error are kept.
   */
  writable(): Writable {
    this.#assertOpen('writable')
    return writableOf(this)
  }

  /** Statistics since the writer was opened. Also available after it is closed. */
  stats(): WriterStats {
    const { inFlight, ...stats } = this.#blocks.stats()
    return { frames: this.#framesWritten, boxesTruncated: this.boxesTruncated, ...stats, queueDepth: inFlight }
  }

  #check(batch: FrameColumns): CheckedBatch {
    // As in writeFrame: getters of the batch must not call this writer.
    this.#state = 'taking'
    try {
      return this.#columns.check(batch, this.#lastIndex, this.#anyOrder)
    } finally {
      this.#state = 'open'
    }
  }

  /** Counts filled rows, which are accepted from then on. Returns false if no other block is free. */
  #count(block: Block, rows: number): boolean {
    this.#row += rows
    this.#framesWritten += rows
    // The last step: from here on the rows are accepted and cannot be lost.
    Atomics.store(block.i32, 0, this.#row)
    if (this.#row < this.chunkFrames) return true
    this.#block = undefined
    block.blank = block.tookRecords
    block.tookRecords = false
    return this.#guarded(() => this.#blocks.submit(block.blank))
  }

  /** Makes the block blank, which records need. Columns overwrite the old contents themselves. */
  #prepare(block: Block): void {
    if (!block.blank) this.#layout.clearRows(block, this.#row, this.chunkFrames)
    block.blank = true
    block.tookRecords = true
  }

  #openBlock(): Block {
    const block = this.#views[this.#guarded(() => this.#blocks.acquire())] as Block
    this.#block = block
    // Not 0 in the first block of a resumed file.
    this.#row = block.i32[0] as number
    return block
  }

  /** Resolves when every full block is committed, so that readers in this process see its frames. */
  async drain(): Promise<void> {
    this.#assertOpen('drain')
    await this.#blocks.drain().catch((error) => this.#fail(error))
  }

  /** Resolves when every accepted frame is committed and passed to the operating system. */
  async flush(): Promise<void> {
    this.#assertOpen('flush')
    await this.#blocks.flush().catch((error) => this.#fail(error))
  }

  /** The blocking form of {@link flush}. */
  flushSync(): void {
    this.#assertOpen('flushSync')
    this.#guarded(() => this.#blocks.flushSync())
  }

  /**
   * Commits the remaining frames and closes the file. Further calls return the same promise's result. If frames could not be written,
   * rejects with the error; the file is closed in any case.
   */
  async close(): Promise<void> {
    if (this.#state === 'taking') this.#assertOpen('close')
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closing'
    try {
      await this.#blocks.close().catch((error) => this.#fail(error))
    } finally {
      this.#state = 'closed'
    }
  }

  /** The blocking form of {@link close}. A second call does nothing. */
  closeSync(): void {
    if (this.#state === 'closed') return
    if (this.#state !== 'closing') this.#assertOpen('closeSync')
    this.#state = 'closed'
    this.#guarded(() => this.#blocks.closeSync())
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
    throw withKept(error, this, this.#framesBefore)
  }

  #assertOpen(method: string): void {
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

function isOpen(given: unknown): given is OpenForWriting {
  return typeof given === 'object' && given !== null && 'blocks' in given
}

function create(path: string | URL, cameraNames: unknown, options: WriterOptions): OpenForWriting {
  const name = toPath(path)
  const checked = checkWriterOptions(options)
  return createTrackingFile(name, checkCameraNames(cameraNames), checked)
}
