import { Writable } from 'node:stream'
import type { Frame } from '../file/types.js'
import type { TrackingWriter } from './writer.js'

type FrameInput = Pick<Frame, 'frameIndex'> & { tracks: Parameters<TrackingWriter['writeFrame']>[1] }

/** A stream of frames into a writer: back-pressure from the encoder and the disk, closed with the stream however that ends. */
export function writableOf(writer: TrackingWriter): Writable {
  return new Writable({
    objectMode: true,
    write(frame: FrameInput | undefined, _, done) {
      try {
        // What is not a frame is refused as one without an index.
        const { frameIndex, tracks } = frame ?? ({} as FrameInput)
        if (writer.writeFrame(frameIndex, tracks)) done()
        else writer.drain().then(() => done(), done)
      } catch (error) {
        done(error as Error)
      }
    },
    final(done) {
      writer.close().then(() => done(), done)
    },
    destroy(error, done) {
      // What was accepted before an error is kept; the error that came first is the one to tell.
      writer.close().then(
        () => done(error),
        (failure: Error) => done(error ?? failure),
      )
    },
  })
}
