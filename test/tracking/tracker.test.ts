import { TrackingReader, TrackingWriter, type TrackRecord } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'

// The use that it is made for: detections of two cameras go through a tracker, and what the tracker says goes to the writer.

const CAMERAS = ['top', 'front']
type Box = [left: number, top: number, width: number, height: number]

/** Three fish swim to the right, one pixel per millimetre. Their detections come in another order in every frame. */
function detect(frame: number): { camera: string; boxes: Box[] }[] {
  const positions = [
    [10, 10, 5],
    [50, 20, 5],
    [90, 30, 8],
  ].map(([x, y, z]) => [x! + 2 * frame, y!, z!])
  const shuffled = positions.map((_, n) => positions[(n + frame) % positions.length]!)
  return [
    { camera: 'top', boxes: shuffled.map(([x, y]): Box => [x! - 2, y! - 1, 4, 2]) },
    { camera: 'front', boxes: shuffled.map(([x, , z]): Box => [x! - 2, z! - 1, 4, 2]).slice(0, frame === 1 ? 2 : 3) },
  ]
}

/** Nearest neighbour along x from frame to frame, which is where both cameras agree. */
class Tracker {
  readonly #last = new Map<number, number>()

  update(detections: { camera: string; boxes: Box[] }[]): TrackRecord[] {
    const [top, front] = detections
    return top!.boxes.map((box, index) => {
      const x = box[0] + 2
      const fishId = this.#nearest(x)
      this.#last.set(fishId, x)
      const inFront = front!.boxes.findIndex(([left]) => left === box[0])
      const seen = inFront >= 0
      return {
        fishId,
        centroid3d: seen ? [x, box[1] + 1, front!.boxes[inFront]![1] + 1] : null,
        confidence: seen ? 1 : 0.5,
        reprojectionResidual: seen ? 0.25 : -1,
        nCameras: seen ? 2 : 1,
        isConfirmed: seen,
        cameraDetections: new Map([['top', index], ...(seen ? [['front', inFront] as const] : [])]),
        bboxes: new Map([['top', box], ...(seen ? [['front', front!.boxes[inFront]!] as const] : [])]),
      }
    })
  }

  #nearest(x: number): number {
    let best = this.#last.size
    let distance = 10
    for (const [fishId, last] of this.#last) {
      if (Math.abs(last - x) < distance) [best, distance] = [fishId, Math.abs(last - x)]
    }
    return best
  }
}

test('tracker to writer over 3 frames: every fish keeps its identity, and one is lost from view once', async () => {
  const path = scratch()
  const tracker = new Tracker()
  {
    await using writer = new TrackingWriter(path, CAMERAS)
    for (let frame = 0; frame < 3; frame++) writer.writeFrame(frame, tracker.update(detect(frame)))
  }

  using reader = new TrackingReader(path)
  expect(reader.length).toBe(3)
  const seen: (string | null)[][] = []
  for (const fishId of [0, 1, 2]) {
    const { centroid3d, frameIndex } = await reader.trajectory(fishId)
    expect([...frameIndex.data]).toEqual([0n, 1n, 2n])
    seen.push([0, 1, 2].map((row) => [...centroid3d.data.slice(row * 3, row * 3 + 3)].join(' ')))
  }
  expect(seen).toEqual([
    ['10 10 5', 'NaN NaN NaN', '14 10 5'],
    ['50 20 5', '52 20 5', '54 20 5'],
    ['90 30 8', '92 30 8', '94 30 8'],
  ])

  const { cameraAssignments, bboxes, isConfirmed } = await reader.trajectory(0)
  expect([...cameraAssignments.top!.data]).toEqual([0, 2, 1])
  expect([...cameraAssignments.front!.data]).toEqual([0, -1, 1])
  expect([...bboxes.top!.data]).toEqual([8, 9, 4, 2, 10, 9, 4, 2, 12, 9, 4, 2])
  expect([...isConfirmed.data]).toEqual([1, 0, 1])
})
