/** `TrackingWriter`: writes tracking files. */
import type { Writable } from 'node:stream'
import { toPath } from '../base/path.js'
import { fishTerms } from '../base/terms.js'
import type { TrackRecord } from '../base/track-record.js'
import { checkCameraNames } from '../frames/file/cameras.js'
import { BaseWriter } from '../frames/write/base-writer.js'
import { ColumnFiller } from '../frames/write/columns/column-filler.js'
import { createFile, type OpenFile, type OpenStream, type Part } from '../frames/write/open/create.js'
import { type Resumption, resuming } from '../frames/write/open/resume.js'
import { writableOf } from '../frames/write/writable.js'
import { trackingLayout } from '../layouts/tracking.js'
import { runAsync, runSync } from '../native/operation.js'
import { checkResumeOptions, checkWriterOptions, type ResumeOptions, type WriterOptions } from './options.js'
import { TrackFiller } from './row.js'
import type { FrameColumns, WriterStats } from './types.js'

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
export class TrackingWriter extends BaseWriter<Iterable<TrackRecord>, undefined> {
  /** Number of slots for fish in a frame. */
  readonly maxFish: number

  readonly #filler: TrackFiller

  /**
   * Creates a file. Throws ERR_INVALID_ARGUMENT and ERR_TOO_LARGE before the disk is touched, EEXIST if the file exists (unless
   * `overwrite`), ERR_LOCKED if it is in use, ERR_NEEDS_RECOVERY if a dead writer left a journal (unless `discardJournal`), and errors
   * of the system and of HDF5. A file that was to be overwritten is unchanged after an error.
   *
   * @param cameraNames the cameras in their order: distinct, non-empty names without '/' and NUL. The list may be empty.
   */
  constructor(path: string | URL, cameraNames: Iterable<string>, options?: WriterOptions)
  /** @internal Continues an open file, for `resume`. */
  constructor(file: Opened)
  constructor(given: string | URL | Opened, cameraNames?: Iterable<string>, options: WriterOptions = {}) {
    const { file, rules } = isOpened(given) ? given : create(given, cameraNames, options)
    const [stream] = file.streams as [OpenStream]
    const [{ layout, slots }] = stream.parts as [Part]
    const cameras = file.cameraNames
    const ignoreUnknownCameras = file.options.unknownCameras === 'ignore'
    let filler!: TrackFiller
    super(file, stream, (blockLayout, blocks) => {
      filler = new TrackFiller(blockLayout, { maxFish: slots, cameraNames: cameras, ignoreUnknownCameras, ...rules })
      const columns = new ColumnFiller(blocks, blockLayout, {
        parts: [{ name: null, layout, slots, terms: fishTerms }],
        cameraNames: cameras,
        ignoreUnknownCameras,
      })
      return { rows: filler, columns }
    })
    this.maxFish = slots
    this.#filler = filler
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
    const { how, rules } = resumption(options)
    return new TrackingWriter({ file: await runAsync(resuming(path, how)), rules })
  }

  /** The blocking form of {@link resume}. */
  static resumeSync(path: string | URL, options: ResumeOptions = {}): TrackingWriter {
    const { how, rules } = resumption(options)
    return new TrackingWriter({ file: runSync(resuming(path, how)), rules })
  }

  /** Number of fish that were dropped from frames with more than `maxFish`, with `excessFish: 'drop'`. */
  get fishDropped(): number {
    return this.#filler.fishDropped
  }

  /** Number of detections and boxes of unknown cameras that were ignored, with `unknownCameras: 'ignore'`. */
  get detectionsIgnored(): number {
    return this.#filler.detectionsIgnored + this.ignoredInBatches
  }

  /**
   * Number of boxes whose fractions were truncated, with `fractionalBoxes: 'truncate'`. The closed file records the total number in its
   * metadata (`boxes_truncated`).
   */
  get boxesTruncated(): number {
    return this.#filler.truncated + this.truncatedInBatches
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
    return this.take(frameIndex, tracks, undefined)
  }

  /**
   * Writes a batch of n frames in the layout of the file, for callers with typed arrays. If one of the frames would be refused, none is
   * written. The values are copied, so the arrays can be reused when the call returns.
   *
   * @returns as `writeFrame`. The call blocks if the batch needs more blocks than are free.
   * @throws as `writeFrame`; ERR_INVALID_ARGUMENT for a column that is missing or has another type or length.
   */
  writeFrames(batch: FrameColumns): boolean {
    return this.takeBatch(batch)
  }

  /** @internal As `writeFrames`, for a caller that has truncated the fractions of so many boxes. */
  writeTruncated(batch: FrameColumns, truncated: number): boolean {
    return this.takeBatch(batch, truncated)
  }

  /**
   * Makes a stream that takes `{ frameIndex, tracks }`, for `stream.pipeline`. It exerts back-pressure if encoding or the disk is
   * slow. The writer is closed when the stream ends or is destroyed; frames accepted before an error are kept.
   */
  writable(): Writable {
    this.assertOpen('writable')
    return writableOf(this, ({ frameIndex, tracks }: FrameInput) => this.writeFrame(frameIndex, tracks))
  }

  /** @internal */
  protected override get resumeMethod(): string {
    return 'TrackingWriter.resume'
  }

  /** Statistics since the writer was opened. Also available after it is closed. */
  override stats(): WriterStats {
    return { ...super.stats(), boxesTruncated: this.boxesTruncated }
  }
}

interface FrameInput {
  frameIndex: number | bigint
  tracks: Iterable<TrackRecord>
}

/** The options that only tracking files have. */
interface TrackRules {
  dropExcessFish: boolean
  refuseFractionalBoxes: boolean
}

/** An open file, with the rules for its frames. */
interface Opened {
  file: OpenFile
  rules: TrackRules
}

function isOpened(given: unknown): given is Opened {
  return typeof given === 'object' && given !== null && 'rules' in given
}

function rulesOf({ excessFish, fractionalBoxes }: { excessFish: string; fractionalBoxes: string }): TrackRules {
  return { dropExcessFish: excessFish === 'drop', refuseFractionalBoxes: fractionalBoxes === 'refuse' }
}

function create(path: string | URL, cameraNames: unknown, options: WriterOptions): Opened {
  const name = toPath(path)
  const checked = checkWriterOptions(options)
  const parts = [{ name: null, layout: trackingLayout, slots: checked.maxFish }]
  const streams = [{ parts, chunkFrames: checked.chunkFrames }]
  const contents = { streams, cameraNames: checkCameraNames(cameraNames) }
  return { file: createFile(name, contents, checked), rules: rulesOf(checked) }
}

function resumption(given: ResumeOptions): { how: Resumption; rules: TrackRules } {
  const { acceptLoss, wanted, options } = checkResumeOptions(given)
  const { cameraNames, maxFish, chunkFrames } = wanted
  return {
    how: {
      streams: [[{ name: null, layout: trackingLayout }]],
      acceptLoss,
      options,
      wanted: [
        {
          option: 'cameraNames',
          property: 'cameraNames',
          value: cameraNames === undefined ? undefined : checkCameraNames(cameraNames),
        },
        { option: 'maxFish', property: 'slots', value: maxFish },
        { option: 'chunkFrames', property: 'chunkFrames', value: chunkFrames },
      ],
    },
    rules: rulesOf(options),
  }
}
