/** The command `info`: its arguments and options. */
import type { Command } from 'commander'
import { acceptLoss, layoutOption } from '../shared/arguments.js'

interface InfoOptions {
  json: boolean
  untrusted: boolean
  acceptLoss: boolean
  layout?: string
}

export function addInfo(program: Command): void {
  program
    .command('info')
    .description('Summarize a file: a tracking file, or the layouts of another one.')
    .argument('<file>', 'file of any layout')
    .option('--untrusted', 'read the file in a separate process with limits (see docs/untrusted.md)', false)
    .option(...acceptLoss)
    .option(...layoutOption('summarize only this layout (default: all)'))
    .option('--json', 'print one JSON object', false)
    .action(async (file: string, { json, layout, ...options }: InfoOptions) => {
      const [{ layoutNames, tracking }, { print }] = await Promise.all([
        import('../shared/layouts.js'),
        import('../shared/terminal.js'),
      ])
      const names = await layoutNames(file, layout, options)
      if (names.length === 1 && names[0] === tracking) {
        const summary = await (await import('./summary.js')).summarize(file, options)
        print(json ? `${JSON.stringify(summary, null, 2)}\n` : (await import('./text.js')).summaryText(summary))
        return
      }
      const summary = await (await import('./layout-summary.js')).summarizeLayouts(file, names, options)
      print(json ? `${JSON.stringify(summary, null, 2)}\n` : (await import('./layout-text.js')).fileText(summary))
    })
}
