import * as everything from 'h5tracks'
import * as tracking from 'h5tracks/tracking'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'

// `h5tracks/tracking` is for those who write no file, in this process or on this machine: it loads no addon.

/** Which addons a process has loaded, by the operating system's own list of what is mapped into it. */
const addons = `process.report.getReport().sharedObjects.filter((name) => name.endsWith('.node')).length`

describe('h5tracks/tracking', () => {
  test('loads no addon, whatever of it is used', async () => {
    const program = `
      import { FishTracker, ransacCentroidCluster, RefractiveCamera, H5TracksError } from 'h5tracks/tracking'
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
    // An addon that is not there: to load it would be an error.
    const { code, stdout, stderr } = await runNode(program, [], { env: { H5TRACKS_ADDON: '/nowhere/h5tracks.node' } })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '1 2 true 0\n', stderr: '' })
  })

  test('and this can fail: the whole package loads one', async () => {
    const program = `import 'h5tracks'; console.log(${addons})`
    expect(await runNode(program)).toMatchObject({ code: 0, stdout: '1\n' })
    const missing = await runNode(program, [], { env: { H5TRACKS_ADDON: '/nowhere/h5tracks.node' } })
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('/nowhere/h5tracks.node')
  })

  test('has what the whole package has, by the same names, and is the same', () => {
    const same: Partial<typeof everything> = { ...tracking }
    expect(Object.keys(same).sort()).toEqual(
      [
        'FishTrack',
        'FishTracker',
        'H5TracksError',
        'PinholeCamera',
        'RefractiveCamera',
        'ransacCentroidCluster',
      ].sort(),
    )
    expect(everything).toMatchObject(same)
    expect(everything.FishTracker).toBe(tracking.FishTracker)
  })
})
