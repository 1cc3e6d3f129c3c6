/** Formats a frame of a tracking file as a JSON line. */
import { withoutOwn } from '../../frames/file/metadata.js'
import { trackingLayout } from '../../layouts/tracking.js'
import type { Frame, TrackReading } from '../../tracking/types.js'
import { jsonLine } from './json-line.js'
import { metadataJson } from './metadata.js'
import type { HeaderFacts } from './record-json.js'

/** The first line, from which `h5tracks import` makes the same file. `left` names the metadata that the line cannot hold. */
export function headerJson({ cameraNames, slots, chunkFrames, metadata }: HeaderFacts): {
  text: string
  left: string[]
} {
  const { given, kept } = withoutOwn(trackingLayout, metadata)
  const { json, left } = metadataJson(given)
  const own = JSON.stringify({ cameras: cameraNames, maxFish: slots, chunkFrames })
  return { text: `${own.slice(0, -1)},"metadata":${json}}\n`, left: [...kept, ...left] }
}

/** A line that `h5tracks import` reads. A frame number beyond 2^53 becomes a string, NaN becomes null. */
export function frameJson({ frameIndex, tracks }: Frame): string {
  const frame = typeof frameIndex === 'bigint' ? String(frameIndex) : frameIndex
  return jsonLine({ frame, tracks }, tracks.some(hasInfinite))
}

function hasInfinite({ centroid3d, confidence, reprojectionResidual }: TrackReading): boolean {
  return [confidence, reprojectionResidual, ...(centroid3d ?? [])].some((value) => Math.abs(value) === Infinity)
}
