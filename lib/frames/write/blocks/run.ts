/** A run of one or more writers over a file. */
import type { NativeBlockWriter } from '../../../native/native.js'

/**
 * The native writer of a file, which the writers of its layouts share if each writes at its own pace. The last of them to close closes the
 * file.
 */
export class Run {
  readonly native: NativeBlockWriter
  #writers: number

  constructor(native: NativeBlockWriter) {
    this.native = native
    this.#writers = native.streams.length
  }

  /** Ends one writer. Its frames are committed; the file is closed with the last writer. */
  release(): Promise<void> {
    return --this.#writers > 0 ? this.native.flush() : this.native.close()
  }

  /** The blocking form of {@link release}. */
  releaseSync(): void {
    if (--this.#writers > 0) this.native.flushSync()
    else this.native.closeSync()
  }

  /** Waits on the calling thread for what {@link release} began. */
  awaitRelease(): void {
    if (this.#writers > 0) this.native.flushSync()
    else this.native.closeSync()
  }
}
