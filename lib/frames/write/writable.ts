/** A Node stream that writes frames. */
import { Writable } from 'node:stream'

/** The methods of a writer that the stream uses. */
interface Drained {
  drain(): Promise<void>
  close(): Promise<void>
}

/** Makes a stream of frames into a writer. The encoder and the disk exert back-pressure. The writer is closed with the stream. */
export function writableOf<Frame>(writer: Drained, write: (frame: Frame) => boolean): Writable {
  return new Writable({
    objectMode: true,
    write(frame: Frame | undefined, _, done) {
      try {
        // Anything that is not a frame is refused as a frame without an index.
        if (write(frame ?? ({} as Frame))) done()
        else writer.drain().then(() => done(), done)
      } catch (error) {
        done(error as Error)
      }
    },
    final(done) {
      writer.close().then(() => done(), done)
    },
    destroy(error, done) {
      // Accepted frames are kept. The first error is the one to report.
      writer.close().then(
        () => done(error),
        (failure: Error) => done(error ?? failure),
      )
    },
  })
}
