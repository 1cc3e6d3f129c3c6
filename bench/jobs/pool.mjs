// Recordings of the rig as runs: one after the other in this process, or by `runPool` with a process for each of two workers. Seconds
// until all are sealed.
import { rmSync } from 'node:fs'
import { runPool } from '../../dist/library/batch.js'
import { parameters, report } from '../support/child.mjs'
import write from '../support/pool-work.mjs'

const { path, kind, workers, recordings, frames } = parameters()
const all = Array.from({ length: recordings }, (_, i) => ({ out: `${path}.${i}`, frames, kind }))
const start = performance.now()
if (workers === 0) {
  for (const recording of all) await write(recording)
} else {
  const { done } = await runPool(all, new URL('../support/pool-work.mjs', import.meta.url), { workers })
  if (done.length !== recordings) throw new Error(`${recordings - done.length} recordings failed`)
}
const seconds = (performance.now() - start) / 1000
for (const { out } of all) rmSync(out, { recursive: true })
report({ seconds })
