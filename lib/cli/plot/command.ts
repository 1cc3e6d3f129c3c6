/** The command `plot`: its arguments, options and help. */
import type { Command } from 'commander'
import { acceptLoss } from '../shared/arguments.js'

const DETAILS = `
A line joins the positions of a fish in successive frames and is interrupted where its position is not
known; a position without neighbours is a dot. Movements of less than half a pixel are not drawn. Lines
with too many points are drawn as pixels. A note in the picture, also printed, says what is left out.`

export function addPlot(program: Command): void {
  program
    .command('plot')
    .description('Draw the trajectories of a tracking file, seen from the top and from the side.')
    .argument('<file>', 'tracking file')
    .argument('<picture>', 'SVG file to write, or - for standard output')
    .option('--title <text>', "heading (default: the file's name)")
    .option(...acceptLoss)
    .option('--overwrite', 'replace the picture if it exists', false)
    .addHelpText('after', DETAILS)
    .action(
      async (file: string, picture: string, options: { title?: string; acceptLoss: boolean; overwrite: boolean }) => {
        const { Failure } = await import('../shared/exit.js')
        const { existsSync } = await import('node:fs')
        if (picture !== '-' && !options.overwrite && existsSync(picture))
          throw new Failure(`${picture} exists already; --overwrite replaces it`)
        const { drawTrajectories } = await import('./run.js')
        const left = await drawTrajectories(file, picture, options.title, options)
        // Standard output may hold the picture.
        const say = picture === '-' ? process.stderr : process.stdout
        say.write(left.map((line) => `${line}\n`).join(''))
      },
    )
}
