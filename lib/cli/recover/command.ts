import type { Command } from 'commander'
import { acceptLoss } from '../shared/arguments.js'

const DETAILS = `
The journal that a dead writer left beside the file (<file>.journal) has what the file has not. A new
file, with every frame that was accepted, takes the place of the old one when it is complete; the
journal goes then. Nothing is changed while the writer lives, and a file without a journal is only read.
Where the writer did not close the file and its journal is missing, its last frames are lost: with
--accept-loss those that can be read go into the new file, which says so from then on (check, info); the
old one is kept as <file>.unclosed.
Interrupted, it can be run again. Exit code 0: the file is whole, 1: it is not.`

export function addRecover(program: Command): void {
  program
    .command('recover')
    .description('Put the frames of a writer that died into its file.')
    .argument('<file>', 'tracking file')
    .option(...acceptLoss)
    .option('--json', 'as one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, options: { json: boolean; acceptLoss: boolean }) => {
      const [{ recover }, { print }] = await Promise.all([
        import('../../tracking/recovery/recover.js'),
        import('../shared/terminal.js'),
      ])
      const { reportJson, reportText } = await import('./text.js')
      const report = await recover(file, { acceptLoss: options.acceptLoss })
      print(options.json ? reportJson(report) : reportText(report))
    })
}
