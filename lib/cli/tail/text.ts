/** Formats a frame of a tracking file as one line, as text or as JSON. */

import { metadataJson } from '../../formats/jsonl/metadata.js'
import { withoutOwn } from '../../frames/file/metadata.js'
import type { FileFacts } from '../../frames/file/types.js'
import { trackingLayout } from '../../layouts/tracking.js'
import type { Frame, TrackReading } from '../../tracking/types.js'
import { count } from '../shared/terminal.js'

/** `  17  2 fish  3 (1.500, 2.500, 3.500)  8 -` */
export function frameText({ frameIndex, tracks }: Frame): string {
  const fish = tracks.map(({ fishId, centroid3d }) => `  ${fishId} ${position(centroid3d)}`).join('')
  return `${String(frameIndex).padStart(8)}  ${count(tracks.length, 'fish', 'fish')}${fish}\n`
}

function position(centroid: readonly number[] | null): string {
  return centroid === null ? '-' : `(${centroid.map((value) => value.toFixed(3)).join(', ')})`
}

/** The first line, from which `h5tracks import` makes the same file. `left` names the metadata that the line cannot hold. */
export function headerJson({ cameraNames, slots, chunkFrames, metadata }: FileFacts): {
  text: string
  left: string[]
} {
  const { given, kept } = withoutOwn(trackingLayout, metadata)
  const { json, left } = metadataJson(given)
  const [cameras, ...sizes] = [cameraNames, slots, chunkFrames].map((value) => JSON.stringify(value))
  return {
    text: `{"cameras":${cameras},"maxFish":${sizes[0]},"chunkFrames":${sizes[1]},"metadata":${json}}\n`,
    left: [...kept, ...left],
  }
}

/** A line that `h5tracks import` reads. A frame number beyond 2^53 becomes a string, NaN becomes null. */
export function frameJson({ frameIndex, tracks }: Frame): string {
  const frame = typeof frameIndex === 'bigint' ? String(frameIndex) : frameIndex
  return jsonLine({ frame, tracks }, tracks.some(hasInfinite))
}

function hasInfinite({ centroid3d, confidence, reprojectionResidual }: TrackReading): boolean {
  return [confidence, reprojectionResidual, ...(centroid3d ?? [])].some((value) => Math.abs(value) === Infinity)
}

/** A line of JSON. JSON has no infinity; 1e999 is valid JSON, and parsers read it as infinity. */
export function jsonLine(value: unknown, mayBeInfinite = true): string {
  const text = JSON.stringify(value, mayBeInfinite ? markInfinite : undefined)
  return `${text.replace(/"\\u0000(-?)infinite"/g, '$11e999').replaceAll('"\\u0000-0"', '-0')}\n`
}

/** Replaces infinite numbers, and the negative zero, by a mark that begins with NUL, since no name in a file contains NUL. */
function markInfinite(_key: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY) return '\0infinite'
  if (Object.is(value, -0)) return '\0-0'
  return value === Number.NEGATIVE_INFINITY ? '\0-infinite' : value
}
