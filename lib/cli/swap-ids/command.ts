/** The command `swap-ids`: its arguments, options and help. */
import type { Command } from 'commander'
import { frameIndex, integer, layoutOption } from '../shared/arguments.js'

const DETAILS = `
Where a tracker took two animals for one another, give the frame in which it went wrong as --start. If only
one of the animals occurs in these frames, it gets the other id. Within a frame, records stay sorted by id.
Everything else is kept. The output is written as <out>.partial and takes its name when it is complete.`

interface SwapFlags {
  start?: bigint
  stop?: bigint
  layout?: string
  overwrite: boolean
  json: boolean
}

export function addSwapIds(program: Command): void {
  program
    .command('swap-ids')
    .description('Copy a recording in which two animals have exchanged their ids.')
    .argument('<file>', 'file of any layout with slots')
    .argument('<out>', 'file to write')
    .argument('<id>', 'id of an animal', integer(0))
    .argument('<other-id>', 'id of another animal', integer(0))
    .option('--start <frame>', 'index of the first frame to change (default: the first)', frameIndex)
    .option('--stop <frame>', 'index of the frame after the last one to change (default: all to the end)', frameIndex)
    .option(...layoutOption('the layout to change, if the file has several'))
    .option('--overwrite', 'replace an existing file when the new one is complete', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, out: string, a: number, b: number, { json, ...options }: SwapFlags) => {
      const [{ swapIds }, { interruption }, { count, print }] = await Promise.all([
        import('../../edit/swap-ids.js'),
        import('../shared/exit.js'),
        import('../shared/terminal.js'),
      ])
      const report = await swapIds(file, out, [a, b], { ...options, signal: interruption })
      if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
      const [first, second] = report.swapped.map((n) => count(n, 'record'))
      print(`${out}: ${first} of ${a} became ${b}, ${second} of ${b} became ${a}\n`)
    })
}
