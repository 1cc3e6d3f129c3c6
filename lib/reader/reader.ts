/** `TrackingReader` and `readTrackingResults`: read tracking files. */
import { checkOptions, invalidArgument } from '../base/errors.js'
import { type FrameFile, lengthOf, openFrameFile } from '../frames/file/open.js'
import { columnReading } from '../frames/file/open-columns.js'
import type { FieldName, Frame, TrackingResults, TrackingWindow } from '../frames/file/types.js'
import { checkLoss, type LossOptions } from '../frames/file/unclosed.js'
import { type FollowOptions, follow } from '../frames/read/follow.js'
import { readWindow, readWindowSync } from '../frames/read/window.js'
import { type ReadOptions, WindowReader } from '../frames/read/window-reader.js'
import { trackingLayout } from '../layouts/tracking.js'
import type { UntrustedOptions } from '../untrusted/limits.js'
import type { UntrustedReader } from '../untrusted/reader.js'

export type { FrameRange, ReadOptions } from '../frames/read/window-reader.js'

/**
 * Reads parts of a tracking file of h5tracks or AquaPose. Only the chunks that hold the part are read, so memory depends on the part
 * and not on the file. After `close`, every other method throws or rejects with ERR_CLOSED.
 *
 * ```ts
 * const reader = new TrackingReader('out.h5')
 * const { centroid3d } = await reader.read({ start: 0, stop: 600, fields: ['centroid3d'] })
 * for await (const { frameIndex, tracks } of reader.frames()) console.log(frameIndex, tracks.length)
 * reader.close()
 * ```
 */
export class TrackingReader extends WindowReader implements Disposable {
  readonly #tracking: FrameFile

  /**
   * Opens a file and checks its layout. For untrusted files, use {@link TrackingReader.open}.
   *
   * Throws ENOENT, EACCES, EISDIR and other system errors; ERR_NOT_HDF5; ERR_LOCKED while another process writes the file;
   * ERR_FORMAT, with the dataset, what was expected and what was found; ERR_TOO_LARGE if the file claims more frames than it can
   * hold; ERR_NEEDS_RECOVERY if its writer died; ERR_NOT_CLOSED if, in addition, its journal is missing (unless `acceptLoss`).
   */
  constructor(path: string | URL, options: LossOptions = {}) {
    const tracking = openFrameFile(path, trackingLayout, checkLoss('TrackingReader', options))
    super(tracking)
    this.#tracking = tracking
  }

  /**
   * Opens a file. With `untrusted`, a separate process opens and reads it, so that a malicious or damaged file can cause nothing
   * worse than an error. Rejects with the errors of the constructor; with `untrusted`, also with ERR_LIMIT and ERR_CRASHED.
   */
  static open(path: string | URL, options: UntrustedOptions & LossOptions): Promise<UntrustedReader>
  static open(path: string | URL, options?: TrustedOptions): Promise<TrackingReader>
  static async open(
    path: string | URL,
    options: (UntrustedOptions & LossOptions) | TrustedOptions = {},
  ): Promise<TrackingReader | UntrustedReader> {
    if (!isUntrusted(options)) return new TrackingReader(path, lossOf(options))
    const { UntrustedReader } = await import('../untrusted/reader.js')
    return UntrustedReader.open(path, options)
  }

  /**
   * Yields the frames of a file while another process (or this one) writes it: in the order of the file, each exactly once and within
   * 50 ms after it was accepted. A slow reader reads older frames from the file and catches up. Ends when the writer closes the file.
   * For a file without a writer, yields its frames and ends. The writer is not slowed down.
   *
   * `next()` rejects with
   *
   * - ERR_NEEDS_RECOVERY if the writer died, after the last frame that it accepted,
   * - ERR_NOT_CLOSED if the writer died and the journal is missing (unless `acceptLoss`),
   * - ERR_LOCKED if the writer keeps no journal (`durability: 'none'`),
   * - ERR_JOURNAL if the journal is damaged, or if the file was changed or truncated before its last frames were read (a
   *   TrackingWriter with `overwrite` does not do that),
   * - an AbortError after `signal` is aborted,
   * - the errors of the constructor.
   *
   * ```ts
   * for await (const { frameIndex, tracks } of TrackingReader.follow('out.h5', { from: 'end' })) show(frameIndex, tracks)
   * ```
   */
  static follow(path: string | URL, options: FollowOptions = {}): AsyncGenerator<Frame, void, void> {
    return follow(path, options)
  }

