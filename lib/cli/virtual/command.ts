/** The command `virtual`: its arguments, options and help. */
import type { Command } from 'commander'
import { frameOrderOption, metadataOption } from '../shared/options.js'

const DETAILS = `
The output shows the frames of up to 100 files, which stay where they are, as one file. The files must follow one
another (see h5tracks concat --help). HDF5 reads fill values, without an error, for a file that it cannot open: with
--check, the files that an existing output shows are checked. Exit code: 1 if one of them cannot be read.`

interface VirtualArguments {
  overwrite: boolean
  metadata: 'same' | 'first'
  frameOrder: 'increasing' | 'any'
  check: boolean
  json: boolean
}

export function addVirtual(program: Command): void {
  program
    .command('virtual')
    .description('Write a file whose datasets show the frames of other files, without a copy.')
    .argument('<out>', 'file to write, or to check')
    .argument('[files...]', 'files of any layout, in the order of their frames, or one folder of a run')
    .option('--overwrite', 'replace an existing file when the new one is complete', false)
    .addOption(metadataOption())
    .addOption(frameOrderOption())
    .option('--check', 'find files that HDF5 would read as fill values', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (out: string, files: string[], { check, json, ...options }: VirtualArguments) => {
      const { UsageError } = await import('../shared/exit.js')
      if (check && files.length > 0) throw new UsageError('--check takes the file and no sources')
      if (!check && files.length === 0) throw new UsageError('name the files, or the folder of a run')
      await (check ? checked(out, json) : written(out, files, json, options))
    })
}

type Options = Pick<VirtualArguments, 'overwrite' | 'metadata' | 'frameOrder'>

async function written(out: string, files: string[], json: boolean, options: Options): Promise<void> {
  const [{ writeVirtual }, { interruption }, { filesOrRun }, { count, print }] = await Promise.all([
    import('../../scale/virtual/write-virtual.js'),
    import('../shared/exit.js'),
    import('../shared/runs.js'),
    import('../shared/terminal.js'),
  ])
  const report = await writeVirtual(await filesOrRun(files), out, { ...options, signal: interruption })
  if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
  const several = report.layouts.length > 1
  const frames = report.layouts.map(({ name, frames }) => `${count(frames, 'frame')}${several ? ` of ${name}` : ''}`)
  print(`${out}: ${count(report.files, 'file')} shown: ${frames.join('; ')}\n`)
}

async function checked(out: string, json: boolean): Promise<void> {
  const [{ checkVirtual }, { interruption }, { count, print }] = await Promise.all([
    import('../../scale/virtual/check-virtual.js'),
    import('../shared/exit.js'),
    import('../shared/terminal.js'),
  ])
  const report = await checkVirtual(out, { signal: interruption })
  const { sources, problems } = report
  if (json) print(`${JSON.stringify(report, null, 2)}\n`)
  else {
    const verdict = problems.length > 0 ? count(problems.length, 'problem') : 'nothing wrong'
    print(`${out}: ${verdict} in ${count(sources, 'source')}\n`)
    for (const { path, problem } of problems) print(`${path}: ${problem}\n`)
  }
  if (problems.length > 0) process.exitCode = 1
}
