/** The command `concat`: its arguments, options and help. */
import type { Command } from 'commander'
import { frameOrderOption, metadataOption } from '../shared/options.js'

const DETAILS = `
The files must follow one another: the same layouts, versions, cameras, slots, chunk shapes and metadata, and
frame indices that go on. All of them are checked before anything is written. Chunks are copied without
decoding where a file begins at a chunk boundary of the output; after another seam the frames are encoded
again. The output is written as <out>.partial and takes its name when it is complete.`

interface ConcatArguments {
  overwrite: boolean
  metadata: 'same' | 'first'
  frameOrder: 'increasing' | 'any'
  json: boolean
}

export function addConcat(program: Command): void {
  program
    .command('concat')
    .description('Join files whose frames follow one another into one file.')
    .argument('<out>', 'file to write')
    .argument('<files...>', 'files of any layout, in the order of their frames, or one folder of a run')
    .option('--overwrite', 'replace an existing file when the new one is complete', false)
    .addOption(metadataOption())
    .addOption(frameOrderOption())
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (out: string, files: string[], { json, ...options }: ConcatArguments) => {
      const [{ concat }, { interruption }, { filesOrRun }, { count, print }] = await Promise.all([
        import('../../scale/concat/concat.js'),
        import('../shared/exit.js'),
        import('../shared/runs.js'),
        import('../shared/terminal.js'),
      ])
      const report = await concat(await filesOrRun(files), out, { ...options, signal: interruption })
      if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
      const several = report.layouts.length > 1
      const frames = report.layouts.map(({ name, frames, encoded }) => {
        const again = encoded > 0 ? `, ${count(encoded, 'of them', 'of them')} encoded again` : ''
        return `${count(frames, 'frame')}${several ? ` of ${name}` : ''}${again}`
      })
      print(`${out}: ${count(report.files, 'file')} joined: ${frames.join('; ')}\n`)
    })
}
