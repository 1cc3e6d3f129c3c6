/** What the readers of any layout have in common, in this process or in a separate one. */
import type { SourceState, WindowSource } from '../frames/file/window-source.js'
import { BaseReader, type WindowOptions } from '../frames/read/base-reader.js'
import { RecordDecoder } from '../frames/read/record-decoder.js'
import type { FieldNameOf, FrameReading, ReadColumns, TrajectoryOf } from '../layout/infer.js'
import type { Layout } from '../layout/model.js'
import type { LayoutSpec } from '../layout/spec.js'

/** Reads parts of a file of any layout. The base of `FrameReader`, and of `UntrustedFrameReader`, which reads in a separate process. */
export abstract class RecordReader<S extends LayoutSpec> extends BaseReader<FrameReading<S>> {
  /** The layout of the frames: the one that was given, or found out from the file. */
  readonly layout: Layout<S>
  /** Number of slots for records in a frame; 1 if a frame is one record. */
  readonly slots: number

  /** @internal */
  protected constructor(source: WindowSource, state: SourceState) {
    super(source, state, (file) => new RecordDecoder<S>(file))
    this.layout = source.layout as unknown as Layout<S>
    this.slots = source.slots
  }

  /**
   * Reads a window off the calling thread: these frames, fields and cameras as columns with the shape [frames, slots, ...]
   * ([frames, ...] for values of a frame and in layouts without slots). Half-precision floats become a Float32Array, bools a Uint8Array
   * of 0 and 1, enums an array of their integers, texts a `string[]`. Fields with one column per camera are records by camera; fields
   * that the file lacks are left out. Rejects with ERR_INVALID_ARGUMENT for frames or fields that the layout does not have, and
   * ERR_UNKNOWN_CAMERA for unknown cameras.
   */
  async read<const F extends FieldNameOf<S> = FieldNameOf<S>>(
    options: WindowOptions<F> = {},
  ): Promise<ReadColumns<S, F>> {
    return (await this.window(options)) as unknown as ReadColumns<S, F>
  }

  /**
   * Reads the records with one key in the whole file, in the order of the file, as columns with the shape [n, ...]. n is 0 for a key
   * that never occurs. Rejects with ERR_INVALID_ARGUMENT for a layout without slots, whose records have no keys.
   *
   * @param key an integer from 0 to 2^31 - 1
   */
  async trajectory(key: number): Promise<TrajectoryOf<S>> {
    return { key, ...(await this.track('key', key)) } as unknown as TrajectoryOf<S>
  }
}
