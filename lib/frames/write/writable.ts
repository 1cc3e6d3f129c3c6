/** A Node stream that writes frames. */
import { Writable } from 'node:stream'
import type { TrackRecord } from '../../base/track-record.js'

interface FrameInput {
  frameIndex: number | bigint
  tracks: Iterable<TrackRecord>
}

/** The methods of a TrackingWriter that the stream uses. */
interface FrameWriter {
  writeFrame(frameIndex: number | bigint, tracks: Iterable<TrackRecord>): boolean
  drain(): Promise<void>
  close(): Promise<void>
}

/** Makes a stream of frames into a writer. The encoder and the disk exert back-pressure. The writer is closed with the stream. */
export function writableOf(writer: FrameWriter): Writable {
  return new Writable({
    objectMode: true,
    write(frame: FrameInput | undefined, _, done) {
      try {
        // Anything that is not a frame is refused as a frame without an index.
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
      // Accepted frames are kept. The first error is the one to report.
      writer.close().then(
        () => done(error),
        (failure: Error) => done(error ?? failure),
      )
    },
  })
}
