/** Runs `plot`: draws the trajectories of a file into a picture. */
import { once } from 'node:events'
import { basename } from 'node:path'
import { H5TracksError } from '../../base/errors.js'
import { groupsIn, layoutAt } from '../../frames/file/described.js'
import { File } from '../../hdf5/objects/file.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { type Drawn, positionsToDraw } from '../../positions/fields.js'
import type { IndexRange } from '../../positions/frame-range.js'
import { type Positions, positionsIn } from '../../positions/positions.js'
import { FrameReader } from '../../reader/frame-reader.js'
import { Failure, interruption } from '../shared/exit.js'
import { layoutNames, severalLayouts, tracking } from '../shared/layouts.js'
import { writeWhole } from '../shared/replace.js'
import { colours } from './colours.js'
import { draw } from './draw.js'
import { animalsIn } from './legend.js'
import { type PictureFormat, pictureFormat } from './picture-format.js'
import { loadResvg, toPng } from './png.js'
import { scenesOf, surveysOf } from './scene.js'

/** What to draw, and how. */
export interface PlotOptions extends IndexRange {
  title?: string | undefined
  acceptLoss?: boolean
  /** The layout, if the file has several. */
  layout?: string | undefined
  /** The field with the positions, if the layout has several. */
  field?: string | undefined
  /** The point to draw, of several in a record. */
  node?: string | undefined
  /** The animals to draw. Default: all. */
  ids?: readonly number[] | undefined
  /** The cameras in whose images positions are drawn. Default: positions in space; if there are none, all cameras. */
  cameras?: readonly string[] | undefined
  axes?: 'robust' | 'all'
  format?: PictureFormat | undefined
}

/**
 * Draws the trajectories of a file into a picture. An existing picture is replaced; `-` is standard output.
 *
 * @returns sentences that say what the picture shows and leaves out
 * @throws Failure if the file holds no positions, UsageError if the picture has the extension of another format
 */
export async function drawTrajectories(file: string, picture: string, options: PlotOptions = {}): Promise<string[]> {
  const { acceptLoss = false, axes = 'robust', title = basename(file) } = options
  const names = await layoutNames(file, options.layout, { untrusted: false, acceptLoss })
  if (names.length > 1) throw severalLayouts(file, names)
  const [name] = names as [string]
  using reader = new FrameReader(file, layoutNamed(file, name, acceptLoss), { acceptLoss })
  const format = pictureFormat(picture, options.format)
  const resvg = format === 'png' ? await loadResvg(picture) : null
  const all = await positionsOfScenes(reader, name, options)
  const surveys = await surveysOf(all, file, axes)
  const colourOf = colours(animalsIn(surveys.map((survey) => ({ survey }))).map(({ id }) => id))
  const scenes = await scenesOf(all, surveys, colourOf)
  const { svg, left } = draw(scenes, colourOf, title)
  const image = resvg === null ? { png: svg, left: [] } : toPng(resvg, svg)
  if (picture !== '-') writeWhole(picture, image.png)
  else if (!process.stdout.write(image.png)) await once(process.stdout, 'drain').catch(() => {})
  return [...left, ...image.left]
}

/** A file without layouts is opened as a tracking file, which says what is wrong with it. */
function layoutNamed(path: string, name: string, acceptLoss: boolean) {
  if (name !== tracking) return name
  try {
    using file = new File(path, 'r', { acceptLoss })
    return groupsIn(file).includes(trackingLayout.root) ? layoutAt(file, trackingLayout.root) : trackingLayout
  } catch {
    return trackingLayout
  }
}

/** The positions in space, or in the images of cameras. */
async function positionsOfScenes(reader: FrameReader, name: string, options: PlotOptions): Promise<Positions[]> {
  const { path, layout, cameraNames } = reader
  const { cameras, field, node, ids, start, stop } = options
  for (const camera of cameras ?? []) {
    if (cameraNames.includes(camera)) continue
    throw new Failure(`${path} has no camera ${camera}; it has ${cameraNames.join(', ') || 'none'}`)
  }
  if (ids !== undefined && layout.key === null) {
    throw new Failure(`${path}: a frame of ${name} is one record, so it has no animals to choose`)
  }
  const drawn = chosen(() => positionsToDraw(layout, name, path, { field, node, inCameras: cameras !== undefined }))
  const part = { ids, signal: interruption, ...(start !== undefined && { start }), ...(stop !== undefined && { stop }) }
  const images = drawn.perCamera ? (cameras ?? cameraNames) : [null]
  const all: Positions[] = []
  for (const camera of images) all.push(await positionsIn(reader, name, drawn, camera, part))
  return all
}

/** A wrong choice of what to draw has a message that needs no code. */
function chosen(choose: () => Drawn): Drawn {
  try {
    return choose()
  } catch (error) {
    throw error instanceof H5TracksError && error.code === 'ERR_INVALID_ARGUMENT' ? new Failure(error.message) : error
  }
}
