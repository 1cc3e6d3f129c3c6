import type { Command } from 'commander'

const DETAILS = `
Exit code: 0 when nothing is wrong (there may be warnings), 1 when something is, or the file cannot be read.
Frames are counted from 0 by their place in the file.`

interface CheckFlags {
  json: boolean
  anyFrameOrder: boolean
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('Say what is wrong in a tracking file, by reading all of it.')
    .argument('<file>', 'tracking file')
    .option('--any-frame-order', 'frame numbers need not increase', false)
    .option('--json', 'as one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, { json, anyFrameOrder }: CheckFlags) => {
      const [{ check }, { interruption }, { print }] = await Promise.all([
        import('../../tracking/check/check.js'),
        import('../shared/exit.js'),
        import('../shared/terminal.js'),
      ])
      const report = await check(file, { frameOrder: anyFrameOrder ? 'any' : 'increasing', signal: interruption })
      if (json) print(`${JSON.stringify(report, null, 2)}\n`)
      else print((await import('./text.js')).reportText(report))
      if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
    })
}
