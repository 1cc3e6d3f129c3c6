/** Reads an untrusted file of any layout in a separate process. */
import type { GivenLayout } from '../frames/file/choose.js'
import type { LayoutSpec } from '../layout/spec.js'
import { type OpenedApart, openApart, type UntrustedOpening } from '../untrusted/source.js'
import { RecordReader } from './record-reader.js'

/**
 * Reads frames in a separate process; made by `FrameReader.open(path, layout, { untrusted: true })`. It has the methods of
 * `FrameReader`, except the synchronous ones. Calls also reject with
 *
 * - ERR_LIMIT when they exceed the time or memory that `limits` allow,
 * - ERR_CRASHED when the process dies because of the file.
 *
 * After the process has ended (`isOpen` is false), every call rejects with the same error. A reader that is not closed does not
 * keep the event loop alive; its process ends when the reader is garbage-collected.
 */
export class UntrustedFrameReader<S extends LayoutSpec = LayoutSpec> extends RecordReader<S> {
  readonly #close: () => Promise<void>

  private constructor({ source, state, close }: OpenedApart) {
    super(source, state)
    this.#close = close
  }

  /** @internal */
  static async open<S extends LayoutSpec>(
    path: string | URL,
    layout: GivenLayout,
    options: UntrustedOpening,
  ): Promise<UntrustedFrameReader<S>> {
    return new UntrustedFrameReader<S>(await openApart(path, layout, options))
  }

  /** Ends the process. Pending calls reject with ERR_CLOSED. Resolves when the process has ended. */
  override close(): Promise<void> {
    return this.#close()
  }
}
