/** The command `tail`: its arguments, options and help. */
import type { Command } from 'commander'
import { acceptLoss, integer, layoutOption } from '../shared/arguments.js'
import type { TailOptions } from './options.js'

const DETAILS = `
Each line is a frame: its number, the number of fish, and the id and position of each fish (- if the
position is not known). With --json each line is a JSON object that h5tracks import reads; a first line
holds the cameras, the sizes and the metadata.
In a file of another layout a line has the values of the frame and of its records; of a value with many
numbers, the first four. --json prints all of them.

A writer with a journal may be writing the file at the same time. With -f the command ends when the
writer closes the file.`

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('Print the last frames of a file; with -f also print new frames as they are written.')
    .argument('<file>', 'file of any layout')
    .option('-f, --follow', 'print new frames while another process writes them', false)
    .option('-n, --lines <n>', 'number of frames to print first', integer(0), 10)
    .option(...acceptLoss)
    .option(...layoutOption('the layout to print, if the file has several'))
    .option('--json', 'print JSON lines', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, options: TailOptions) => {
      await (await import('./run.js')).tail(file, options)
    })
}
