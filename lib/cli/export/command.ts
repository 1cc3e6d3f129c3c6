/** The command `export`: its arguments, options and help. */
import { type Command, Option } from 'commander'
import { integer, names } from '../shared/arguments.js'

const DETAILS = `
The output is a file of another program: its name says which format (out.csv, out.slp, out.json), or --to does, as
for h5tracks convert, which has more options. Without such a name, it is a folder of Parquet tables.

The folder is a data set for DuckDB, pandas and polars: <folder>/<table>/recording=<name>/part-0.parquet. It holds
the tables tracks, detections and frames of tracking files, and <layout>, <layout>_cameras and <layout>_frames of
other layouts (see docs/scale.md). A recording is a file, or the folder of a run.`

interface ExportArguments {
  overwrite: boolean
  to?: string
  shape?: 'long' | 'wide'
  camera?: string
  recording?: string[]
  rowGroupRows?: number
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('Write recordings for other programs: CSV, pose formats and others, or Parquet tables.')
    .argument('<out>', 'file to write; or folder of a data set of Parquet tables, in which other recordings stay')
    .argument('<recordings...>', 'files of any layout; for Parquet tables, also folders of runs')
    .option('--to <format>', 'format of the output (default: by its name, else parquet; h5tracks convert --list)')
    .option('--overwrite', 'replace recordings that the data set has', false)
    .addOption(
      new Option('--shape <shape>', 'tables of text: a row for each animal or for each frame').choices([
        'long',
        'wide',
      ]),
    )
    .option('--camera <name>', 'the camera to write, for formats that hold one')
    .option('--recording <names>', 'take only these recordings (groups), separated by commas', names)
    .option('--row-group-rows <n>', 'number of rows of a row group', integer(1000))
    .addHelpText('after', DETAILS)
    .action(async (folder: string, recordings: string[], { rowGroupRows, ...converting }: ExportArguments) => {
      const { exportFile, isForTables } = await import('./file.js')
      if (!isForTables(folder, recordings, converting.to)) return exportFile(folder, recordings, converting)
      const { overwrite } = converting
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
