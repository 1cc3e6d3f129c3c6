/** Which of the files in a folder of idtracker.ai holds the trajectories. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadOptions } from '../core/format.js'
import { formatProblem } from '../core/problem.js'

const names = ['trajectories', 'trajectories_wo_gaps', 'with_gaps', 'without_gaps', 'validated']
const endings = ['.h5', '.npy', '.pickle', '.csv', '.trajectories.csv']

/** Folders of a session, those with gaps filled first, as its users mostly want them. */
const folders = ['trajectories_validated', 'trajectories_wo_gaps', 'trajectories']

/** The best of the files in a folder with these entries; undefined if there is none. */
export function fileIn(folder: string, entries: readonly string[]): string | undefined {
  for (const ending of endings) {
    for (const name of names) if (entries.includes(name + ending)) return join(folder, name + ending)
    const other = entries.find(
      (entry) => /^(?!\.).*trajectories.*$/i.test(entry) && entry.endsWith(ending) && !entry.endsWith('_tidy.csv'),
    )
    if (other !== undefined && ending !== '.csv') return join(folder, other)
  }
  const inner = entries.find((entry) => entry.endsWith('_csv') && existsSync(join(folder, entry, 'trajectories.csv')))
  return inner && join(folder, inner, 'trajectories.csv')
}

/** The file of a folder, or of the folder of trajectories in a session. Throws ERR_FORMAT if there is none. */
export function fileOf(path: string, { report }: ReadOptions): string {
  const found = within(path)
  if (!found) throw formatProblem(path, undefined, 'the folder has no trajectories', 'give the file itself')
  report.guessed('file of the trajectories', found)
  return found
}

export function within(path: string, depth = 0): string | undefined {
  const entries = readdirSync(path)
  for (const folder of folders) {
    const inner = join(path, folder)
    const found =
      depth < 2 && entries.includes(folder) && statSync(inner).isDirectory() ? within(inner, depth + 1) : undefined
    if (found) return found
  }
  return fileIn(path, entries)
}
