/** The command `info`: its arguments and options. */
import type { Command } from 'commander'
import { acceptLoss } from '../shared/arguments.js'

export function addInfo(program: Command): void {
  program
    .command('info')
    .description('Summarize a tracking file.')
    .argument('<file>', 'tracking file')
    .option('--untrusted', 'read the file in a separate process with limits (see docs/untrusted.md)', false)
    .option(...acceptLoss)
    .option('--json', 'print one JSON object', false)
    .action(async (file: string, options: { json: boolean; untrusted: boolean; acceptLoss: boolean }) => {
      const [{ summarize }, { print }] = await Promise.all([import('./summary.js'), import('../shared/terminal.js')])
      const summary = await summarize(file, options)
      if (options.json) print(`${JSON.stringify(summary, null, 2)}\n`)
      else print((await import('./text.js')).summaryText(summary))
    })
}
