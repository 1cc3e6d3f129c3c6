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

/** Nothing runs, a frame is being taken, closing has begun, closed. */
type State = 'open' | 'taking' | 'closing' | 'closed'

/**
 * Writes tracking results into an HDF5 file as AquaPose lays them out, for N frames, S = `maxFish` slots and C cameras:
 *
 * ```text
 * /tracking                          attributes: camera_names, schema, schema_version, created_by, your metadata
 *   frame_index            (N,)      int64
 *   fish_id                (N, S)    int32    -1: nobody in this slot
 *   centroid_3d            (N, S, 3) float32  NaN: not known
 *   confidence             (N, S)    float32  -1: none
 *   reprojection_residual  (N, S)    float32  -1: none
 *   n_cameras              (N, S)    int32
 *   is_confirmed           (N, S)    bool
 *   camera_assignments/
 *     {camera}             (N, S)    int32    index of the detection in that camera's frame; -1: none
 *   bboxes/
 *     {camera}             (N, S, 4) int32    the box's four numbers; -1: none
 * ```
 *
 * Every dataset is chunked by `chunkFrames` frames and compressed with filters that every HDF5 library has. In a row the fish
 * stand in ascending order of their ids, from slot 0.
 *
 * A frame that `writeFrame` accepted is not lost, whatever kills the process: until a clean close, a journal beside the file
 * (`<file>.journal`) has what the file has not, and `recover` or `resume` applies it (see `durability`).
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
  /** The file, as it was named. */
  readonly path: string
  readonly cameraNames: readonly string[]
  /** Slots for fish in a frame. */
  readonly maxFish: number
  /** Frames in a chunk. */
  readonly chunkFrames: number
  /** What an accepted frame outlasts. */
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
  #failureTold = false

  /**
   * Creates the file. Throws ERR_INVALID_ARGUMENT or ERR_TOO_LARGE before the disk is touched, EEXIST where there is a file
   * (unless `overwrite`), ERR_LOCKED where that is in use, and what the operating system or HDF5 refuse. A file that was to be
   * overwritten is then as it was.
   *
   * @param cameraNames the cameras in the order that readers get them in: distinct, not empty, without '/' or NUL; may be none.
   */
  constructor(path: string | URL, cameraNames: Iterable<string>, options?: WriterOptions)
  /** @internal Writes on in a file that is open; comes from `resume`. */
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
   * Opens a file, ours or AquaPose's, to write on after its last frame; one whose writer died is recovered first.
   * `lastFrameIndex` says where to go on.
   *
   * Rejects as `recover` and TrackingReader do, with ERR_NOT_CLOSED too unless `acceptLoss`; ERR_LOCKED while another writes it;
   * ERR_FORMAT for a file whose cameras or sizes are not those asked for, or whose chunks cannot be gone on with, naming the dataset.
   */
  static async resume(path: string | URL, options: ResumeOptions = {}): Promise<TrackingWriter> {
    return new TrackingWriter(await runAsync(resuming(path, options)))
  }

  /** As `resume`, on the calling thread. */
  static resumeSync(path: string | URL, options: ResumeOptions = {}): TrackingWriter {
    return new TrackingWriter(runSync(resuming(path, options)))
  }

  /** Frames accepted by this writer. */
  get framesWritten(): number {
    return this.#framesWritten
  }

  /** Frames of the file: those that it had when it was resumed, and those accepted since. */
  get length(): number {
    return this.#framesBefore + this.#framesWritten
  }

  /** Index of the last of them; null where there is none. A bigint only beyond the safe integers. */
  get lastFrameIndex(): number | bigint | null {
    return typeof this.#lastIndex === 'bigint' ? narrow(this.#lastIndex) : this.#lastIndex
  }

  /** Frames from the beginning of the file that outlast a loss of power, with `durability: 'power'`; otherwise 0. */
  get durableFrames(): number {
    return this.#blocks.durableRows()
  }

  /** Fish left out of frames with more than `maxFish`, with `excessFish: 'drop'`. */
  get fishDropped(): number {
    return this.#filler.fishDropped
  }

  /** Detections and boxes left out because their camera is unknown, with `unknownCameras: 'ignore'`. */
  get detectionsIgnored(): number {
    return this.#filler.detectionsIgnored + this.#columnsIgnored
  }

  /**
   * Boxes of which a number had a fraction that was truncated, with `fractionalBoxes: 'truncate'`. The closed file says how many
   * there are in all, in its metadata (`boxes_truncated`).
   */
  get boxesTruncated(): number {
    return this.#filler.boxesTruncated
  }

  /** True until `close` or `closeSync` is called. */
  get isOpen(): boolean {
    return this.#state === 'open' || this.#state === 'taking'
  }

  /** True once the file is closed. */
  get closed(): boolean {
    return this.#state === 'closed'
  }

  /**
   * Takes one frame. Accepted, or refused as a whole: then it throws an error that names frame, fish, camera and field, nothing
   * of the frame is written, and the next one can be.
   *
   * @param frameIndex above that of the frame before, unless `frameOrder: 'any'`. Numbers are safe integers, bigints int64.
   * @param tracks the fish in the frame, in any order; none is a row without fish.
   * @returns false: await `drain()` before the next frame. Otherwise that will wait, blocking, until there is room.
   * @throws ERR_INVALID_TRACK, ERR_OUT_OF_RANGE, ERR_DUPLICATE_FISH, ERR_TOO_MANY_FISH, ERR_UNKNOWN_CAMERA, ERR_FRAME_ORDER for a
   *   refused frame; ERR_CLOSED; and, for good, the error that kept an earlier block from the file (e.g. ENOSPC).
   */
  writeFrame(frameIndex: number | bigint, tracks: Iterable<TrackRecord>): boolean {
    if (this.#state !== 'open') this.#assertOpen('writeFrame')
    if (this.#failed[0] !== 0) this.#told(() => this.#blocks.throwFailure())
    const block = this.#block ?? this.#openBlock()
    if (!block.tookRecords) this.#prepare(block)
    // Iterators and getters of the caller run in here; they must not come back to this writer.
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
   * Takes a batch of n frames in the file's own layout, for callers that have typed arrays: all of it, or, where a frame would
   * be refused, none. The values are copied; the arrays are the caller's again on return.
   *
   * @returns as `writeFrame`. A batch of more frames than there are free blocks waits within the call.
   * @throws as `writeFrame`; ERR_INVALID_ARGUMENT for a column that is missing, of another type or of another length.
   */
  writeFrames(batch: FrameColumns): boolean {
    this.#assertOpen('writeFrames')
    if (this.#failed[0] !== 0) this.#told(() => this.#blocks.throwFailure())
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
   * A stream that takes `{ frameIndex, tracks }`, for `stream.pipeline`: slow encoding or a slow disk hold its source back. The
   * writer is closed when the stream ends or is destroyed; frames accepted before an error are kept.
   */
  writable(): Writable {
    this.#assertOpen('writable')
    return writableOf(this)
  }

  /** Counters since the writer was opened; still there after it is closed. */
  stats(): WriterStats {
    const { inFlight, ...stats } = this.#blocks.stats()
    return { frames: this.#framesWritten, boxesTruncated: this.boxesTruncated, ...stats, queueDepth: inFlight }
  }

  #check(batch: FrameColumns): CheckedBatch {
    // As in writeFrame, for getters of the batch.
    this.#state = 'taking'
    try {
      return this.#columns.check(batch, this.#lastIndex, this.#anyOrder)
    } finally {
      this.#state = 'open'
    }
  }

  /** Makes rows that are filled part of the file; false: no other block is free. */
  #count(block: Block, rows: number): boolean {
    this.#row += rows
    this.#framesWritten += rows
    // Last: from here on the rows are in the file, whatever happens.
    Atomics.store(block.i32, 0, this.#row)
    if (this.#row < this.chunkFrames) return true
    this.#block = undefined
    block.blank = block.tookRecords
    block.tookRecords = false
    return this.#told(() => this.#blocks.submit(block.blank))
  }

  /** Columns overwrite what a block held before; records rely on fill values. */
  #prepare(block: Block): void {
    if (!block.blank) this.#layout.clearRows(block, this.#row, this.chunkFrames)
    block.blank = true
    block.tookRecords = true
  }

  #openBlock(): Block {
    const block = this.#views[this.#told(() => this.#blocks.acquire())] as Block
    this.#block = block
    // Not 0 in the first block of a file that is resumed.
    this.#row = block.i32[0] as number
    return block
  }

  /** Resolves when every full chunk of frames is in the file, where readers in this process see it. */
  async drain(): Promise<void> {
    this.#assertOpen('drain')
    await this.#blocks.drain().catch((error) => this.#fail(error))
  }

  /** Resolves when every accepted frame is in the file, handed to the operating system. */
  async flush(): Promise<void> {
    this.#assertOpen('flush')
    await this.#blocks.flush().catch((error) => this.#fail(error))
  }

  /** As `flush`, on the calling thread. */
  flushSync(): void {
    this.#assertOpen('flushSync')
    this.#told(() => this.#blocks.flushSync())
  }

  /**
   * Writes what is left and closes the file; calls after the first one wait for the same. Rejects with what kept frames from
   * the file; the file is closed then too.
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

  /** As `close`, on the calling thread; harmless when the file is closed. */
  closeSync(): void {
    if (this.#state === 'closed') return
    if (this.#state !== 'closing') this.#assertOpen('closeSync')
    this.#state = 'closed'
    this.#told(() => this.#blocks.closeSync())
  }

  /** As `closeSync`, but that it does not throw again what an earlier call has thrown: that is the error to be seen. */
  [Symbol.dispose](): void {
    const told = this.#failureTold
    try {
      this.closeSync()
    } catch (error) {
      if (!told) throw error
    }
  }

  /** As `close`, but that it does not reject again with what an earlier call has told: that is the error to be seen. */
  async [Symbol.asyncDispose](): Promise<void> {
    const told = this.#failureTold
    await this.close().catch((error) => (told ? undefined : Promise.reject(error)))
  }

  #told<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** A failure is for good, so it says what has become of the frames. */
  #fail(error: unknown): never {
    if (!(error instanceof H5TracksError) || error.code === 'ERR_CLOSED') throw error
    this.#failureTold = true
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
