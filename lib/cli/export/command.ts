/** The command `export`: its arguments, options and help. */
import { type Command, Option } from 'commander'
import { integer } from '../shared/arguments.js'

const DETAILS = `
The folder is a data set for DuckDB, pandas and polars: <folder>/<table>/recording=<name>/part-0.parquet. It holds
the tables tracks, detections and frames of tracking files, and <layout>, <layout>_cameras and <layout>_frames of
other layouts (see docs/scale.md). A recording is a file, or the folder of a run.`

interface ExportArguments {
  overwrite: boolean
  rowGroupRows?: number
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('Write recordings as tables for data analysis: Parquet.')
    .argument('<folder>', 'folder of the data set; recordings that it has stay')
    .argument('<recordings...>', 'files of any layout, or folders of runs')
    .addOption(new Option('--to <format>', 'format of the tables').choices(['parquet']).default('parquet'))
    .option('--overwrite', 'replace recordings that the data set has', false)
    .option('--row-group-rows <n>', 'number of rows of a row group', integer(1000))
    .addHelpText('after', DETAILS)
    .action(async (folder: string, recordings: string[], { overwrite, rowGroupRows }: ExportArguments) => {
      const [{ writeParquet }, { interruption }, { filesOrRun }, { count, print }] = await Promise.all([
        import('../../scale/parquet/write-parquet.js'),
        import('../shared/exit.js'),
        import('../shared/runs.js'),
        import('../shared/terminal.js'),
      ])
      const options = { overwrite, signal: interruption, ...(rowGroupRows !== undefined && { rowGroupRows }) }
      for (const one of recordings) {
        const { recording, frames, tables } = await writeParquet(await filesOrRun([one]), folder, options)
        const rows = tables.map(({ name, rows }) => `${name} ${count(rows, 'row')}`)
        print(`${recording}: ${count(frames, 'frame')}; ${rows.join(', ')}\n`)
      }
    })
}
