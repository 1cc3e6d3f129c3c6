/** The command `plot`: its arguments, options and help. */
import { type Command, Option } from 'commander'
import { acceptLoss, frameIndex, ids, layoutOption, names } from '../shared/arguments.js'
import { FORMATS, type PictureFormat } from './picture-format.js'

const DETAILS = `
A line joins the positions of an animal in successive frames and is interrupted where its position is not
known; a position without neighbours is a dot. Every frame is drawn: a point of a line is left out only if
the line passes it within a pixel. Lines that still have too many points are drawn as pixels.

Axes leave out a few positions far from all others, and the picture says how many; --axes all shows them.
Images (2 numbers in px, and --camera) have y down. Of another layout than that of tracking files, plot
draws a field with 2 or 3 numbers along its last axis, or fields x and y, or the middle of boxes; of several
points in a record, such as keypoints, the mean of those that are known, or the one that --node names.
With --camera, positions are those in the image of the camera: of tracking files, the middle of each box.

The extension chooses SVG or PNG; PNG needs the package @resvg/resvg-js (npm install @resvg/resvg-js).
A note in the picture, also printed, says what is drawn and what is left out.`

interface PlotFlags {
  title?: string
  layout?: string
  field?: string
  node?: string
  start?: bigint
  stop?: bigint
  fish?: number[]
  camera?: string[]
  axes: 'robust' | 'all'
  format?: PictureFormat
  acceptLoss: boolean
  overwrite: boolean
}

export function addPlot(program: Command): void {
  program
    .command('plot')
    .description('Draw the trajectories of a tracking file, seen from the top and from the side, or of another layout.')
    .argument('<file>', 'file of any layout')
    .argument('<picture>', 'SVG or PNG file to write, or - for standard output')
    .option('--title <text>', "heading (default: the file's name)")
    .option('--start <frame>', 'index of the first frame to draw', frameIndex)
    .option('--stop <frame>', 'index of the frame after the last one to draw', frameIndex)
    .option('--fish, --animals <ids>', 'ids of the animals to draw: 1,2,5-8 (default: all)', ids)
    .option('--camera <names>', 'draw the positions in the images of these cameras: top,front', names)
    .option(...layoutOption('the layout to draw, if the file has several'))
    .option('--field <name>', 'the field with the positions, if the layout has several')
    .option('--node <name>', 'the keypoint to draw, by name or number')
    .addOption(
      new Option('--axes <which>', 'robust: leave out a few far positions; all: show every position')
        .choices(['robust', 'all'])
        .default('robust'),
    )
    .addOption(new Option('--format <format>', 'format of the picture (default: as its extension)').choices(FORMATS))
    .option(...acceptLoss)
    .option('--overwrite', 'replace the picture if it exists', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, picture: string, flags: PlotFlags & { animals?: number[] }) => {
      const { Failure } = await import('../shared/exit.js')
      const { existsSync } = await import('node:fs')
      if (picture !== '-' && !flags.overwrite && existsSync(picture))
        throw new Failure(`${picture} exists already; --overwrite replaces it`)
      const { drawTrajectories } = await import('./run.js')
      const { fish, animals = fish, camera: cameras, overwrite: _, ...options } = flags
      const left = await drawTrajectories(file, picture, { ...options, ids: animals, cameras })
      // Standard output may hold the picture.
      const say = picture === '-' ? process.stderr : process.stdout
      say.write(left.map((line) => `${line}\n`).join(''))
    })
}
