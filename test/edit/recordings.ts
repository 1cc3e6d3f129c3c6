import { defineLayout, FrameWriter, TrackingWriter, type TrackRecord } from 'h5tracks'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

/** A number from 0 to 1 that looks random. */
export const noise = (n: number): number => (Math.sin(n * 127.1) * 43758.5453) % 1 ** 2

export const CAMERAS = ['top', 'front', 'left']

/** The fish of a frame: some of 0 to 4, some of them without a position. */
export function fishIn(f: number): TrackRecord[] {
  return [0, 1, 2, 3, 4]
    .filter((id) => (f * 7 + id * 3) % 5 !== 0)
    .map((fishId) => ({
      fishId,
      centroid3d: (f + fishId) % 11 === 0 ? null : [f + noise(f), fishId * 10 + noise(f + 1), noise(fishId)],
      ...{ confidence: noise(f + fishId) ** 2, reprojectionResidual: 0.5, nCameras: 2, isConfirmed: f % 2 === 0 },
      cameraDetections: { top: fishId, left: fishId + 1 },
      bboxes: { top: [f, fishId, 10, 20], left: [1, 2, 3, fishId] },
    }))
}

interface Sizes {
  frames?: number
  first?: number
  slots?: number
  chunkFrames?: number
  cameras?: string[]
  metadata?: Record<string, unknown>
}

export function trackingFile({
  frames = 250,
  first = 100,
  slots = 6,
  chunkFrames = 50,
  cameras = CAMERAS,
  metadata,
}: Sizes = {}): string {
  const path = scratch()
  const options = { maxFish: slots, chunkFrames, metadata: (metadata ?? { fps: 50, note: 'a' }) as { fps: number } }
  using writer = new TrackingWriter(path, cameras, options)
  for (let f = 0; f < frames; f++) writer.writeFrame(first + f + (f > 100 ? 3 : 0), fishIn(f))
  return path
}

export const mice = defineLayout({
  group: 'lab/mice',
  slots: { name: 'mouse', max: 4 },
  perFrame: { time: { type: 'float64', unit: 's' } },
  fields: {
    nose: { type: 'float32', shape: [2, 2], axes: ['node', 'space'], unit: 'px' },
    mood: { type: 'enum', members: { calm: 0, wild: 1 } },
    tag: { type: 'string', length: 5 },
    half: 'float16',
    count: { type: 'uint64', fill: 7 },
  },
  perCamera: { box: { type: 'int16', shape: [4], fill: -1 } },
  drops: true,
  axes: { space: ['x', 'y'] },
  attributes: { edges: [[0, 1]] },
})

export function miceFile({ frames = 120, first = 0, slots = 4, chunkFrames = 25, metadata }: Sizes = {}): string {
  const path = scratch()
  const writer = new FrameWriter(path, mice, {
    ...{ cameras: ['a', 'b'], slots, chunkFrames, metadata: (metadata ?? { fps: 10 }) as { fps: number } },
  })
  for (let f = 0; f < frames; f++) {
    const records = [0, 1, 2, 3]
      .filter((mouse) => (f + mouse) % 4 !== 0 && mouse < slots)
      .map((mouse) => ({
        ...{
          mouse,
          nose: [f, mouse, 2 * f, noise(f)],
          mood: f % 3 ? ('calm' as const) : ('wild' as const),
          tag: `m${mouse}`,
        },
        ...{ half: f / 4, count: BigInt(f) ** 9n, box: (f % 2 ? { a: [1, 2, f, mouse] } : {}) as { a?: number[] } },
      }))
    writer.writeFrame(first + f, records, { time: f / 10, dropped: f % 7 ? [] : ['b'] })
  }
  writer.closeSync()
  return path
}

/** The differences between a file and what numpy makes of its source. */
export async function differences(command: 'cut' | 'swap' | 'join', options: object): Promise<string[]> {
  return JSON.parse(await runPython('edits.py', [command, JSON.stringify(options)])) as string[]
}
