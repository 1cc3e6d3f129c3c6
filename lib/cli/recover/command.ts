/** The command `recover`: its arguments, options and help. */
import type { Command } from 'commander'
import { acceptLoss } from '../shared/arguments.js'

const DETAILS = `
A writer that dies leaves a journal beside the file (<file>.journal). It holds the frames that the file
lacks. recover writes a new file with every accepted frame, puts it in place of the old file when it is
complete, and then deletes the journal. It changes nothing while the writer is alive, and only reads a
file that has no journal.
If the writer did not close the file and the journal is missing, the last frames are lost. With
--accept-loss, recover writes the readable frames into the new file and records the loss there (check
and info show it). The old file is kept as <file>.unclosed.
An interrupted recovery can be run again. Exit code: 0 if the file is complete, 1 if it is not.`

export function addRecover(program: Command): void {
  program
    .command('recover')
    .description('Restore the frames of a writer that died, from its journal.')
    .argument('<file>', 'tracking file')
    .option(...acceptLoss)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, options: { json: boolean; acceptLoss: boolean }) => {
      const [{ recover }, { print }] = await Promise.all([
        import('../../frames/recovery/recover.js'),
        import('../shared/terminal.js'),
      ])
      const { reportJson, reportText } = await import('./text.js')
      const report = await recover(file, { acceptLoss: options.acceptLoss })
      print(options.json ? reportJson(report) : reportText(report))
    })
}
