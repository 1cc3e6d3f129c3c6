/** What the readers of tracking files have in common, in this process or in a separate one. */
import type { SourceState, WindowSource } from '../frames/file/window-source.js'
import { BaseReader, type WindowOptions } from '../frames/read/base-reader.js'
import { TrackDecoder } from './frames.js'
import type { FieldName, Frame, TrackingWindow, Trajectory } from './types.js'

/** The part of a file to read. */
export interface ReadOptions<F extends FieldName = FieldName> extends WindowOptions<F> {}

/** Reads parts of a tracking file. The base of `TrackingReader`, and of `UntrustedReader`, which reads in a separate process. */
export abstract class TrackReader extends BaseReader<Frame> {
  /** Number of slots for fish in a frame. */
  readonly maxFish: number

  /** @internal */
  protected constructor(source: WindowSource, state: SourceState) {
    super(source, state, (file) => new TrackDecoder(file))
    this.maxFish = source.slots
  }

  /**
   * Reads a window off the calling thread: these frames, fields and cameras, in the form of `readTrackingResults`. Rejects with
   * ERR_INVALID_ARGUMENT for frames or fields that the file does not have, and ERR_UNKNOWN_CAMERA for unknown cameras.
   */
  async read<const F extends FieldName = FieldName>(options: ReadOptions<F> = {}): Promise<TrackingWindow<F>> {
    return (await this.window(options)) as unknown as TrackingWindow<F>
  }

  /**
   * Reads one fish in the whole file: the n frames in which it occurs, with positions, detections and boxes. n is 0 for a fish that
   * never occurs.
   *
   * @param fishId an integer from 0 to 2^31 - 1
   */
  async trajectory(fishId: number): Promise<Trajectory> {
    return { fishId, ...(await this.track('fishId', fishId)) } as unknown as Trajectory
  }
}
