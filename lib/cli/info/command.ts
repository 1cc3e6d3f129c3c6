import type { Command } from 'commander'
import { acceptLoss } from '../shared/arguments.js'

export function addInfo(program: Command): void {
  program
    .command('info')
    .description('Say what is in a tracking file.')
    .argument('<file>', 'tracking file')
    .option('--untrusted', 'read it in a process of its own, within limits', false)
    .option(...acceptLoss)
    .option('--json', 'as one JSON object', false)
    .action(async (file: string, options: { json: boolean; untrusted: boolean; acceptLoss: boolean }) => {
      const [{ summarize }, { print }] = await Promise.all([import('./summary.js'), import('../shared/terminal.js')])
      const summary = await summarize(file, options)
      if (options.json) print(`${JSON.stringify(summary, null, 2)}\n`)
      else print((await import('./text.js')).summaryText(summary))
    })
}
