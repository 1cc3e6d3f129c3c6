import { checkInteger, checkOptions } from '../errors.js'
import { CameraRecords } from './cameras.js'
import { type FollowOptions, follow } from './follow.js'
import { readFrames } from './frames.js'
import { lengthOf, openTrackingFile, type TrackingFile } from './open.js'
import { readTrajectory } from './trajectory.js'
import type { FieldName, Frame, ReadMetadata, TrackingResults, TrackingWindow, Trajectory } from './types.js'
import { checkCameras, checkFields, readWindow, readWindowSync, type Selection } from './window.js'

/** A range of frames, by their place in the file. */
export interface FrameRange {
  /** First frame, from 0. Default 0. */
  start?: number
  /** The frame after the last. Default: the length of the file. */
  stop?: number
}

export interface ReadOptions<F extends FieldName = FieldName> extends FrameRange {
  /** What to read. Default: everything. */
  fields?: readonly F[]
  /** The cameras to read of the fields that are per camera; they come in the file's order. Default: all. */
  cameras?: readonly string[]
}

/**
 * Reads parts of a tracking file, ours or AquaPose's: only the chunks that hold them, so memory goes with the part, not with
 * the file. Everything but `close` throws or rejects with ERR_CLOSED once it is closed.
 *
 * ```ts
 * using reader = new TrackingReader('out.h5')
 * const { centroid3d } = await reader.read({ start: 0, stop: 600, fields: ['centroid3d'] })
 * for await (const { frameIndex, tracks } of reader.frames()) console.log(frameIndex, tracks.length)
 * ```
 */
export class TrackingReader implements Disposable, AsyncDisposable {
  /** The file, as it was named. */
  readonly path: string
  /** The cameras, in the file's order. */
  readonly cameraNames: readonly string[]
  /** Slots for fish in a frame. */
  readonly maxFish: number
  /** Frames in a chunk of the file: windows along its borders are read fastest. */
  readonly chunkFrames: number
  /** The attributes of the file beside its camera names. No prototype. */
  readonly metadata: Readonly<ReadMetadata>

  readonly #tracking: TrackingFile
  readonly #records: CameraRecords

  /**
   * Opens the file and checks that it is laid out as a tracking file. Throws ENOENT, EACCES, EISDIR …; ERR_NOT_HDF5; ERR_LOCKED
   * while another process writes it; ERR_FORMAT, which names the dataset, what was expected and what was found.
   */
  constructor(path: string | URL) {
    this.#tracking = openTrackingFile(path)
    this.path = this.#tracking.file.path
    this.cameraNames = Object.freeze([...this.#tracking.cameraNames])
    this.maxFish = this.#tracking.maxFish
    this.chunkFrames = this.#tracking.chunkFrames
    this.metadata = Object.freeze(this.#tracking.metadata)
    this.#records = new CameraRecords(this.cameraNames)
  }

  /**
   * The frames of a file while another process (or this one) writes it: each within 50 ms of its acceptance, in the file's
   * order, none twice and none left out. Who falls behind reads on from the file and catches up. Ends when the writer has
   * closed the file; of a file that nobody writes it gives the frames there are. The writer does not notice.
   *
   * `next()` rejects with ERR_NEEDS_RECOVERY when the writer has died, after the last frame that it had accepted; ERR_LOCKED
   * for a file that is written without a journal (`durability: 'none'`); ERR_JOURNAL for a damaged one, and when the file was
   * overwritten before its last frames were read; an AbortError once `signal` is aborted; else as the constructor throws.
   *
   * ```ts
   * for await (const { frameIndex, tracks } of TrackingReader.follow('out.h5', { from: 'end' })) show(frameIndex, tracks)
   * ```
   */
  static follow(path: string | URL, options: FollowOptions = {}): AsyncGenerator<Frame, void, void> {
    return follow(path, options)
  }

  /** Frames in the file now: a writer in this process may add to them. */
  get length(): number {
    this.#tracking.file.assertOpen()
    return lengthOf(this.#tracking)
  }

  /** False once it is closed. */
  get isOpen(): boolean {
    return this.#tracking.file.isOpen
  }

  /**
   * Reads a window, off the calling thread: what `readTrackingResults` gives, for these frames, fields and cameras.
   * Rejects with ERR_INVALID_ARGUMENT for what is not in the file, ERR_UNKNOWN_CAMERA for a camera that is not.
   */
  async read<const F extends FieldName = FieldName>(options: ReadOptions<F> = {}): Promise<TrackingWindow<F>> {
    return readWindow(this.#tracking, this.#selection(options))
  }

  /** As `read`, on the calling thread. */
  readSync<const F extends FieldName = FieldName>(options: ReadOptions<F> = {}): TrackingWindow<F> {
    return readWindowSync(this.#tracking, this.#selection(options))
  }

  /** The frames one by one, in the shape that `writeFrame` takes. Memory is that of two windows of at most 8 MiB. */
  frames(range: FrameRange = {}): AsyncGenerator<Frame, void, void> {
    checkOptions('frames', range, ['start', 'stop'])
    const { start, stop } = this.#range(range)
    return readFrames(this.#tracking, this.#records, start, stop)
  }

  /**
   * One fish through the whole file: its n frames with positions, detections and boxes. A fish that never occurs has n = 0.
   *
   * @param fishId an integer from 0 to 2^31 - 1.
   */
  async trajectory(fishId: number): Promise<Trajectory> {
    checkInteger('fishId', fishId, 0, 2 ** 31 - 1)
    return readTrajectory(this.#tracking, this.#records, fishId, this.length)
  }

  /** Closes the file; harmless when it is closed. */
  close(): void {
    this.#tracking.file.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }

  #selection<F extends FieldName>(options: ReadOptions<F>): Selection<F> {
    checkOptions('read', options, ['start', 'stop', 'fields', 'cameras'])
    const { cameras } = options
    const records = cameras === undefined ? this.#records : checkCameras(this.#tracking, cameras)
    return { ...this.#range(options), fields: checkFields(options.fields), records }
  }

  #range(range: FrameRange): { start: number; stop: number } {
    const { length } = this
    const stop = checkInteger('stop', range.stop ?? length, 0, length)
    return { start: checkInteger('start', range.start ?? 0, 0, stop), stop }
  }
}

/**
 * Reads a whole tracking file, off the calling thread, and closes it. Large files are better read in parts, with TrackingReader.
 * Rejects as the constructor of TrackingReader throws.
 */
export async function readTrackingResults(path: string | URL): Promise<TrackingResults> {
  const reader = new TrackingReader(path)
  try {
    return await reader.read()
  } finally {
    reader.close()
  }
}

/** As `readTrackingResults`, on the calling thread. */
export function readTrackingResultsSync(path: string | URL): TrackingResults {
  const reader = new TrackingReader(path)
  try {
    return reader.readSync()
  } finally {
    reader.close()
  }
}
