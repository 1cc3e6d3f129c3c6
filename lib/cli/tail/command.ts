/** The command `tail`: its arguments, options and help. */
import type { Command } from 'commander'
import { acceptLoss, integer } from '../shared/arguments.js'
import type { TailOptions } from './options.js'

const DETAILS = `
Each line is a frame: its number, the number of fish, and the id and position of each fish (- if the
position is not known). With --json each line is a JSON object that h5tracks import reads; a first line
holds the cameras, the sizes and the metadata.

A writer with a journal may be writing the file at the same time. With -f the command ends when the
writer closes the file.`

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('Print the last frames of a tracking file; with -f also print new frames as they are written.')
    .argument('<file>', 'tracking file')
    .option('-f, --follow', 'print new frames while another process writes them', false)
    .option('-n, --lines <n>', 'number of frames to print first', integer(0), 10)
    .option(...acceptLoss)
    .option('--json', 'print JSON lines', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, options: TailOptions) => {
      await (await import('./run.js')).tail(file, options)
    })
}
