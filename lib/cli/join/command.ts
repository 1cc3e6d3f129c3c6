/** The command `join`: its arguments, options and help. */
import { type Command, InvalidArgumentError } from 'commander'
import { metadataOption } from '../shared/options.js'

const DETAILS = `
Join is for recordings that concat refuses: files that each count their frames from the start (--offset), that
have other numbers of slots or other chunks, or list the same cameras in another order. Such frames are encoded
again; others are copied. With --offset auto, the frames of a file that does not go on follow the last frame of
the file before; with a number, n is added to the frame indices of the second file, 2n to those of the third.
Ids stay as they are: swap-ids changes them. All files are checked before anything is written. The output is
written as <out>.partial and takes its name when it is complete.`

interface JoinFlags {
  offset: number | number[] | 'auto'
  metadata: 'same' | 'first'
  overwrite: boolean
  json: boolean
}

function offsets(text: string): JoinFlags['offset'] {
  if (text === 'auto') return text
  const list = text.split(',').map(Number)
  if (!/^[+-]?\d+(,[+-]?\d+)*$/.test(text) || !list.every(Number.isSafeInteger)) {
    throw new InvalidArgumentError('Expected auto, an integer, or one integer for each file: 0,5400,10800.')
  }
  return list.length === 1 ? (list[0] as number) : list
}

export function addJoin(program: Command): void {
  program
    .command('join')
    .description('Join recordings that follow one another, also if each counts its frames from the start.')
    .argument('<out>', 'file to write')
    .argument('<files...>', 'files of any layout, in the order of their frames, or one folder of a run')
    .option('--offset <n>', 'what is added to the frame indices of each file: auto, n or n,n,...', offsets, 0)
    .addOption(metadataOption())
    .option('--overwrite', 'replace an existing file when the new one is complete', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (out: string, files: string[], { json, ...options }: JoinFlags) => {
      const [{ join }, { interruption }, { filesOrRun }, { count, print }] = await Promise.all([
        import('../../edit/join.js'),
        import('../shared/exit.js'),
        import('../shared/runs.js'),
        import('../shared/terminal.js'),
      ])
      const report = await join(await filesOrRun(files), out, { ...options, signal: interruption })
      if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
      const frames = report.layouts.map(({ name, frames, encoded }) => {
        const again = encoded > 0 ? `, ${count(encoded, 'of them', 'of them')} encoded again` : ''
        return `${count(frames, 'frame')}${report.layouts.length > 1 ? ` of ${name}` : ''}${again}`
      })
      const moved = report.files.flatMap(({ path, offsets }) =>
        [...new Set(Object.values(offsets))].filter((by) => by !== 0).map((by) => `${path}: frame indices + ${by}`),
      )
      const lines = [
        `${out}: ${count(report.files.length, 'file')} joined: ${frames.join('; ')}`,
        ...moved,
        ...report.notes,
      ]
      print(`${lines.join('\n')}\n`)
    })
}
