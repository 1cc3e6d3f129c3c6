import { join } from 'node:path'
import type { TrackRecord } from 'h5tracks'
import { expect, test } from 'vitest'
import { ROOT } from '../support/process.js'

// The simulated rig, which `h5tracks demo` and the benchmarks use.

interface RigFrame {
  frameIndex: number
  tracks: TrackRecord[]
}
const { Rig, TANK } = await import(join(ROOT, 'dist/simulate/rig.js'))

const simulate = (options: object): RigFrame[] => [...new Rig(options).frames()]
const seenBy = ({ cameraDetections }: TrackRecord) => Object.entries(cameraDetections as Record<string, number>)

test('the simulated rig gives the same frames for the same seed', () => {
  const rig = new Rig({ seed: 3, frames: 20 })
  const frames = [...rig.frames()]
  expect([...rig.frames()]).toEqual(frames)
  expect(simulate({ seed: 3, frames: 20 })).toEqual(frames)
  expect(simulate({ seed: 4, frames: 20 })).not.toEqual(frames)
  expect(simulate({ seed: 3 + 2 ** 32, frames: 20 })).not.toEqual(frames)
})

test('9 simulated fish move smoothly in the tank, and each of 13 cameras sees each with probability 0.55', () => {
  const frames = simulate({ frames: 3000 })
  expect(frames.map(({ frameIndex }) => frameIndex)).toEqual([...frames.keys()])
  let detections = 0
  const last = new Map<number, ArrayLike<number>>()
  for (const { tracks } of frames) {
    expect(tracks.map(({ fishId }) => fishId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    for (const { fishId, centroid3d } of tracks) {
      if (centroid3d === null) continue
      for (const axis of [0, 1, 2]) {
        // The fish turn before a wall, at a distance greater than the noise.
        expect(centroid3d[axis]).toBeGreaterThan(0)
        expect(centroid3d[axis]).toBeLessThan(TANK[axis])
        const before = last.get(fishId)?.[axis]
        // 30 cm/s at 30 frames/s, two frames apart at most, and noise.
        if (before !== undefined) expect(Math.abs((centroid3d[axis] ?? Number.NaN) - before)).toBeLessThan(3)
      }
      last.set(fishId, centroid3d)
    }
    detections += tracks.reduce((sum, track) => sum + seenBy(track).length, 0)
  }
  expect(detections / (3000 * 9 * 13)).toBeCloseTo(0.55, 2)
})

test('a simulated record agrees with its detections, and each camera numbers its detections from 0', () => {
  for (const { tracks } of simulate({ frames: 50, cameras: 4, fish: 6, visibility: 0.4 })) {
    const byCamera = new Map<string, number[]>()
    for (const track of tracks) {
      const seen = seenBy(track)
      expect(Object.keys(track.bboxes)).toEqual(seen.map(([camera]) => camera))
      expect(track).toMatchObject({ nCameras: seen.length, isConfirmed: seen.length >= 2 })
      expect(track.centroid3d === null).toBe(seen.length < 2)
      for (const [camera, detection] of seen) byCamera.set(camera, [...(byCamera.get(camera) ?? []), detection])
      for (const [, , width, height] of Object.values(track.bboxes as Record<string, number[]>)) {
        expect(Math.min(width ?? 0, height ?? 0)).toBeGreaterThan(0)
      }
    }
    for (const numbers of byCamera.values()) expect(numbers.sort((a, b) => a - b)).toEqual([...numbers.keys()])
  }
})

test.each([{ cameras: 0 }, { cameras: 1 }, { fish: 1 }, { fish: 0 }, { cameras: 120, fish: 2 }, { visibility: 0 }])(
  'the simulated rig works with %j',
  (options) => {
    const rig = new Rig({ frames: 3, ...options })
    expect([...rig.frames()]).toHaveLength(3)
    expect(new Set(rig.cameraNames).size).toBe(rig.options.cameras)
    for (const { tracks } of rig.frames()) {
      for (const { centroid3d } of tracks as TrackRecord[])
        for (const value of Array.from(centroid3d ?? [])) expect(value).toBeTypeOf('number')
      expect(JSON.stringify(tracks)).not.toContain('null,null')
    }
  },
)
