import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { readTrackingResults } from 'h5tracks'
import { readRun } from 'h5tracks/batch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { here, node } from '../build/runtimes.js'
import { noPostgres, type Postgres, startPostgres } from '../support/postgres.js'
import { output, ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// examples/batch/pg-boss.mjs, with a real PostgreSQL. pg-boss needs Node 22.12.

const example = join(ROOT, 'examples/batch/pg-boss.mjs')
const skipped = noPostgres ?? (here ? undefined : 'Node 22 is only fetched on Linux x86-64')
if (skipped) console.log(`skipped: the tests with pg-boss: ${skipped}`)

let postgres: Postgres
let node22: string
beforeAll(async () => {
  if (skipped) return
  node22 = await node(22)
  postgres = await startPostgres()
})
afterAll(() => postgres?.[Symbol.asyncDispose]())

const command = (...args: string[]) => output(node22, [example, postgres.url, ...args])

/** Starts a worker, which is killed at the end of the test. */
function startWorker() {
  const child = spawn(node22, [example, postgres.url, 'work', '2'], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.resume()
  const ended = new Promise((resolve) => child.on('exit', resolve))
  return {
    child,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function expectFrames(out: string, frames: number) {
  const { shards, state } = await readRun(out)
  expect(state).toBe('sealed')
  const indices: number[] = []
  for (const shard of shards) {
    const { frameIndex, centroid3d } = await readTrackingResults((shard as { path: string }).path)
    for (const [row, index] of frameIndex.data.entries()) {
      expect(centroid3d.data[12 * row]).toBe(Number(index) / 4)
      indices.push(Number(index))
    }
  }
  expect(indices).toEqual([...Array(frames).keys()])
}

test.skipIf(skipped)(
  'with pg-boss, a poison recording ends in the dead-letter queue with its last error and costs no other one, also when PostgreSQL restarts',
  async () => {
    const folder = dirname(scratch())
    const recordings = Array.from({ length: 5 }, (_, i) => ({ out: join(folder, `tank-${i}`), frames: 5000 + i }))
    const poison = { out: join(folder, 'poison'), frames: 5000, poison: 2500 }
    await command('add', ...[poison, ...recordings].map((data) => JSON.stringify(data)))
    await using _worker = startWorker()
    await expect
      .poll(async () => (await readRun(recordings[0]!.out).catch(() => null))?.frames ?? 0, { timeout: 30_000 })
      .toBeGreaterThan(0)
    postgres.restart()
    const state = async (out: string) => (await readRun(out).catch(() => null))?.state
    for (const { out } of recordings) await expect.poll(() => state(out), { timeout: 60_000 }).toBe('sealed')
    for (const { out, frames } of recordings) await expectFrames(out, frames)
    let dead = ''
    await expect.poll(async () => (dead = await command('dead')), { timeout: 60_000, interval: 500 }).not.toBe('')
    expect(JSON.parse(dead)).toMatchObject({
      recording: poison,
      error: { code: 'ERR_CRASHED', message: 'the process of the attempt ended with SIGKILL' },
    })
    const run = await readRun(poison.out)
    expect(run).toMatchObject({ state: 'dead', frames: 2000, lastError: { code: 'ERR_CRASHED' } })
    expect(run.attempts).toBeGreaterThanOrEqual(3)
  },
)
