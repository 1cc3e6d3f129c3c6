import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readRun } from 'h5tracks/batch'
import { expect, test } from 'vitest'
import { here, node } from '../build/runtimes.js'
import { noPostgres, startPostgres } from '../support/postgres.js'
import { output, ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { options, type Recording } from './chaos-worker.js'
import { Workers } from './pg-boss-workers.js'
import { expectWhole, sealedBy } from './whole-run.js'

// The chaos test with a real queue: pg-boss, whose PostgreSQL is restarted in between. Its heartbeat is 10 s at least, so it is only run when
// H5TRACKS_CHAOS_PG=<faults> asks for it: 20 faults take 2 minutes, 1000 faults on 100 recordings half an hour.

const FAULTS = Number(process.env.H5TRACKS_CHAOS_PG ?? 0)
const WORKERS = 8
const RECORDINGS = Math.max(WORKERS, Math.ceil(FAULTS / 10))
const HEARTBEAT = 10
const skipped = FAULTS === 0 ? 'H5TRACKS_CHAOS_PG is not set' : (noPostgres ?? (here ? undefined : 'no Node 22'))
if (skipped) console.log(`skipped: the chaos test with pg-boss: ${skipped}`)

/** A program that puts recordings into the queue. */
const sending = (url: string, recordings: Recording[]) => `
import { PgBoss } from 'pg-boss'
const boss = new PgBoss(${JSON.stringify(url)})
await boss.start()
await boss.createQueue('dead')
await boss.createQueue('track', { retryLimit: 1000, deadLetter: 'dead', heartbeatSeconds: ${HEARTBEAT}, expireInSeconds: 3600 })
for (const recording of ${JSON.stringify(recordings)}) await boss.send('track', recording)
await boss.stop()`

interface Fault {
  kind: 'SIGKILL' | 'SIGSTOP'
  pid: number
  number: number
  at: number
  /** Number of frames of the run that the worker had accepted. */
  accepted: number
}

test.skipIf(skipped)(
  `with pg-boss, ${FAULTS} kills and stops of ${WORKERS} workers lose and double no frame, redo at most a shard each, and every zombie is fenced`,
  async () => {
    await using postgres = await startPostgres()
    const folder = dirname(scratch())
    const node22 = await node(22)
    const recordings: Recording[] = []
    const add = async (count: number) => {
      // About 20 s of work each.
      const more = Array.from({ length: count }, (_, i): Recording => {
        const number = recordings.length + i
        return { number, out: join(folder, `recording-${number}`), frames: 1500 + (number % 50), pause: 130 }
      })
      recordings.push(...more)
      await output(node22, ['--input-type=module', '-e', sending(postgres.url, more)], { cwd: ROOT })
    }
    await add(RECORDINGS)
    await using workers = new Workers(node22, postgres.url, dirname(scratch()))
    for (let i = 0; i < WORKERS; i++) workers.start()

    const notSealed = async () => {
      const runs = await Promise.all(recordings.map(({ out }) => readRun(out).catch(() => null)))
      return runs.filter((run) => run?.state !== 'sealed').length
    }
    const faults: Fault[] = []
    let restarts = 0
    while (faults.length < FAULTS) {
      await sleep(Math.random() * 500)
      const busy = workers.writing()
      const worker = busy[Math.floor(Math.random() * busy.length)]
      if (!worker) {
        // A slow machine has fewer faults a recording.
        if ((await notSealed()) < WORKERS) await add(WORKERS)
        continue
      }
      const kind = faults.length % 2 === 0 ? 'SIGKILL' : 'SIGSTOP'
      // Some go on before the queue misses them, the others after their recording has gone to another worker.
      await (kind === 'SIGKILL' ? workers.kill(worker) : workers.stop(worker, Math.random() * 3 * HEARTBEAT * 1000))
      const line = workers.linesOf(worker.pid!).at(-1)!
      if (line.type === 'claimed') {
        faults.push({
          kind,
          pid: worker.pid!,
          number: line.number,
          at: Date.now(),
          accepted: workers.accepted(worker.pid!),
        })
      }
      workers.start()
      if (faults.length % 10 === 5) {
        postgres.restart()
        restarts++
      }
    }
    await expect.poll(notSealed, { timeout: 3_600_000, interval: 1000 }).toBe(0)
    await expect.poll(() => workers.unfinished().length, { timeout: 300_000, interval: 1000 }).toBe(0)

    const lines = workers.lines()
    const ofNext = ({ number, at, pid }: Fault) =>
      lines.find((line) => line.number === number && line.type === 'claimed' && line.at > at && line.pid !== pid)
    const redone = faults.map((fault) => fault.accepted - (ofNext(fault)?.nextFrame ?? fault.accepted))
    const takeovers = faults
      .filter(({ kind }) => kind === 'SIGKILL')
      .map((fault) => (ofNext(fault)?.at ?? fault.at) - fault.at)
    takeovers.sort((a, b) => a - b)
    const ends = lines.filter(({ type }) => type === 'sealed' || type === 'failed')
    const fenced = ends.filter(({ code }) => code === 'ERR_FENCED')
    console.log(
      `${recordings.length} recordings, ${faults.length} faults, ${restarts} restarts of PostgreSQL, ${fenced.length} attempts fenced; redone: at most ` +
        `${Math.max(...redone)} frames; takeover after a kill: ${takeovers[0]} ms, half within ${takeovers[takeovers.length >> 1]} ms, ${takeovers.at(-1)} ms at most`,
    )
    expect(Math.max(...redone)).toBeLessThanOrEqual(options.shardFrames)
    for (const recording of recordings) await expectWhole(recording)

    // Of all attempts that ended by themselves, zombies included, the one whose epoch sealed the run succeeded, and every other was fenced. A
    // queue may give a run that is sealed to a worker once more: that attempt claims nothing.
    const sealers = new Map(recordings.map((recording) => [recording.number, sealedBy(recording)]))
    for (const { number, epoch, type, code, message } of ends) {
      const sealer = sealers.get(number)
      if (epoch === sealer) expect({ number, type }).toEqual({ number, type: 'sealed' })
      else expect({ number, epoch, type, code, message }).toMatchObject({ type: 'failed', code: 'ERR_FENCED' })
    }
    for (const { kind, pid, number, at } of faults) {
      if (kind === 'SIGSTOP')
        expect(ends.some((end) => end.pid === pid && end.number === number && end.at > at)).toBe(true)
    }
  },
  7_200_000,
)