  /** The present number of frames in the file, to which a writer in this process may add. */
  get length(): number {
    return lengthOf(this.#tracking)
  }

  get isOpen(): boolean {
    return this.#tracking.file.isOpen
  }

  /** The blocking form of {@link read}. */
  readSync<const F extends FieldName = FieldName>(options: ReadOptions<F> = {}): TrackingWindow<F> {
    return readWindowSync(this.#tracking, this.selection(options)) as unknown as TrackingWindow<F>
  }

  /** @internal Reads everything into memory that the addon allocates. */
  async readAll(): Promise<TrackingResults> {
    const window = await readWindow({ ...this.#tracking, ...columnReading(true) }, this.selection({}))
    return window as unknown as TrackingResults
  }

  /** @internal The blocking form of `readAll`. */
  readAllSync(): TrackingResults {
    const window = readWindowSync({ ...this.#tracking, ...columnReading(true) }, this.selection({}))
    return window as unknown as TrackingResults
  }

  close(): void {
    this.#tracking.file.closeSync()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Options for opening a trusted file. */
export interface TrustedOptions extends LossOptions {
  untrusted?: false
}

const lossOf = ({ acceptLoss }: LossOptions): LossOptions => (acceptLoss === undefined ? {} : { acceptLoss })

function isUntrusted(options: UntrustedOptions | TrustedOptions): options is UntrustedOptions {
  checkOptions('options', options, ['untrusted', 'limits', 'signal', 'acceptLoss'])
  const { untrusted = false, acceptLoss, ...rest } = options as UntrustedOptions & LossOptions
  checkLoss('options', lossOf({ acceptLoss } as LossOptions))
  if (typeof untrusted !== 'boolean') throw invalidArgument('untrusted', untrusted, 'true or false')
  const [idle] = Object.keys(rest)
  if (!untrusted && idle) throw invalidArgument(idle, Object.values(rest)[0], 'given together with untrusted: true')
  return untrusted
}

/** Options for reading a whole file. */
export interface ResultsOptions {
  /**
   * Return arrays that can be put in the transfer list of `postMessage` and `structuredClone`. Default: false, because memory that
   * the addon allocates is filled faster. Such arrays are copied to other threads; Node refuses them in a transfer list (from Node 21
   * with a DataCloneError). With `untrusted`, arrays are always transferable.
   */
  transferable?: boolean
}

/**
 * Opens a tracking file, reads all of it off the calling thread, and closes it. Read large files in parts, with TrackingReader.
 *
 * Rejects with the errors of the constructor of TrackingReader. With `untrusted`, a separate process reads the file, see
 * {@link TrackingReader.open}; `limits.seconds` applies to opening and to reading separately.
 */
export async function readTrackingResults(
  path: string | URL,
  options: ((UntrustedOptions & LossOptions) | TrustedOptions) & ResultsOptions = {},
): Promise<TrackingResults> {
  checkOptions('options', options, ['untrusted', 'limits', 'signal', 'acceptLoss', 'transferable'])
  const { transferable, ...how } = options
  checkTransferable(transferable)
  if (isUntrusted(how)) {
    await using reader = await TrackingReader.open(path, how)
    return await reader.read()
  }
  using reader = new TrackingReader(path, lossOf(how))
  return await (transferable ? reader.read() : reader.readAll())
}

/** The blocking form of {@link readTrackingResults}. It reads in this process, so use it only for trusted files. */
export function readTrackingResultsSync(
  path: string | URL,
  options: ResultsOptions & LossOptions = {},
): TrackingResults {
  checkOptions('options', options, ['transferable', 'acceptLoss'])
  const { transferable, ...how } = options
  checkTransferable(transferable)
  using reader = new TrackingReader(path, how)
  return transferable ? reader.readSync() : reader.readAllSync()
}

function checkTransferable(given: unknown = false): void {
  if (typeof given !== 'boolean') throw invalidArgument('transferable', given, 'true or false')
}
