/** A part of the picture with axes of its own: the positions in space, or those in the image of a camera. */

import type { Positions } from '../../positions/positions.js'
import type { ColourOf } from './colours.js'
import { type View, viewsOf } from './geometry.js'
import { type Survey, survey } from './survey.js'
import { type Trails, trailsOf } from './trails.js'

export interface Scene {
  positions: Positions
  survey: Survey
  views: View[]
  trails: Trails
}

/** What is known of each of the scenes before colours are chosen. */
export async function surveysOf(all: readonly Positions[], path: string, axes: 'robust' | 'all'): Promise<Survey[]> {
  const surveys: Survey[] = []
  for (const positions of all) surveys.push(await survey(positions, path, axes))
  return surveys
}

export async function scenesOf(
  all: readonly Positions[],
  surveys: readonly Survey[],
  colourOf: ColourOf,
): Promise<Scene[]> {
  const scenes: Scene[] = []
  for (const [i, positions] of all.entries()) {
    const found = surveys[i] as Survey
    const views = viewsOf(found, positions, all.length > 2 ? 0.5 : 1)
    scenes.push({ positions, survey: found, views, trails: await trailsOf(positions, found, views, colourOf) })
  }
  return scenes
}
