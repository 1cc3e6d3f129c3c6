import { check, defineLayout, FrameFileWriter, FrameReader, FrameWriter, recover } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { runNode } from '../../support/process.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const video = defineLayout({
  group: 'poses',
  slots: { name: 'animal', max: 2 },
  fields: { point: { type: 'float32', shape: [2] } },
})
const imu = defineLayout({ group: 'imu', fields: { force: { type: 'float32', shape: [3] } } })
const layouts = { video, imu }
const chunkFrames = { video: 4, imu: 50 }

function fill(file: FrameFileWriter<typeof layouts>, frames: number, samples: number): void {
  for (let frame = 0; frame < frames; frame++) file.writers.video.writeFrame(frame, [{ animal: 7, point: [frame, 1] }])
  for (let sample = 0; sample < samples; sample++) file.writers.imu.writeFrame(sample, { force: [sample, 0, 0] })
}

const contents = (path: string) =>
  askH5py<[number[], number[]]>(path, '[f["poses/point"][:, 0, 0].tolist(), f["imu/force"][:, 0].tolist()]')
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('layouts that are written at their own pace', () => {
  test('each has its own number of frames and its own chunks', async () => {
    const path = scratch()
    const file = new FrameFileWriter(path, layouts, { chunkFrames })
    fill(file, 9, 333)
    expect([file.writers.video.length, file.writers.imu.length]).toEqual([9, 333])
    await file.close()
    expect(await contents(path)).toEqual([upTo(9), upTo(333)])
    expect(await askH5py(path, '[f["poses/point"].chunks[0], f["imu/force"].chunks[0]]')).toEqual([4, 50])
  })

  test('h5tracks reads each of them by its layout or by its name', async () => {
    const path = scratch()
    using file = new FrameFileWriter(path, layouts, { chunkFrames })
    fill(file, 5, 60)
    file.closeSync()
    using poses = new FrameReader(path, video)
    using samples = new FrameReader(path, 'imu')
    expect([poses.length, samples.length]).toEqual([5, 60])
    expect(Array.from((await poses.read()).point.data.subarray(0, 2))).toEqual([0, 1])
  })

  test('one recovery restores every accepted frame of all of them after a kill', async () => {
    const path = scratch()
    const { signal, stdout } = await runNode(
      `import { defineLayout, FrameFileWriter } from 'h5tracks'
      const video = defineLayout(${JSON.stringify(video.spec)})
      const imu = defineLayout(${JSON.stringify(imu.spec)})
      const file = new FrameFileWriter(process.argv[2], { video, imu }, { chunkFrames: { video: 4, imu: 50 } })
      for (let frame = 0; frame < 11; frame++) {
        file.writers.video.writeFrame(frame, [{ animal: 7, point: [frame, 1] }])
        for (let k = 0; k < 33; k++) file.writers.imu.writeFrame(33 * frame + k, { force: [33 * frame + k, 0, 0] })
      }
      process.kill(process.pid, 'SIGKILL')`,
      [path],
    )
    expect(stdout).toBe('')
    expect(signal).toBe('SIGKILL')
    const { action, lost } = await recover(path)
    expect([action, lost]).toEqual(['rebuilt', []])
    expect(await contents(path)).toEqual([upTo(11), upTo(363)])
  })

  test('the file stays open until the last of the writers closes', async () => {
    const path = scratch()
    const file = new FrameFileWriter(path, layouts, { chunkFrames })
    fill(file, 3, 10)
    await file.writers.video.close()
    expect((await failure(() => file.writers.video.writeFrame(3, []))).code).toBe('ERR_CLOSED')
    file.writers.imu.writeFrame(10, { force: [10, 0, 0] })
    await file.writers.imu.close()
    expect(await contents(path)).toEqual([upTo(3), upTo(11)])
  })

  test('a resumed file goes on after the last frame of each', async () => {
    const path = scratch()
    const file = new FrameFileWriter(path, layouts, { chunkFrames })
    fill(file, 6, 70)
    await file.close()
    const resumed = await FrameFileWriter.resume(path, layouts)
    expect([resumed.writers.video.lastFrameIndex, resumed.writers.imu.lastFrameIndex]).toEqual([5, 69])
    resumed.writers.video.writeFrame(6, [{ animal: 7, point: [6, 1] }])
    resumed.writers.imu.writeFrame(70, { force: [70, 0, 0] })
    await resumed.close()
    expect(await contents(path)).toEqual([upTo(7), upTo(71)])
  })

  test('FrameWriter does not resume them in step', async () => {
    const path = scratch()
    const file = new FrameFileWriter(path, layouts)
    await file.close()
    const { code, message } = await failure(() => FrameWriter.resume(path))
    expect(code).toBe('ERR_FORMAT')
    expect(message).toContain('are written at their own pace; resume them with FrameFileWriter')
  })

  test('an unknown name in chunkFrames is refused before the file is created', async () => {
    const path = scratch()
    const { code } = await failure(() => new FrameFileWriter(path, layouts, { chunkFrames: { imus: 3 } as never }))
    expect(code).toBe('ERR_INVALID_ARGUMENT')
    expect((await failure(() => new FrameReader(path, video))).code).toBe('ENOENT')
  })
})

describe('layouts that are written in step', () => {
  test('are resumed together only', async () => {
    const path = scratch()
    const writer = new FrameWriter(path, layouts)
    writer.writeFrame(0, { video: [], imu: { force: [1, 2, 3] } })
    await writer.close()
    for (const part of [() => FrameWriter.resume(path, imu), () => FrameFileWriter.resume(path, layouts)]) {
      const { code, message } = await failure(part)
      expect(code).toBe('ERR_FORMAT')
      expect(message).toContain('is written in step with')
    }
    const resumed = await FrameWriter.resume(path, layouts)
    expect(resumed.length).toBe(1)
    await resumed.close()
  })

  test('check reports one that has fewer frames than the other', async () => {
    const path = scratch()
    const writer = new FrameWriter(path, layouts)
    for (let frame = 0; frame < 3; frame++) writer.writeFrame(frame, { video: [], imu: { force: [1, 2, 3] } })
    await writer.close()
    await h5py(path, 'r+', 'for name in ["frame_index", "force"]: f["imu"][name].resize(2, axis=0)')
    const { findings } = await check(path)
    expect(findings.map(({ code, dataset }) => [code, dataset])).toEqual([
      ['lengths-differ', '/imu/frame_index'],
      ['lengths-differ', '/imu/force'],
    ])
    expect(findings[0]?.text).toBe('has 2 rows; /poses/frame_index has 3')
  })
})
