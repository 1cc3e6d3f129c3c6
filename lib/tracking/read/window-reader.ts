/** What every reader of tracking files can do, wherever its windows come from. */
import { checkInteger, checkOptions } from '../../base/errors.js'
import { CameraRecords } from '../file/cameras.js'
import type { FieldName, Frame, ReadMetadata, TrackingWindow, Trajectory } from '../file/types.js'
import type { WindowSource } from '../file/window-source.js'
import { readFrames } from './frames.js'
import { readTrajectory } from './trajectory.js'
import { checkCameras, checkFields, readWindow, type Selection } from './window.js'

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

/** Reads parts of a tracking file: `TrackingReader`, or `UntrustedReader`, which reads in a process of its own. */
export abstract class WindowReader implements AsyncDisposable {
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

  /** False: the writer of the file died, its journal is missing, and frames are lost at its end; only with `acceptLoss`. */
  readonly closedCleanly: boolean

  readonly #source: WindowSource
  readonly #records: CameraRecords

  /** @internal */
  protected constructor(source: WindowSource) {
    this.#source = source
    this.path = source.path
    this.cameraNames = Object.freeze([...source.cameraNames])
    this.maxFish = source.maxFish
    this.chunkFrames = source.chunkFrames
    this.closedCleanly = source.closedCleanly
    this.metadata = Object.freeze(source.metadata)
    this.#records = new CameraRecords(this.cameraNames)
  }

  /** Frames in the file. */
  abstract get length(): number

  /** False once it is closed. */
  abstract get isOpen(): boolean

  /**
   * Reads a window, off the calling thread: what `readTrackingResults` gives, for these frames, fields and cameras.
   * Rejects with ERR_INVALID_ARGUMENT for what is not in the file, ERR_UNKNOWN_CAMERA for a camera that is not.
   */
  async read<const F extends FieldName = FieldName>(options: ReadOptions<F> = {}): Promise<TrackingWindow<F>> {
    return readWindow(this.#source, this.selection(options))
  }

  /** The frames one by one, in the shape that `writeFrame` takes. Memory is that of two windows of at most 8 MiB. */
  frames(range: FrameRange = {}): AsyncGenerator<Frame, void, void> {
    checkOptions('frames', range, ['start', 'stop'])
    const { start, stop } = this.#range(range)
    return readFrames(this.#source, this.#records, start, stop)
  }

  /**
   * One fish through the whole file: its n frames with positions, detections and boxes. A fish that never occurs has n = 0.
   *
   * @param fishId an integer from 0 to 2^31 - 1.
   */
  async trajectory(fishId: number): Promise<Trajectory> {
    checkInteger('fishId', fishId, 0, 2 ** 31 - 1)
    return readTrajectory(this.#source, this.#records, fishId, this.length)
  }

  /** Closes the file; harmless when it is closed. */
  abstract close(): void | Promise<void>

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal What `read` is asked for, checked. */
  protected selection<F extends FieldName>(options: ReadOptions<F>): Selection<F> {
    checkOptions('read', options, ['start', 'stop', 'fields', 'cameras'])
    const { cameras } = options
    const records = cameras === undefined ? this.#records : checkCameras(this.#source, cameras)
    return { ...this.#range(options), fields: checkFields(options.fields), records }
  }

  #range(range: FrameRange): { start: number; stop: number } {
    const { length } = this
    const stop = checkInteger('stop', range.stop ?? length, 0, length)
    return { start: checkInteger('start', range.start ?? 0, 0, stop), stop }
  }
}
