/** Formats a frame of a tracking file as a line of text. */
import type { Frame } from '../../tracking/types.js'
import { count } from '../shared/terminal.js'

/** `  17  2 fish  3 (1.500, 2.500, 3.500)  8 -` */
export function frameText({ frameIndex, tracks }: Frame): string {
  const fish = tracks.map(({ fishId, centroid3d }) => `  ${fishId} ${position(centroid3d)}`).join('')
  return `${String(frameIndex).padStart(8)}  ${count(tracks.length, 'fish', 'fish')}${fish}\n`
}

function position(centroid: readonly number[] | null): string {
  return centroid === null ? '-' : `(${centroid.map((value) => value.toFixed(3)).join(', ')})`
}
