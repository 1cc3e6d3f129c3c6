/** A frame as one line. */
import type { Frame } from '../../index.js'
import { count } from '../terminal.js'

/** `  17  2 fish  3 (1.500, 2.500, 3.500)  8 -` */
export function frameText({ frameIndex, tracks }: Frame): string {
  const fish = tracks.map(({ fishId, centroid3d }) => `  ${fishId} ${position(centroid3d)}`).join('')
  return `${String(frameIndex).padStart(8)}  ${count(tracks.length, 'fish', 'fish')}${fish}\n`
}

function position(centroid: readonly number[] | null): string {
  return centroid === null ? '-' : `(${centroid.map((value) => value.toFixed(3)).join(', ')})`
}

/** A line that `h5tracks import` reads; a frame number beyond 2^53 is a string. */
export function frameJson({ frameIndex, tracks }: Frame): string {
  const frame = typeof frameIndex === 'bigint' ? String(frameIndex) : frameIndex
  return `${JSON.stringify({ frame, tracks })}\n`
}
