/** The command `check`: its arguments, options and help. */
import type { Command } from 'commander'
import { external, layoutOption } from '../shared/arguments.js'

const DETAILS = `
Exit code: 0 if there are no errors (there may be warnings and information), 1 if there are errors or the file cannot be read.
Frames are numbered from 0 by their row in the file.`

interface CheckFlags {
  json: boolean
  anyFrameOrder: boolean
  external: boolean
  layout?: string
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('Read a whole file and report what is wrong in it.')
    .argument('<file>', 'file of any layout')
    .option(...layoutOption('check only this layout (default: all)'))
    .option(...external)
    .option('--any-frame-order', 'do not report frame numbers that do not increase', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, { json, anyFrameOrder, external, layout }: CheckFlags) => {
      const [{ check }, { interruption }, { print }] = await Promise.all([
        import('../../frames/check/check.js'),
        import('../shared/exit.js'),
        import('../shared/terminal.js'),
      ])
      const frameOrder = anyFrameOrder ? 'any' : 'increasing'
      const report = await check(file, {
        frameOrder,
        external,
        signal: interruption,
        ...(layout !== undefined && { layout }),
      })
      if (json) print(`${JSON.stringify(report, null, 2)}\n`)
      else print((await import('./text.js')).reportText(report))
      if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
    })
}
