/** The command `info`: its arguments and options. */
import type { Command } from 'commander'
import { acceptLoss, external, layoutOption } from '../shared/arguments.js'

interface InfoOptions {
  json: boolean
  untrusted: boolean
  acceptLoss: boolean
  external: boolean
  layout?: string
}

export function addInfo(program: Command): void {
  program
    .command('info')
    .description('Summarize a file: a tracking file, or the layouts of another one. List several files.')
    .argument('<file...>', 'file of any layout; of several, each gets a line, without reading its frames')
    .option('--untrusted', 'read the file in a separate process with limits (see docs/untrusted.md)', false)
    .option(...acceptLoss)
    .option(...external)
    .option(...layoutOption('summarize only this layout (default: all)'))
    .option('--json', 'print one JSON object, or one on each line for several files', false)
    .action(async (files: string[], { json, layout, ...options }: InfoOptions) => {
      if (options.external && options.untrusted) {
        throw new (await import('../shared/exit.js')).UsageError('--external is for files that are not --untrusted')
      }
      if (files.length > 1) return list(files, layout, json, options)
      const file = files[0] as string
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

async function list(
  files: readonly string[],
  layout: string | undefined,
  json: boolean,
  { untrusted, acceptLoss }: Pick<InfoOptions, 'untrusted' | 'acceptLoss'>,
): Promise<void> {
  const { UsageError } = await import('../shared/exit.js')
  if (untrusted) throw new UsageError('--untrusted takes one file; run h5tracks info once for each')
  if (layout !== undefined) throw new UsageError('--layout takes one file; a list shows all layouts')
  const { listFiles } = await import('./listing.js')
  if ((await listFiles(files, { acceptLoss, json })) > 0) process.exitCode = 1
}
