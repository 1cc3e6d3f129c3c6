import { TrackingWriter, type WriterOptions } from 'h5tracks'
import { scratch } from '../scratch.js'
import { CAMERAS, type Frame } from './frames.js'

/** Writes the frames to a file, closes it and returns its path. */
export async function written(
  frames: Iterable<Frame>,
  cameras: Iterable<string> = CAMERAS,
  options: WriterOptions = {},
  path = scratch(),
): Promise<string> {
  await using writer = new TrackingWriter(path, cameras, options)
  for (const { frameIndex, tracks } of frames) {
    if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
  }
  return path
}
