// A worker of the pg-boss chaos test: it takes recordings from the queue and writes them in its own process.
// process.argv: the URL of PostgreSQL, a folder for what it reports: lines on each attempt, and the number of frames that the last one has
// accepted, which outlives the process.
import { appendFileSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { PgBoss } from 'pg-boss'
import { write } from './chaos-worker.js'

const [, , url = '', folder = ''] = process.argv
const boss = new PgBoss({ connectionString: url, superviseIntervalSeconds: 1, monitorIntervalSeconds: 1, max: 3 })
boss.on('error', () => {})
await boss.start()

const say = (/** @type {object} */ line) =>
  appendFileSync(
    join(folder, `${process.pid}.jsonl`),
    `${JSON.stringify({ at: Date.now(), pid: process.pid, ...line })}\n`,
  )

const accepted = openSync(join(folder, `${process.pid}.accepted`), 'w')
const accept = (/** @type {number} */ frames) => writeSync(accepted, String(frames).padEnd(12), 0)

await boss.work('track', { pollingIntervalSeconds: 0.5 }, async ([job]) => {
  if (!job) return
  const recording = /** @type {import('./chaos-worker.js').Recording} */ (job.data)
  const { number } = recording
  say({ type: 'started', number })
  let claim = 0
  try {
    const epoch = await write(recording, accept, (epoch, nextFrame) => {
      claim = epoch
      accept(nextFrame)
      say({ type: 'claimed', number, epoch, nextFrame })
    })
    say({ type: 'sealed', number, epoch })
  } catch (error) {
    const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
    say({ type: 'failed', number, epoch: claim, code, message })
    throw error
  }
})
console.log('ready')
