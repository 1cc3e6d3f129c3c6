/** The command `check`: its arguments, options and help. */
import type { Command } from 'commander'

const DETAILS = `
Exit code: 0 if there are no errors (there may be warnings), 1 if there are errors or the file cannot be read.
Frames are numbered from 0 by their row in the file.`

interface CheckFlags {
  json: boolean
  anyFrameOrder: boolean
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('Read a whole tracking file and report what is wrong in it.')
    .argument('<file>', 'tracking file')
    .option('--any-frame-order', 'do not report frame numbers that do not increase', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, { json, anyFrameOrder }: CheckFlags) => {
      const [{ check }, { interruption }, { print }] = await Promise.all([
        import('../../frames/check/check.js'),
        import('../shared/exit.js'),
        import('../shared/terminal.js'),
      ])
      const report = await check(file, { frameOrder: anyFrameOrder ? 'any' : 'increasing', signal: interruption })
      if (json) print(`${JSON.stringify(report, null, 2)}\n`)
      else print((await import('./text.js')).reportText(report))
      if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
    })
}
