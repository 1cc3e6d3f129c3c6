/** The base of all readers of tracking files. */
import { checkInteger, checkOptions } from '../../base/errors.js'
import { CameraRecords } from '../file/cameras.js'
import type { FieldName, Frame, ReadMetadata, TrackingWindow, Trajectory } from '../file/types.js'
import type { WindowSource } from '../file/window-source.js'
import { readFrames } from './frames.js'
import { readTrajectory } from './trajectory.js'
import { checkCameras, checkFields, readWindow, type Selection } from './window.js'

/** A range of frames, by their rows in the file. */
export interface FrameRange {
  /** First frame, from 0. Default: 0. */
  start?: number
  /** The frame after the last. Default: the length of the file. */
  stop?: number
}

/** The part of a file to read. */
export interface ReadOptions<F extends FieldName = FieldName> extends FrameRange {
  /** The fields to read. Default: all. */
  fields?: readonly F[]
  /** The cameras to read, for fields with one column per camera. The result has them in the order of the file. Default: all. */
  cameras?: readonly string[]
}

/** Reads parts of a tracking file. The base of `TrackingReader`, and of `UntrustedReader`, which reads in a separate process. */
export abstract class WindowReader implements AsyncDisposable {
  /** The path of the file as it was given. */
  readonly path: string
  /** The cameras in the order of the file. */
  readonly cameraNames: readonly string[]
  /** Number of slots for fish in a frame. */
  readonly maxFish: number
  /** Number of frames in a chunk. Windows that begin and end at the borders of chunks are read fastest. */
  readonly chunkFrames: number
  /** The attributes of the file other than its camera names. The record has no prototype. */
  readonly metadata: Readonly<ReadMetadata>

  /** False if the writer died and its journal is missing, so that the last frames are lost. Only with `acceptLoss`. */
  readonly closedCleanly: boolean

  readonly #source: WindowSource
  readonly #records: CameraRecords

  /** @internal */
  protected constructor(source: WindowSource) {
    this.#source = source
    this.path = source.path
    this.cameraNames = Object.freeze([...source.cameraNames])
    this.maxFish = source.slots
    this.chunkFrames = source.chunkFrames
    this.closedCleanly = source.closedCleanly
    this.metadata = Object.freeze(source.metadata)
    this.#records = new CameraRecords(this.cameraNames)
  }

  /** Number of frames in the file. */
  abstract get length(): number

  /** False after `close`. */
  abstract get isOpen(): boolean

  /**
   * Reads a window off the calling thread: these frames, fields and cameras, in the form of `readTrackingResults`. Rejects with
   * ERR_INVALID_ARGUMENT for frames or fields that the file does not have, and ERR_UNKNOWN_CAMERA for unknown cameras.
   */
  async read<const F extends FieldName = FieldName>(options: ReadOptions<F> = {}): Promise<TrackingWindow<F>> {
    return (await readWindow(this.#source, this.selection(options))) as unknown as TrackingWindow<F>
  }

  /** Yields the frames one by one, in the form that `writeFrame` takes. Needs memory for two windows of at most 8 MiB. */
  frames(range: FrameRange = {}): AsyncGenerator<Frame, void, void> {
    checkOptions('frames', range, ['start', 'stop'])
    const { start, stop } = this.#range(range)
    return readFrames(this.#source, this.#records, start, stop)
  }

  /**
   * Reads one fish in the whole file: the n frames in which it occurs, with positions, detections and boxes. n is 0 for a fish that
   * never occurs.
   *
   * @param fishId an integer from 0 to 2^31 - 1
   */
  async trajectory(fishId: number): Promise<Trajectory> {
    checkInteger('fishId', fishId, 0, 2 ** 31 - 1)
    return readTrajectory(this.#source, this.#records, fishId, this.length)
  }

  /** Closes the file. A second call does nothing. */
  abstract close(): void | Promise<void>

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal Checks the options of `read`. */
  protected selection<F extends FieldName>(options: ReadOptions<F>): Selection {
    checkOptions('read', options, ['start', 'stop', 'fields', 'cameras'])
    const { cameras } = options
    const records = cameras === undefined ? this.#records : checkCameras(this.#source, cameras)
    return { ...this.#range(options), fields: checkFields(this.#source.layout, options.fields), records }
  }

  #range(range: FrameRange): { start: number; stop: number } {
    const { length } = this
    const stop = checkInteger('stop', range.stop ?? length, 0, length)
    return { start: checkInteger('start', range.start ?? 0, 0, stop), stop }
  }
}
