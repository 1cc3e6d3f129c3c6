/** The command `runs`: its arguments, options and help. */
import type { Command } from 'commander'

const DETAILS = `
States: open (being written, or waiting for its next attempt), sealed (complete), dead (given up after
its last attempt, whose error is shown). Frames are those of the shards that count.
Exit code: 0, or 1 if the log of a run cannot be read; the other runs are still listed.`

export function addRuns(program: Command): void {
  program
    .command('runs')
    .description('List the runs of h5tracks/batch in a folder: recordings, frames, state and attempts.')
    .argument('<folder>', 'folder with runs at any depth, or one run')
    .option('--json', 'print one JSON object on each line', false)
    .addHelpText('after', DETAILS)
    .action(async (folder: string, { json }: { json: boolean }) => {
      const failed = await (await import('./list.js')).listRuns(folder, json)
      if (failed > 0) process.exitCode = 1
    })
}
