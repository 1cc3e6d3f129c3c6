/** `TrackingReader`: reads tracking files. */
import { type FrameFile, openRemoteFrameFile, type ReaderOptions, stateOf } from '../frames/file/open.js'
import { columnReading } from '../frames/file/open-columns.js'
import type { LossOptions } from '../frames/file/unclosed.js'
import { type Followed, type FollowOptions, follow } from '../frames/read/follow.js'
import { readWindow, readWindowSync } from '../frames/read/window.js'
import { openForReader } from '../frames/sources/open.js'
import type { RemoteFileOptions } from '../hdf5/objects/file.js'
import { trackingLayout } from '../layouts/tracking.js'
import { remoteUrl } from '../remote/url.js'
import type { UntrustedOptions } from '../untrusted/limits.js'
import { isUntrusted, type TrustedOptions, trustedOf } from '../untrusted/options.js'
import { TrackDecoder } from './frames.js'
import { type ReadOptions, TrackReader } from './track-reader.js'
import type { FieldName, Frame, TrackingResults, TrackingWindow } from './types.js'
import type { UntrustedReader } from './untrusted-reader.js'

/** How the frames of tracking files are followed. */
export const followedTracks: Followed<Frame> = {
  layout: trackingLayout,
  makeDecoder: (file) => new TrackDecoder(file),
}

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
export class TrackingReader extends TrackReader implements Disposable {
  readonly #tracking: FrameFile

  /**
   * Opens a file and checks its layout. For untrusted files, use {@link TrackingReader.open}.
   *
   * Throws ENOENT, EACCES, EISDIR and other system errors; ERR_NOT_HDF5; ERR_LOCKED while another process writes the file;
   * ERR_FORMAT, with the dataset, what was expected and what was found; ERR_TOO_LARGE if the file claims more frames than it can
   * hold; ERR_NEEDS_RECOVERY if its writer died; ERR_NOT_CLOSED if, in addition, its journal is missing (unless `acceptLoss`).
   * With `external`, also the error of the first file whose values cannot be read.
   */
  constructor(path: string | URL, options?: ReaderOptions)
  /** @internal Reads a file that is open. */
  constructor(opened: FrameFile)
  constructor(file: string | URL | FrameFile, options: ReaderOptions = {}) {
    const opened = typeof file === 'object' && file !== null && 'columns' in file
    const tracking = opened ? file : openForReader('TrackingReader', file, trackingLayout, options)
    super(tracking, stateOf(tracking))
    this.#tracking = tracking
  }

  /**
   * Opens a file. With `untrusted`, a separate process opens and reads it, so that a malicious or damaged file can cause nothing
   * worse than an error. Rejects with the errors of the constructor; with `untrusted`, also with ERR_LIMIT and ERR_CRASHED.
   */
  static open(path: string | URL, options: UntrustedOptions & LossOptions): Promise<UntrustedReader>
  static open(path: string | URL, options?: TrustedOptions): Promise<TrackingReader>
  /**
   * Opens a file by its http: or https: URL. Only the parts that are read are fetched, by range requests; `publish` makes a copy that
   * needs few of them. Methods that return promises fetch what they need. `readSync` throws ERR_NOT_FETCHED for frames that were not
   * fetched before.
   *
   * Rejects, as all later reads do, with the errors that docs/scale.md lists: ERR_HTTP_NOT_FOUND, ERR_REPLACED and others.
   */
  static open(url: string | URL, options: RemoteFileOptions): Promise<TrackingReader>
  static async open(
    path: string | URL,
    options: (UntrustedOptions & LossOptions) | TrustedOptions | RemoteFileOptions = {},
  ): Promise<TrackingReader | UntrustedReader> {
    const url = remoteUrl(path)
    if (url) return new TrackingReader(await openRemoteFrameFile(url, trackingLayout, options))
    if (!isUntrusted(options)) return new TrackingReader(path, trustedOf(options))
    const { UntrustedReader } = await import('./untrusted-reader.js')
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
    return follow(path, [followedTracks], options)
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
