/** The command `plot`: its arguments, options and help. */
import type { Command } from 'commander'
import { acceptLoss, layoutOption } from '../shared/arguments.js'

const DETAILS = `
A line joins the positions of a fish in successive frames and is interrupted where its position is not
known; a position without neighbours is a dot. Movements of less than half a pixel are not drawn. Lines
with too many points are drawn as pixels. Of another layout than that of tracking files, plot draws a field
with 2 or 3 numbers along its last axis; of several points in a record, such as keypoints, the mean of
those that are known. Images (2 numbers in px) have y down. A note in the picture, also printed, says what is drawn and what is left out.`

interface PlotFlags {
  title?: string
  layout?: string
  field?: string
  acceptLoss: boolean
  overwrite: boolean
}

export function addPlot(program: Command): void {
  program
    .command('plot')
    .description('Draw the trajectories of a tracking file, seen from the top and from the side, or of another layout.')
    .argument('<file>', 'file of any layout')
    .argument('<picture>', 'SVG file to write, or - for standard output')
    .option('--title <text>', "heading (default: the file's name)")
    .option(...layoutOption('the layout to draw, if the file has several'))
    .option('--field <name>', 'the field with the positions, if the layout has several')
    .option(...acceptLoss)
    .option('--overwrite', 'replace the picture if it exists', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, picture: string, options: PlotFlags) => {
      const { Failure } = await import('../shared/exit.js')
      const { existsSync } = await import('node:fs')
      if (picture !== '-' && !options.overwrite && existsSync(picture))
        throw new Failure(`${picture} exists already; --overwrite replaces it`)
      const { drawTrajectories } = await import('./run.js')
      const left = await drawTrajectories(file, picture, options.title, options)
      // Standard output may hold the picture.
      const say = picture === '-' ? process.stderr : process.stdout
      say.write(left.map((line) => `${line}\n`).join(''))
    })
}
