/** The base of all readers. */
import { checkInteger, checkOptions } from '../../base/errors.js'
import type { ReadMetadata } from '../../layout/infer.js'
import { type Layout, rowBytes } from '../../layout/model.js'
import { CameraRecords } from '../file/cameras.js'
import type { SourceState, WindowSource } from '../file/window-source.js'
import { type FrameDecoder, type MakeDecoder, readFrames } from './frames.js'
import { type FrameGap, readGaps } from './gaps.js'
import { readTrajectory, type TrajectoryColumns } from './trajectory.js'
import { type Choice, checkCameras, checkFields, choose, readWindow, type Selection, type Window } from './window.js'

/** A range of frames, by their rows in the file. */
export interface FrameRange {
  /** First frame, from 0. Default: 0. */
  start?: number
  /** The frame after the last. Default: the length of the file. */
  stop?: number
}

/** The part of a file to read: frames, the fields named `F`, and cameras. */
export interface WindowOptions<F extends string = string> extends FrameRange {
  /** The fields to read. Default: all. */
  fields?: readonly F[]
  /** The cameras to read, for fields with one column per camera. The result has them in the order of the file. Default: all. */
  cameras?: readonly string[]
}

/**
 * Reads windows, frames and trajectories from a source. The subclasses say which types these have; they are made for each layout, and
 * for files that this process or a separate one reads.
 */
export abstract class BaseReader<F> implements AsyncDisposable {
  /** The path of the file as it was given. */
  readonly path: string
  /** The cameras in the order of the file. */
  readonly cameraNames: readonly string[]
  /** Number of frames in a chunk. Windows that begin and end at the borders of chunks are read fastest. */
  readonly chunkFrames: number
  /** The attributes of the file other than its camera names. The record has no prototype. */
  readonly metadata: Readonly<ReadMetadata>

  /** False if the writer died and its journal is missing, so that the last frames are lost. Only with `acceptLoss`. */
  readonly closedCleanly: boolean

  readonly #source: WindowSource
  readonly #state: SourceState
  readonly #records: CameraRecords
  readonly #makeDecoder: MakeDecoder<F>
  #decoder: FrameDecoder<F> | undefined
  /** All fields and cameras. */
  #whole: Choice | undefined

  /** @internal */
  protected constructor(source: WindowSource, state: SourceState, makeDecoder: MakeDecoder<F>) {
    this.#source = source
    this.#state = state
    this.path = source.path
    this.cameraNames = Object.freeze([...source.cameraNames])
    this.chunkFrames = source.chunkFrames
    this.closedCleanly = source.closedCleanly
    this.metadata = Object.freeze(source.metadata)
    this.#records = new CameraRecords(this.cameraNames)
    this.#makeDecoder = makeDecoder
  }

  /** The present number of frames in the file, to which a writer in this process may add. */
  get length(): number {
    return this.#state.length()
  }

  /** False after `close`, and after the end of the process that reads an untrusted file. */
  get isOpen(): boolean {
    return this.#state.isOpen()
  }

  /** Yields the frames one by one, in the form that `writeFrame` takes. Needs memory for two windows of at most 8 MiB. */
  frames(range: FrameRange = {}): AsyncGenerator<F, void, void> {
    checkOptions('frames', range, ['start', 'stop'])
    const { start, stop } = this.#range(range)
    const { columns, checkFrame } = this.#source
    checkFrame?.(columns.reduce((sum, column) => sum + rowBytes(column), 0))
    this.#decoder ??= this.#makeDecoder(this.#source)
    return readFrames(this.#source, this.#decoder, start, stop)
  }

  /**
   * Finds the frames that are missing: the ranges of frame indices between consecutive frames. Reads the frame indices only. Frames
   * whose index is not greater than that of the frame before, which `frameOrder: 'any'` allows, end no gap.
   */
  async gaps(): Promise<FrameGap[]> {
    return this.#within(() => readGaps(this.#source, this.length))
  }

  /** Closes the file. A second call does nothing. */
  abstract close(): void | Promise<void>

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal */
  protected get foundLayout(): Layout {
    return this.#source.layout
  }

  /** @internal Number of slots in a frame. */
  protected get slotCount(): number {
    return this.#source.slots
  }

  /** @internal Reads a window off the calling thread. */
  protected async window(options: WindowOptions): Promise<Window> {
    return readWindow(this.#source, this.selection(options))
  }

  /** @internal Reads the records with a key. `name`: the name of the parameter that holds it. */
  protected async track(name: string, key: number): Promise<TrajectoryColumns> {
    checkInteger(name, key, 0, 2 ** 31 - 1)
    return this.#within(() => readTrajectory(this.#source, key, this.length))
  }

  /** @internal Checks the options of `read`. */
  protected selection(options: WindowOptions): Selection {
    checkOptions('read', options, ['start', 'stop', 'fields', 'cameras'])
    const { cameras } = options
    const records = cameras === undefined ? this.#records : checkCameras(this.#source, cameras)
    return { ...this.#range(options), choice: this.#choice(options.fields, records) }
  }

  #choice(fields: readonly string[] | undefined, records: CameraRecords): Choice {
    const whole = fields === undefined && records === this.#records
    if (whole && this.#whole) return this.#whole
    const choice = choose(this.#source, checkFields(this.#source.layout, fields), records)
    if (whole) this.#whole = choice
    return choice
  }

  async #within<T>(task: () => Promise<T>): Promise<T> {
    const { within } = this.#source
    return within ? within(task) : task()
  }

  #range(range: FrameRange): { start: number; stop: number } {
    const { length } = this
    const stop = checkInteger('stop', range.stop ?? length, 0, length)
    return { start: checkInteger('start', range.start ?? 0, 0, stop), stop }
  }
}
