/** Recordings that the tests of the page show, of each kind of layout. */
import { defineLayout, FrameWriter, midlineLayout, poseLayout, TrackingWriter, type TrackRecord } from 'h5tracks'
import { scratch } from '../support/scratch.js'

const turn = (frame: number, id: number, period: number) => (2 * Math.PI * (frame / period + id / 7)) % (2 * Math.PI)

/** A fish that swims in a circle of its own, in a tank of 200 x 100 x 60. */
export function swimmer(fishId: number, frame: number, cameras: readonly string[] = []): TrackRecord {
  const angle = turn(frame, fishId, 300)
  const centroid3d = [
    100 + 8 * (fishId % 10) * Math.cos(angle),
    50 + 4 * (fishId % 10) * Math.sin(angle),
    6 + ((6 * fishId) % 50),
  ]
  const [x, y] = [centroid3d[0]! * 4, centroid3d[1]! * 4]
  return {
    fishId,
    centroid3d: centroid3d as [number, number, number],
    confidence: 1,
    reprojectionResidual: 0.5,
    nCameras: cameras.length,
    isConfirmed: true,
    cameraDetections: Object.fromEntries(cameras.map((camera) => [camera, fishId])),
    bboxes: Object.fromEntries(cameras.map((camera, i) => [camera, [x + 20 * i, y, 30, 18]])),
  }
}

export interface TrackingOptions {
  frames: number
  fish: number
  cameras?: string[]
  fps?: number
  /** Whether a fish is in a frame. */
  isSeen?: (fish: number, frame: number) => boolean
}

/** A tracking file. */
export function tracking({ frames, fish, cameras = [], fps = 60, isSeen = () => true }: TrackingOptions): string {
  const path = scratch('tracking.h5')
  const metadata = { fps, tank_size: [200, 100, 60], position_units: 'cm' }
  using writer = new TrackingWriter(path, cameras, { maxFish: fish, metadata })
  const all = Array.from({ length: fish }, (_, id) => id)
  for (let frame = 0; frame < frames; frame++) {
    writer.writeFrame(
      frame,
      all.filter((id) => isSeen(id, frame)).map((id) => swimmer(id, frame, cameras)),
    )
  }
  return path
}

const nodes = ['nose', 'left_ear', 'right_ear', 'neck', 'tail_base', 'tail_tip']
const edges = [
  ['nose', 'left_ear'],
  ['nose', 'right_ear'],
  ['nose', 'neck'],
  ['neck', 'tail_base'],
  ['tail_base', 'tail_tip'],
] as const
/** Places of the nodes along and across a mouse, px. */
const shape = [
  [40, 0],
  [28, -14],
  [28, 14],
  [16, 0],
  [-30, 0],
  [-62, 8],
] as const

/** Keypoints of mice in the image of one camera. */
export function poses(frames: number, mice: number): string {
  const path = scratch('poses.h5')
  const layout = poseLayout({ nodes, edges, dimensions: 2, max: mice })
  using writer = new FrameWriter(path, layout, {
    metadata: { fps: 50, image_size: [1280, 720], names: ['anna', 'bert', 'carl'] },
  })
  for (let frame = 0; frame < frames; frame++) {
    const records = Array.from({ length: mice }, (_, individual) => {
      const angle = turn(frame, individual, 400)
      const [x, y] = [320 + 300 * individual + 90 * Math.cos(angle), 360 + 200 * Math.sin(angle)]
      const [c, s] = [Math.cos(angle + Math.PI / 2), Math.sin(angle + Math.PI / 2)]
      const keypoints = shape.flatMap(([a, b]) => [x + a * c - b * s, y + a * s + b * c])
      return { individual, keypoints, confidence: nodes.map((_, i) => (i === 5 ? 0.1 : 1)), score: 1 }
    })
    writer.writeFrame(frame, records, { time: frame / 50 })
  }
  return path
}

/** Keypoints in space, and in the images of two cameras. */
export function posesOfCameras(frames: number): string {
  const path = scratch('poses3d.h5')
  const layout = poseLayout({ nodes, edges, dimensions: 3, cameras: ['left', 'right'], unit: 'mm', max: 2 })
  using writer = new FrameWriter(path, layout, { metadata: { fps: 30 } })
  for (let frame = 0; frame < frames; frame++) {
    const records = [0, 1].map((individual) => {
      const angle = turn(frame, individual, 200)
      const [x, y] = [200 * individual + 60 * Math.cos(angle), 60 * Math.sin(angle)]
      const keypoints = shape.flatMap(([a, b]) => [x + a, y + b, 20 + a / 4])
      const flat = shape.flatMap(([a, b]) => [x + a + 300, y + b + 200])
      return { individual, keypoints, cameraKeypoints: { left: flat, right: flat.map((value) => value + 50) } }
    })
    writer.writeFrame(frame, records)
  }
  return path
}

/** Midlines of fish: splines in space. */
export function midlines(frames: number, fish: number): string {
  const path = scratch('midlines.h5')
  using writer = new FrameWriter(path, midlineLayout, { metadata: { fps: 30 } })
  for (let frame = 0; frame < frames; frame++) {
    const records = Array.from({ length: fish }, (_, fishId) => {
      const angle = turn(frame, fishId, 150)
      const controlPoints = Array.from({ length: 7 }, (_, k) => [
        0.5 + 0.3 * Math.cos(angle - k * 0.12) + 0.05 * fishId,
        0.5 + 0.3 * Math.sin(angle - k * 0.12),
        0.1 + 0.04 * fishId + 0.01 * Math.sin(k + frame / 5),
      ]).flat()
      const rest = { arcLength: 0.2, halfWidths: new Float32Array(15), nCameras: 3, meanResidual: 1, maxResidual: 2 }
      return { fishId, controlPoints, ...rest, isLowConfidence: false, centroidZ: 0.1, zOffsets: new Float32Array(15) }
    })
    writer.writeFrame(frame, records)
  }
  return path
}

/** One animal a frame, with x and y as fields of their own and a box by its corners. */
export function plain(frames: number): string {
  const path = scratch('plain.h5')
  const layout = defineLayout({
    group: 'mouse',
    fields: {
      x: { type: 'float32', unit: 'px' },
      y: { type: 'float32', unit: 'px' },
      box: { type: 'float32', shape: [4], axes: ['xyxy'], unit: 'px' },
    },
  })
  using writer = new FrameWriter(path, layout)
  for (let frame = 0; frame < frames; frame++) {
    const [x, y] = [100 + frame, 200]
    writer.writeFrame(frame, { x, y, box: [x - 20, y - 10, x + 20, y + 10] })
  }
  return path
}
