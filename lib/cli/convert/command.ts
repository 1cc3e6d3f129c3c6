/** The command `convert`: its arguments, options and help. */
import { type Command, Option } from 'commander'
import { acceptLoss, integer, metadata, names, positive } from '../shared/arguments.js'
import { columnsOption, decimalOption, delimiterOption, groupsOption } from '../shared/options.js'
import type { ConvertArguments } from './arguments.js'

const DETAILS = `
The formats are told by the content of the input and by the name of the output; --from and --to override that.
h5tracks convert --list shows them. What the output cannot hold, and what was guessed, is printed at the end.
The output is written as <out>.partial and takes its name when it is complete.`

export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('Convert a file of any format into another format.')
    .argument('[in]', 'file to read')
    .argument('[out]', 'file to write')
    .option('--from <format>', 'format of the input (default: detected)')
    .option('--to <format>', 'format of the output (default: by its name)')
    .option('--list', 'list the formats', false)
    .option('--overwrite', 'replace the output if it exists; it stays until the new file is complete', false)
    .option('--json', 'print the report as one JSON object', false)
    .option('--recording <names>', 'take only these recordings (groups), separated by commas', names)
    .option('--metadata <name=value>', 'metadata to add, such as fps=60; may be repeated', metadata)
    .option('--fps <n>', 'frames per second, for formats that do not say', positive)
    .option('--camera <name>', 'the camera to write, for formats that hold one')
    .option('--max <n>', 'slots for animals in a frame (default: as many as the input needs)', integer(1))
    .addOption(columnsOption())
    .addOption(delimiterOption())
    .addOption(decimalOption())
    .addOption(groupsOption())
    .addOption(new Option('--shape <shape>', 'tables of text to write').choices(['long', 'wide']))
    .option('--chunk-frames <n>', 'h5tracks: frames per chunk (default: 1000)', integer(1))
    .option('--small', 'h5tracks: compress as much as possible, which is slow')
    .option(acceptLoss[0], acceptLoss[1])
    .addHelpText('after', DETAILS)
    .action(async (input: string | undefined, output: string | undefined, options: ConvertArguments) => {
      const { convertFile, listFormats } = await import('./run.js')
      if (options.list) return listFormats(options.json)
      await convertFile(input, output, options)
    })
}
