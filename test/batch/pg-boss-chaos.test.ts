import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readRun } from 'h5tracks/batch'
import { expect, test } from 'vitest'
import { here, node } from '../build/runtimes.js'
import { noPostgres, startPostgres } from '../support/postgres.js'
import { output, ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import type { Recording } from './chaos-worker.js'
import { expectWhole } from './whole-run.js'

// The chaos test with a real queue: pg-boss, whose PostgreSQL is restarted in between. Its heartbeat is 10 s at least, so it is only run when
// H5TRACKS_CHAOS_PG=<faults> asks for it.

const FAULTS = Number(process.env.H5TRACKS_CHAOS_PG ?? 0)
const WORKERS = 8
const HEARTBEAT = 10
const skipped = FAULTS === 0 ? 'H5TRACKS_CHAOS_PG is not set' : (noPostgres ?? (here ? undefined : 'no Node 22'))
if (skipped) console.log(`skipped: the chaos test with pg-boss: ${skipped}`)

const queue = (url: string, recordings: Recording[]) => `
import { PgBoss } from 'pg-boss'
const boss = new PgBoss(${JSON.stringify(url)})
await boss.start()
await boss.createQueue('dead')
await boss.createQueue('track', { retryLimit: 1000, deadLetter: 'dead', heartbeatSeconds: ${HEARTBEAT}, expireInSeconds: 3600 })
for (const recording of ${JSON.stringify(recordings)}) await boss.send('track', recording)
await boss.stop()`

interface Line {
  at: number
  type: 'started' | 'claimed' | 'sealed' | 'failed'
  number: number
  epoch?: number
  code?: string
  message?: string
}

test.skipIf(skipped)(
  `with pg-boss, ${FAULTS} kills and stops of ${WORKERS} workers lose and double no frame`,
  async () => {
    const node22 = await node(22)
    await using postgres = await startPostgres()
    const folder = dirname(scratch())
    const reports = dirname(scratch())
    const recordings = Array.from(
      { length: FAULTS },
      (_, number): Recording => ({
        number,
        out: join(folder, `recording-${number}`),
        frames: 230 + number,
      }),
    )
    await output(node22, ['--input-type=module', '-e', queue(postgres.url, recordings)], { cwd: ROOT })

    const workers = new Set<ChildProcess>()
    const start = () => {
      const child = spawn(node22, [join(ROOT, 'test/batch/pg-boss-worker.js'), postgres.url, reports], {
        stdio: 'ignore',
      })
      workers.add(child)
      child.once('exit', () => workers.delete(child))
    }
    const linesOf = (pid: number | string): Line[] => {
      const name = `${pid}.jsonl`
      if (!readdirSync(reports).includes(name)) return []
      return readFileSync(join(reports, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    }
    for (let i = 0; i < WORKERS; i++) start()

    /** When the worker of a recording was killed or stopped. */
    const lost = new Map<number, number>()
    const stopped = new Map<number, number>()
    let restarts = 0
    for (let fault = 0; fault < FAULTS; ) {
      await sleep(Math.random() * 500)
      const busy = [...workers].filter(({ pid }) => !stopped.has(pid!) && linesOf(pid!).at(-1)?.type === 'claimed')
      const worker = busy[Math.floor(Math.random() * busy.length)]
      if (!worker) continue
      const { number } = linesOf(worker.pid!).at(-1)!
      lost.set(number, Date.now())
      if (fault++ % 2 === 0) worker.kill('SIGKILL')
      else {
        worker.kill('SIGSTOP')
        stopped.set(worker.pid!, number)
        // Some before the queue misses them, the others after their recording has gone to another worker.
        setTimeout(() => worker.kill('SIGCONT'), Math.random() * 3 * HEARTBEAT * 1000)
      }
      start()
      if (fault % 10 === 5) {
        postgres.restart()
        restarts++
      }
    }
    const open = async () => {
      const runs = await Promise.all(recordings.map(({ out }) => readRun(out).catch(() => null)))
      return runs.filter((run) => run?.state !== 'sealed').length
    }
    await expect.poll(open, { timeout: 300_000, interval: 1000 }).toBe(0)
    await sleep(3 * HEARTBEAT * 1000) // until the last zombie has gone on
    for (const worker of workers) worker.kill('SIGKILL')

    const lines = readdirSync(reports).flatMap((name) => linesOf(name.replace('.jsonl', '')))
    const takeovers = [...lost].flatMap(([number, since]) => {
      const next = lines.filter((line) => line.number === number && line.type === 'claimed' && line.at > since)
      return next.length > 0 ? [Math.min(...next.map(({ at }) => at)) - since] : []
    })
    const fenced = lines.filter(({ code }) => code === 'ERR_FENCED').length
    console.log(
      `${FAULTS} faults, ${restarts} restarts of PostgreSQL, ${fenced} fenced; takeover after ${Math.min(...takeovers)} to ${Math.max(...takeovers)} ms`,
    )
    expect(lines.filter(({ type, code }) => type === 'failed' && code !== 'ERR_FENCED')).toEqual([])
    for (const recording of recordings) await expectWhole(recording)
    for (const number of stopped.values()) {
      // Every attempt of a recording but the one that sealed it ended as fenced, or was killed.
      expect(lines.filter((line) => line.number === number && line.type === 'sealed').length).toBeGreaterThan(0)
    }
  },
)
