import type { Command } from 'commander'

export function addPlot(program: Command): void {
  program
    .command('plot')
    .description('Draw the trajectories of a tracking file, from the top and from the side.')
    .argument('<file>', 'tracking file')
    .argument('<picture>', 'SVG file to write')
    .option('--title <text>', "heading (default: the file's name)")
    .option('--overwrite', 'replace the picture if it exists', false)
    .action(async (file: string, picture: string, options: { title?: string; overwrite: boolean }) => {
      const [{ drawTrajectories }, { existsSync }] = await Promise.all([import('./run.js'), import('node:fs')])
      const { Failure } = await import('../exit.js')
      if (!options.overwrite && existsSync(picture))
        throw new Failure(`${picture} exists already; --overwrite replaces it`)
      await drawTrajectories(file, picture, options.title)
    })
}
