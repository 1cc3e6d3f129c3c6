import type { Command } from 'commander'
import { acceptLoss } from '../shared/arguments.js'

const DETAILS = `
Lines lead from one frame to the next and are interrupted where a fish is not known; a fish in a single
frame is a dot. Who moves less than half a pixel stands still here, and lines that are too long to be drawn
point by point are drawn pixel by pixel. What is left out stands in the picture, and is said.`

export function addPlot(program: Command): void {
  program
    .command('plot')
    .description('Draw the trajectories of a tracking file, from the top and from the side.')
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
        // Standard output may be the picture.
        const say = picture === '-' ? process.stderr : process.stdout
        say.write(left.map((line) => `${line}\n`).join(''))
      },
    )
}
