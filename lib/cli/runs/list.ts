/** Lists the runs in a folder. */
import { opendir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { readRun } from '../../batch/log/read-run.js'
import { checkInterruption, describe, Failure, printError } from '../shared/exit.js'
import { bytes, print, printable, table, thousands } from '../shared/terminal.js'

/** What the list says of a run. `error`: why its log cannot be read. */
export type ListedRun =
  | {
      recording: string
      frames: number
      state: 'open' | 'sealed' | 'dead'
      attempts: number
      shards: number
      bytes: number
      /** The error of the last attempt of a dead run. */
      lastError: string | null
    }
  | { recording: string; error: string }

/** Prints the runs, and a message for each that cannot be read. Returns the number of these. */
export async function listRuns(folder: string, json: boolean): Promise<number> {
  const listed: ListedRun[] = []
  for await (const path of runsIn(folder)) {
    await checkInterruption()
    listed.push(await listRun(path, relative(folder, path)))
  }
  if (listed.length === 0) throw new Failure(`${folder} holds no run: no folder in it has a log of h5tracks/batch`)
  listed.sort((a, b) => (a.recording < b.recording ? -1 : 1))
  const failed = listed.filter((one) => 'error' in one)
  if (json) for (const one of listed) print(`${JSON.stringify(one)}\n`)
  else if (failed.length < listed.length) print(`${listText(listed)}\n`)
  for (const { recording, error } of failed) printError(`${recording}: ${error}`)
  return failed.length
}

/** Yields the folders that have a log, at any depth. */
async function* runsIn(folder: string): AsyncGenerator<string> {
  const inner: string[] = []
  let isRun = false
  for await (const entry of await opendir(folder)) {
    if (!entry.isDirectory()) continue
    if (entry.name === 'log' && (await hasEntries(join(folder, 'log')))) isRun = true
    inner.push(join(folder, entry.name))
  }
  if (isRun) yield folder
  else for (const one of inner) yield* runsIn(one)
}

async function hasEntries(log: string): Promise<boolean> {
  for await (const { name } of await opendir(log)) if (/^\d{8}\.json$/.test(name)) return true
  return false
}

async function listRun(path: string, below: string): Promise<ListedRun> {
  try {
    const { recording, frames, state, attempts, shards, lastError } = await readRun(path)
    return {
      recording: below === '' ? recording : below,
      ...{ frames, state, attempts },
      shards: shards.length,
      bytes: shards.reduce((sum, shard) => sum + shard.bytes, 0),
      lastError: lastError?.message ?? null,
    }
  } catch (error) {
    return { recording: below === '' ? path : below, error: describe(error) }
  }
}

function listText(listed: readonly ListedRun[]): string {
  const rows = listed.map((run) => {
    if ('error' in run) return [printable(run.recording), '', '', '', '', 'not readable']
    const { recording, frames, shards, attempts, state, lastError } = run
    const said = lastError === null ? state : `${state}  ${printable(lastError)}`
    return [printable(recording), thousands(frames), String(shards), bytes(run.bytes), String(attempts), said]
  })
  const cells = [['recording', 'frames', 'shards', 'size', 'attempts', 'state'], ...rows]
  // The last column is text: it is not aligned to the right.
  const aligned = table(cells.map((row) => row.slice(0, -1)))
  return aligned.map((line, i) => `${line}  ${cells[i]?.at(-1)}`).join('\n')
}
