/** The command `references`: its arguments, options and help. */
import type { Command } from 'commander'
import { metadataOption } from '../shared/options.js'

const DETAILS = `
The output holds the place of every chunk (kerchunk's references, version 1), with which fsspec, zarr, xarray and
dask read the files in place, as one dataset. The files must follow one another, and all but the last must
have whole chunks; h5tracks concat joins others. With --check, an existing output is compared with the files that
it leads to. Exit code: 1 if one of them was replaced or is missing.`

interface ReferencesArguments {
  base?: string
  overwrite: boolean
  metadata: 'same' | 'first'
  sha256: boolean
  check: boolean
  json: boolean
}

export function addReferences(program: Command): void {
  program
    .command('references')
    .description('Write references to the chunks of files, with which xarray and dask read them in place.')
    .argument('<out>', 'JSON file to write, or to check')
    .argument('[files...]', 'files of any layout, in the order of their frames, or one folder of a run')
    .option('--base <url>', 'URL or folder in which readers find the files (default: their paths on this machine)')
    .option('--overwrite', 'replace an existing file when the new one is complete', false)
    .addOption(metadataOption('those of the first file count'))
    .option('--sha256', 'record the SHA-256 of every file; with --check, compare it', false)
    .option('--check', 'find files that changed since the references were written', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', DETAILS)
    .action(async (out: string, files: string[], { check, ...options }: ReferencesArguments) => {
      const { UsageError } = await import('../shared/exit.js')
      if (check && files.length > 0) throw new UsageError('--check takes the references and no files')
      if (!check && files.length === 0) throw new UsageError('name the files, or the folder of a run')
      await (check ? checked(out, options) : written(out, files, options))
    })
}

type Options = Omit<ReferencesArguments, 'check'>

async function written(out: string, files: string[], { json, ...options }: Options): Promise<void> {
  const [{ writeReferences }, { interruption }, { filesOrRun }, { count, print }] = await Promise.all([
    import('../../scale/references/write-references.js'),
    import('../shared/exit.js'),
    import('../shared/runs.js'),
    import('../shared/terminal.js'),
  ])
  const report = await writeReferences(await filesOrRun(files), out, { ...options, signal: interruption })
  if (json) return print(`${JSON.stringify(report, null, 2)}\n`)
  const { references, inlined, leftOut } = report
  const copied = inlined.chunks > 0 ? `; ${count(inlined.chunks, 'chunk')} copied into it` : ''
  print(`${out}: ${count(references, 'reference')} to ${count(report.files, 'file')}${copied}\n`)
  for (const { path, why } of leftOut) print(`left out: ${path}: ${why}\n`)
}

async function checked(out: string, { json, sha256 }: Options): Promise<void> {
  const [{ checkReferences }, { interruption }, { count, print }] = await Promise.all([
    import('../../scale/references/check-references.js'),
    import('../shared/exit.js'),
    import('../shared/terminal.js'),
  ])
  const report = await checkReferences(out, { contents: sha256, signal: interruption })
  const { files, problems, unchecked } = report
  if (json) print(`${JSON.stringify(report, null, 2)}\n`)
  else {
    const verdict = problems.length > 0 ? count(problems.length, 'problem') : 'nothing wrong'
    const rest = unchecked.length > 0 ? `; ${unchecked.length} of them cannot be checked from here` : ''
    print(`${out}: ${verdict} in ${count(files, 'file')}${rest}\n`)
    for (const { url, problem } of problems) print(`${url}: ${problem}\n`)
  }
  if (problems.length > 0) process.exitCode = 1
}
