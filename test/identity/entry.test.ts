import * as everything from 'h5tracks'
import * as tracker from 'h5tracks/tracker'
import * as oldName from 'h5tracks/tracking'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'

// `h5tracks/tracker` serves programs that write no file, and machines without the addon: it loads no addon.

/** The number of addons that a process has loaded, by the operating system's list of its shared objects. */
const addons = `process.report.getReport().sharedObjects.filter((name) => name.endsWith('.node')).length`

describe('h5tracks/tracker', () => {
  test('h5tracks/tracker loads no addon when its cameras, association and tracker are used', async () => {
    const program = `
      import { FishTracker, ransacCentroidCluster, RefractiveCamera, H5TracksError } from 'h5tracks/tracker'
      const K = [[1400, 0, 800], [0, 1400, 600], [0, 0, 1]]
      const R = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
      const models = {
        west: new RefractiveCamera({ K, R, t: [0.5, 0, 0], waterZ: 1 }),
        east: new RefractiveCamera({ K, R, t: [-0.5, 0, 0], waterZ: 1 }),
      }
      const detections = Object.fromEntries(Object.entries(models).map(([camera, model]) => {
        return [camera, [{ centroid: model.project([0, 0, 1.5]).pixels, bbox: [0, 0, 1, 1], confidence: 1 }]]
      }))
      const frame = ransacCentroidCluster(detections, models)
      const tracks = new FishTracker({ minHits: 1 }).update(frame)
      let refused
      try { new FishTracker({ minHits: 0 }) } catch (error) { refused = error instanceof H5TracksError }
      console.log(tracks.length, tracks[0].nCameras, refused, ${addons})`
    // This addon does not exist, so loading it would fail.
    const { code, stdout, stderr } = await runNode(program, [], { env: { H5TRACKS_ADDON: '/nowhere/h5tracks.node' } })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '1 2 true 0\n', stderr: '' })
  })

  test('the main entry loads one addon, which shows that the test of h5tracks/tracker can fail', async () => {
    const program = `import 'h5tracks'; console.log(${addons})`
    expect(await runNode(program)).toMatchObject({ code: 0, stdout: '1\n' })
    const missing = await runNode(program, [], { env: { H5TRACKS_ADDON: '/nowhere/h5tracks.node' } })
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('/nowhere/h5tracks.node')
  })

  test('h5tracks/tracker exports the same objects under the same names as the main entry', () => {
    const same: Partial<typeof everything> = { ...tracker }
    expect(Object.keys(same).sort()).toEqual(
      [
        'FishTrack',
        'FishTracker',
        'H5TracksError',
        'PinholeCamera',
        'RefractiveCamera',
        'ransacCentroidCluster',
        'readCalibration',
      ].sort(),
    )
    expect(everything).toMatchObject(same)
    expect(everything.FishTracker).toBe(tracker.FishTracker)
  })

  test('h5tracks/tracking, its old name, exports the same', () => {
    expect({ ...oldName }).toEqual({ ...tracker })
  })
})
