import { defineLayout, FrameFileWriter, FrameWriter, poseLayout, type WriterOptions } from 'h5tracks'
import { cameras, everyType } from '../support/frames/every-type.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, type Frame, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'

/** Writes the frames of `school` to files with so many frames each. */
export async function shardsOf(
  counts: readonly number[],
  options: WriterOptions = {},
  frames: readonly Frame[] = school(counts.reduce((all, n) => all + n, 0)),
): Promise<string[]> {
  const paths: string[] = []
  let first = 0
  for (const [i, count] of counts.entries()) {
    const path = scratch(`shard-${i}.h5`)
    paths.push(await written(frames.slice(first, first + count), CAMERAS, { chunkFrames: 10, ...options }, path))
    first += count
  }
  return paths
}

/** Files with fields of every type, chunks of 4 frames and so many frames each. */
export async function everyTypeFiles(counts: readonly number[], metadata: { fps?: number } = {}): Promise<string[]> {
  const paths: string[] = []
  let frame = 0
  for (const count of counts) {
    const path = scratch('animals.h5')
    await using writer = new FrameWriter(path, everyType, { cameras, chunkFrames: 4, metadata })
    for (const end = frame + count; frame < end; frame++) {
      const record = {
        animalId: 1,
        i64: 2n ** 60n,
        f16: frame / 4,
        label: 'gone',
        name: `n${frame}`,
        seen: true,
      } as const
      writer.writeFrame(frame, [{ ...record, box: { top: [frame, 1, 2, 3] } }], { time: frame / 30, note: `é${frame}` })
    }
    await writer.close()
    paths.push(path)
  }
  return paths
}

/** Two files with a layout of poses and one of a sensor, each at its own pace, and so many frames of each in a file. */
export async function pacedFiles(counts: { poses: number; imu: number }): Promise<string[]> {
  const poses = poseLayout({ nodes: ['nose', 'tail'], dimensions: 2, max: 2 })
  const imu = defineLayout({ group: 'imu', fields: { force: { type: 'float32', shape: [3] } } })
  const paths: string[] = []
  for (const part of [0, 1]) {
    const path = scratch('run.h5')
    await using file = new FrameFileWriter(path, { poses, imu }, { chunkFrames: { poses: 4, imu: 10 } })
    for (let i = 0; i < counts.poses; i++)
      file.writers.poses.writeFrame(counts.poses * part + i, [{ individual: i, keypoints: [i, 1, 2, 3] }])
    for (let i = 0; i < counts.imu; i++) file.writers.imu.writeFrame(counts.imu * part + i, { force: [i, 0, 0] })
    await file.close()
    paths.push(path)
  }
  return paths
}
