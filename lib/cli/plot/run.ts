/** Runs `plot`: draws a tracking file into an SVG file. */
import { once } from 'node:events'
import { basename } from 'node:path'
import type { LossOptions } from '../../frames/file/unclosed.js'
import { TrackingReader } from '../../tracking/reader.js'
import { writeWhole } from '../shared/replace.js'
import { colours } from './colours.js'
import { draw } from './draw.js'
import { viewsOf } from './geometry.js'
import { checkPictureName } from './picture-name.js'
import { survey } from './survey.js'
import { trailsOf } from './trails.js'

/**
 * Draws a tracking file into an SVG file. An existing picture is replaced; `-` is standard output.
 *
 * @returns sentences that say what the picture leaves out
 * @throws Failure if the file holds no positions, UsageError if the picture has the extension of another format
 */
export async function drawTrajectories(
  file: string,
  picture: string,
  title = basename(file),
  { acceptLoss = false }: LossOptions = {},
): Promise<string[]> {
  using reader = new TrackingReader(file, { acceptLoss })
  checkPictureName(picture)
  const found = await survey(reader, file)
  const views = viewsOf(found)
  const colourOf = colours(found.fish.map(({ id }) => id))
  const { svg, left } = draw(found, views, await trailsOf(reader, found, views, colourOf), colourOf, title)
  if (picture !== '-') writeWhole(picture, svg)
  else if (!process.stdout.write(svg)) await once(process.stdout, 'drain').catch(() => {})
  return left
}
