import { FrameReader } from 'h5tracks'
import type { SeenFrame } from './sleap.js'

const finite = (value: number): number | null => (Number.isFinite(value) ? Math.fround(value) : null)

/** The frames with animals of a group of an h5tracks file, in the form in which those of sleap-io.js are compared. */
export async function posesIn(path: string, group: string): Promise<SeenFrame[]> {
  using reader = new FrameReader(path, group)
  const names = reader.metadata.names as string[] | undefined
  const found: SeenFrame[] = []
  for await (const { frameIndex, records } of reader.frames()) {
    const instances = (records as Record<string, unknown>[]).map((record) => {
      const { individual, keypoints, confidence, score, trackingScore, identified } = record as {
        individual: number
        keypoints: Float32Array
        confidence: Float32Array
        score: number
        trackingScore: number
        identified?: boolean
      }
      const dimensions = keypoints.length / confidence.length
      const points = Array.from(confidence, (one, node) =>
        [...keypoints.subarray(node * dimensions, (node + 1) * dimensions), one].map(finite),
      )
      const track = identified === false ? null : (names?.[individual] ?? null)
      return { track, points, score: finite(score), trackingScore: finite(trackingScore) }
    })
    if (instances.length > 0) found.push({ frame: Number(frameIndex), instances })
  }
  return found
}
