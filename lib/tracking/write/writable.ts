import { Writable } from 'node:stream'
import type { TrackRecord } from '../../base/track-record.js'

interface FrameInput {
  frameIndex: number | bigint
  tracks: Iterable<TrackRecord>
}

/** A TrackingWriter, as far as a stream of frames uses it. */
interface FrameWriter {
  writeFrame(frameIndex: number | bigint, tracks: Iterable<TrackRecord>): boolean
  drain(): Promise<void>
  close(): Promise<void>
}

/** A stream of frames into a writer: back-pressure from the encoder and the disk, closed with the stream however that ends. */
export function writableOf(writer: FrameWriter): Writable {
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
