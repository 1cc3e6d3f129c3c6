/** The command `demo`: its arguments and options. */
import type { Command } from 'commander'
import { integer } from '../shared/arguments.js'
import type { DemoOptions } from './options.js'

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Simulate a school of fish, write it, read it back, check it and draw it.')
    .argument('[output]', 'tracking file to write', 'h5tracks-demo.h5')
    .option('--frames <n>', 'number of frames, at 30 frames/s', integer(1), 1800)
    .option('--fish <n>', 'number of fish in the tank', integer(1), 9)
    .option('--cameras <n>', 'number of cameras above the tank', integer(1), 13)
    .option('--seed <n>', 'seed of the simulation: the same seed gives the same fish', integer(0), 1)
    .option('--plot <file.svg>', "picture of the trajectories (default: the output's name with .svg)")
    .option('--small', 'compress the file as much as possible, which is slow', false)
    .option('--overwrite', 'replace the output and the picture if they exist', false)
    .action(async (output: string, options: DemoOptions) => {
      const { demo } = await import('./run.js')
      await demo(output, options)
    })
}
