import h5wasm, { type Dataset, type Group } from 'h5wasm/node'
import { beforeAll, expect, test } from 'vitest'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// h5wasm is another project's build of HDF5 for JavaScript. It reads our files too.

beforeAll(() => h5wasm.ready)

const frames = school(11, 4)

test('h5wasm reads every dataset of our file as it was written', async () => {
  const path = await written(frames, CAMERAS, { chunkFrames: 4, maxFish: 5, metadata: { fps: 60, units: 'cm' } })
  const expected = columnsOf(frames, CAMERAS, 5)
  const file = new h5wasm.File(path, 'r')
  try {
    const tracking = file.get('tracking') as Group
    const read = (name: string) => {
      const { value, shape } = tracking.get(name) as Dataset
      return {
        data: Array.from(value as ArrayLike<number | bigint | boolean>, (n) =>
          typeof n === 'boolean' ? Number(n) : n,
        ),
        shape: shape as number[],
      }
    }
    expect(tracking.attrs.camera_names!.value).toEqual(CAMERAS)
    expect(tracking.attrs.units!.value).toBe('cm')
    expect(read('frame_index')).toEqual(expected.frameIndex)
    expect(read('fish_id')).toEqual(expected.fishId)
    expect(read('centroid_3d')).toEqual(expected.centroid3d)
    expect(read('confidence')).toEqual(expected.confidence)
    expect(read('reprojection_residual')).toEqual(expected.reprojectionResidual)
    expect(read('n_cameras')).toEqual(expected.nCameras)
    expect(read('is_confirmed')).toEqual(expected.isConfirmed)
    for (const [camera, column] of expected.cameraAssignments)
      expect(read(`camera_assignments/${camera}`)).toEqual(column)
    for (const [camera, column] of expected.bboxes) expect(read(`bboxes/${camera}`)).toEqual(column)
  } finally {
    file.close()
  }
})
