/** The command `cut`: its arguments, options and help. */
import type { Command } from 'commander'
import { frameIndex, ids, layoutOption, names } from '../shared/arguments.js'

const DETAILS = `
The new file has the frames from --start to --stop (not included), the animals and the cameras that are named.
Frame indices, metadata, attributes and everything else in the file are kept. A value that was computed from
all cameras, such as n_cameras, stays as it is. Layouts that are written in step are cut together.
The output is written as <out>.partial and takes its name when it is complete.`

interface CutFlags {
  start?: bigint
  stop?: bigint
  animals?: number[]
  camera?: string[]
  layout?: string
  overwrite: boolean
  json: boolean
}

export function addCut(program: Command): void {
  program
    .command('cut')
    .description('Copy a part of a recording: a range of frames, some animals, some cameras.')
    .argument('<file>', 'file of any layout')
    .argument('<out>', 'file to write')
    .option('--start <frame>', 'index of the first frame to keep', frameIndex)
    .option('--stop <frame>', 'index of the frame after the last one to keep', frameIndex)
    .option('--fish, --animals <ids>', 'ids of the animals to keep: 1,2,5-8 (default: all)', ids)
    .option('--camera <names>', 'cameras to keep: top,front (default: all)', names)
    .option(...layoutOption('the layout to cut, if the file has several'))
    .option('--overwrite', 'replace an existing file when the new one is complete', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (file: string, out: string, { json, camera, ...options }: CutFlags) => {
      const [{ cut }, { interruption }, { framesText }, { count, print }] = await Promise.all([
        import('../../edit/cut.js'),
        import('../shared/exit.js'),
        import('./text.js'),
        import('../shared/terminal.js'),
      ])
      const cameras = camera && { cameras: camera }
      const report = await cut(file, out, { ...options, ...cameras, signal: interruption })
      if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
      const { recordsLeftOut, camerasLeftOut } = report
      const left = [
        ...(recordsLeftOut > 0 ? [`${count(recordsLeftOut, 'record')} of other animals left out`] : []),
        ...(camerasLeftOut.length > 0 ? [`cameras left out: ${camerasLeftOut.join(', ')}`] : []),
      ]
      print(`${out}: ${[framesText(report.layouts), ...left].join('; ')}\n`)
    })
}
