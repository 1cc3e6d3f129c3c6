import { checkOptions, invalidArgument } from '../base/errors.js'
import { lengthOf, openTrackingFile, type TrackingFile } from '../tracking/file/open.js'
import { columnReading } from '../tracking/file/open-columns.js'
import type { FieldName, Frame, TrackingResults, TrackingWindow } from '../tracking/file/types.js'
import { checkLoss, type LossOptions } from '../tracking/file/unclosed.js'
import { type FollowOptions, follow } from '../tracking/read/follow.js'
import { readWindow, readWindowSync } from '../tracking/read/window.js'
import { type ReadOptions, WindowReader } from '../tracking/read/window-reader.js'
import type { UntrustedOptions } from '../untrusted/limits.js'
import type { UntrustedReader } from '../untrusted/reader.js'

export type { FrameRange, ReadOptions } from '../tracking/read/window-reader.js'

/**
 * Reads parts of a tracking file, ours or AquaPose's: only the chunks that hold them, so memory goes with the part, not with
 * the file. Everything but `close` throws or rejects with ERR_CLOSED once it is closed.
 *
 * ```ts
 * const reader = new TrackingReader('out.h5')
 * const { centroid3d } = await reader.read({ start: 0, stop: 600, fields: ['centroid3d'] })
 * for await (const { frameIndex, tracks } of reader.frames()) console.log(frameIndex, tracks.length)
 * reader.close()
 * ```
 */
export class TrackingReader extends WindowReader implements Disposable {
  readonly #tracking: TrackingFile

  /**
   * Opens the file and checks that it is laid out as a tracking file. Throws ENOENT, EACCES, EISDIR …; ERR_NOT_HDF5; ERR_LOCKED
   * while another process writes it; ERR_FORMAT, which names the dataset, what was expected and what was found; ERR_TOO_LARGE
   * for a file that claims more frames than it can hold; ERR_NEEDS_RECOVERY for a file whose writer died, ERR_NOT_CLOSED where its
   * journal is missing too (unless `acceptLoss`). For files that are not trusted there is {@link TrackingReader.open}.
   */
  constructor(path: string | URL, options: LossOptions = {}) {
    const tracking = openTrackingFile(path, checkLoss('TrackingReader', options))
    super(tracking)
    this.#tracking = tracking
  }

  /**
   * Opens a file; with `untrusted`, in a process of its own: whatever is in the file, the worst that comes of it is an error.
   * Rejects as the constructor throws, and then with ERR_LIMIT or ERR_CRASHED too.
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
   * The frames of a file while another process (or this one) writes it: each within 50 ms of its acceptance, in the file's
   * order, none twice and none left out. Who falls behind reads on from the file and catches up. Ends when the writer has
   * closed the file; of a file that nobody writes it gives the frames there are. The writer does not notice.
   *
   * `next()` rejects with ERR_NEEDS_RECOVERY when the writer has died, after the last frame that it had accepted; ERR_NOT_CLOSED for
   * a file whose dead writer's journal is missing (unless `acceptLoss`); ERR_LOCKED
   * for a file that is written without a journal (`durability: 'none'`); ERR_JOURNAL for a damaged one, and when the file was
   * changed or emptied before its last frames were read (who overwrites it with a TrackingWriter leaves them to be read); an AbortError once `signal` is aborted; else as the constructor throws.
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
    return lengthOf(this.#tracking)
  }

  get isOpen(): boolean {
    return this.#tracking.file.isOpen
  }

  /** As `read`, on the calling thread. */
  readSync<const F extends FieldName = FieldName>(options: ReadOptions<F> = {}): TrackingWindow<F> {
    return readWindowSync(this.#tracking, this.selection(options))
  }

  /** @internal Everything, into memory of the addon's. */
  readAll(): Promise<TrackingResults> {
    return readWindow({ ...this.#tracking, ...columnReading(true) }, this.selection({}))
  }

  /** @internal As `readAll`, on the calling thread. */
  readAllSync(): TrackingResults {
    return readWindowSync({ ...this.#tracking, ...columnReading(true) }, this.selection({}))
  }

  close(): void {
    this.#tracking.file.closeSync()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** How a file that is trusted is opened. */
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

/** How a whole file is read. */
export interface ResultsOptions {
  /**
   * Arrays of JavaScript's own memory, which `postMessage` and `structuredClone` can transfer to another thread. Default: false, as
   * memory of the addon's is filled faster; Node copies it to other threads, and a transfer list that names it is refused (from
   * Node 21 on with a DataCloneError). With `untrusted` arrays can be transferred anyway.
   */
  transferable?: boolean
}

/**
 * Reads a whole tracking file, off the calling thread, and closes it. Large files are better read in parts, with TrackingReader.
 * The arrays go to another thread as copies; `transferable: true` makes them such that they can be transferred.
 * With `untrusted` the file is read in a process of its own, as by {@link TrackingReader.open}, and rejects as that does;
 * `limits.seconds` counts for the opening and for the reading. Rejects as the constructor of TrackingReader throws.
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

/** As `readTrackingResults`, on the calling thread, and therefore only for files that are trusted. */
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
