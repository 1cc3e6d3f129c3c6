/** Runs `plot`: draws the trajectories of a file into an SVG file. */
import { once } from 'node:events'
import { basename } from 'node:path'
import { FrameReader } from '../../reader/frame-reader.js'
import { TrackingReader } from '../../tracking/reader.js'
import { Failure } from '../shared/exit.js'
import { layoutNames, severalLayouts, tracking } from '../shared/layouts.js'
import { writeWhole } from '../shared/replace.js'
import { colours } from './colours.js'
import { draw } from './draw.js'
import { viewsOf } from './geometry.js'
import { fieldToDraw } from './means.js'
import { checkPictureName } from './picture-name.js'
import { type Positions, positionsOfField, positionsOfFish } from './positions.js'
import { survey } from './survey.js'
import { trailsOf } from './trails.js'

/** What to draw, and how. */
export interface PlotOptions {
  acceptLoss?: boolean
  /** The layout, if the file has several. */
  layout?: string | undefined
  /** The field with the positions, if the layout has several. */
  field?: string | undefined
}

/**
 * Draws the trajectories of a file into an SVG file. An existing picture is replaced; `-` is standard output.
 *
 * @returns sentences that say what the picture shows and leaves out
 * @throws Failure if the file holds no positions, UsageError if the picture has the extension of another format
 */
export async function drawTrajectories(
  file: string,
  picture: string,
  title = basename(file),
  { acceptLoss = false, layout, field }: PlotOptions = {},
): Promise<string[]> {
  const names = await layoutNames(file, layout, { untrusted: false, acceptLoss })
  if (names.length > 1) throw severalLayouts(file, names)
  const name = names[0] as string
  using reader =
    name === tracking ? new TrackingReader(file, { acceptLoss }) : new FrameReader(file, name, { acceptLoss })
  checkPictureName(picture)
  const positions = positionsIn(reader, file, name, field)
  const found = await survey(positions, file)
  const views = viewsOf(found, positions)
  const colourOf = colours(found.fish.map(({ id }) => id))
  const trails = await trailsOf(positions, found, views, colourOf)
  const { svg, left } = draw(found, positions, views, trails, colourOf, title)
  if (picture !== '-') writeWhole(picture, svg)
  else if (!process.stdout.write(svg)) await once(process.stdout, 'drain').catch(() => {})
  return left
}

function positionsIn(
  reader: TrackingReader | FrameReader,
  file: string,
  name: string,
  field: string | undefined,
): Positions {
  if (reader instanceof FrameReader)
    return positionsOfField(reader, name, fieldToDraw(reader.layout, name, file, field))
  if (field === undefined || field === 'centroid3d') return positionsOfFish(reader)
  throw new Failure(`${file}: the layout ${name} has no positions in a field ${field}; it has centroid3d`)
}
