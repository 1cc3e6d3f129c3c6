import type { Command } from 'commander'
import { acceptLoss, integer } from '../shared/arguments.js'
import type { TailOptions } from './options.js'

const DETAILS = `
A line is a frame: its number, how many fish are in it, and for each fish its id and its position
(- where that is not known). With --json it is what h5tracks import reads, after a first line with the
cameras, the sizes and the metadata.

The file may be one that is being written, by a writer with a journal. With -f the command ends when
the writer closes the file.`

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('Print the last frames of a tracking file, and with -f those that are written next.')
    .argument('<file>', 'tracking file')
    .option('-f, --follow', 'go on with new frames while another process writes them', false)
    .option('-n, --lines <n>', 'how many frames to begin with', integer(0), 10)
    .option(...acceptLoss)
    .option('--json', 'as JSON lines', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, options: TailOptions) => {
      await (await import('./run.js')).tail(file, options)
    })
}
