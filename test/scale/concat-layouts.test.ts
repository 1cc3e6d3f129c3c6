import { defineLayout, FrameFileWriter, FrameReader, FrameWriter, midlineLayoutWith, poseLayout } from 'h5tracks'
import { concat } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { cameras, everyType } from '../support/frames/every-type.js'
import { output } from '../support/process.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Each file of a layout is compared by h5diff with one that was written in one run: values, types, attributes and scales.

const poses = poseLayout({ max: 2, nodes: ['nose', 'tail'], dimensions: 2 })
const imu = defineLayout({ group: 'imu', fields: { force: { type: 'float32', shape: [3] } } })
const midlines = midlineLayoutWith({ max: 2, samples: 3, points: true })

async function expectSame(joined: string, whole: string): Promise<void> {
  expect(await output('h5diff', [joined, whole])).not.toContain('difference')
  // h5diff does not compare the scales that axes refer to.
  const scales = `(lambda d: [f.visititems(lambda name, x: d.__setitem__(name, [[s.name for s in a.values()] for a in x.dims])
    if isinstance(x, h5py.Dataset) and "CLASS" not in x.attrs else None), d][1])({})`
  expect(await askH5py(joined, scales)).toEqual(await askH5py(whole, scales))
}

describe('concat of a layout', () => {
  test.each([
    ['meet at chunk boundaries', [8, 12, 3]],
    ['meet inside chunks', [7, 12, 5]],
  ])('with fields of every type gives the file of one run, if the files %s', async (_, counts) => {
    const write = async (first: number, count: number) => {
      const path = scratch('animals.h5')
      await using writer = new FrameWriter(path, everyType, { cameras, chunkFrames: 4, metadata: { fps: 30 } })
      for (let frame = first; frame < first + count; frame++) {
        const record = {
          animalId: frame % 5,
          i64: BigInt(frame),
          label: 'feeding',
          name: `n${frame}`,
          f16: frame / 4,
        } as const
        writer.writeFrame(frame, [{ ...record, box: { top: [frame, 1, 2, 3] } }], {
          time: frame / 30,
          note: `é${frame}`,
        })
      }
      await writer.close()
      return path
    }
    let first = 0
    const paths: string[] = []
    for (const count of counts) {
      paths.push(await write(first, count))
      first += count
    }
    const out = scratch()
    await concat(paths, out)
    await expectSame(out, await write(0, first))
    using reader = new FrameReader(out, everyType)
    expect(reader.length).toBe(first)
  })

  test('that AquaPose defines, midlines, gives the file of one run', async () => {
    const write = async (first: number, count: number) => {
      const path = scratch('midlines.h5')
      await using writer = new FrameWriter(path, midlines, { chunkFrames: 4 })
      for (let frame = first; frame < first + count; frame++) {
        const three = [frame, 1, 2]
        const spline = {
          halfWidths: three,
          zOffsets: three,
          meanResidual: 0.5,
          maxResidual: 1,
          nCameras: 2,
          isLowConfidence: false,
        }
        writer.writeFrame(frame, [{ fishId: frame, points: Array.from({ length: 9 }, (_, i) => frame + i), ...spline }])
      }
      await writer.close()
      return path
    }
    const out = scratch()
    await concat([await write(0, 6), await write(6, 10)], out)
    await expectSame(out, await write(0, 16))
  })

  test('beside another one that has a pace of its own gives the file of one run', async () => {
    const write = async (from: [number, number], to: [number, number]) => {
      const path = scratch('run.h5')
      await using file = new FrameFileWriter(path, { poses, imu }, { chunkFrames: { poses: 4, imu: 10 } })
      for (let frame = from[0]; frame < to[0]; frame++) {
        file.writers.poses.writeFrame(frame, [{ individual: frame, keypoints: [frame, 1, 2, 3] }])
      }
      for (let sample = from[1]; sample < to[1]; sample++)
        file.writers.imu.writeFrame(sample, { force: [sample, 0, 0] })
      await file.close()
      return path
    }
    const out = scratch()
    const { layouts } = await concat([await write([0, 0], [8, 33]), await write([8, 33], [13, 60])], out)
    expect(layouts).toEqual([
      { name: 'imu', frames: 60, copied: 30, encoded: 30 },
      { name: 'poses', frames: 13, copied: 13, encoded: 0 },
    ])
    await expectSame(out, await write([0, 0], [13, 60]))
    expect(await askH5py(out, 'f["imu/force"][:, 0].tolist()')).toEqual(Array.from({ length: 60 }, (_, i) => i))
  })
})
