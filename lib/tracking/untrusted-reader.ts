/** Reads an untrusted tracking file in a separate process. */
import { trackingLayout } from '../layouts/tracking.js'
import { type OpenedApart, openApart, type UntrustedOpening } from '../untrusted/source.js'
import { TrackReader } from './track-reader.js'

/**
 * Reads a tracking file in a separate process; made by `TrackingReader.open(path, { untrusted: true })`. It has the methods of
 * `TrackingReader`, except the synchronous ones. Calls also reject with
 *
 * - ERR_LIMIT when they exceed the time or memory that `limits` allow,
 * - ERR_CRASHED when the process dies because of the file.
 *
 * After the process has ended (`isOpen` is false), every call rejects with the same error. A reader that is not closed does not
 * keep the event loop alive; its process ends when the reader is garbage-collected.
 */
export class UntrustedReader extends TrackReader {
  readonly #close: () => Promise<void>

  private constructor({ source, state, close }: OpenedApart) {
    super(source, state)
    this.#close = close
  }

  /** @internal */
  static async open(path: string | URL, options: UntrustedOpening): Promise<UntrustedReader> {
    return new UntrustedReader(await openApart(path, trackingLayout, options))
  }

  /** Ends the process. Pending calls reject with ERR_CLOSED. Resolves when the process has ended. */
  override close(): Promise<void> {
    return this.#close()
  }
}
