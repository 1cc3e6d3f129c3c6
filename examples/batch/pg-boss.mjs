// Workers on any number of machines, with a queue in PostgreSQL (pg-boss). See README.md.
import { runPool } from 'h5tracks/batch'
import { PgBoss } from 'pg-boss'

const [url = 'postgres://localhost/postgres', command = 'work', ...args] = process.argv.slice(2)

// The supervisor looks for jobs whose worker fell silent. Its default is once a minute.
const boss = new PgBoss({ connectionString: url, superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 })
boss.on('error', (error) => console.error(String(error)))
await boss.start()
await boss.createQueue('dead')
await boss.createQueue('track', {
  retryLimit: 2,
  deadLetter: 'dead',
  // A worker that gives no sign of life for so long is given up, and its recording goes to another one.
  heartbeatSeconds: 10,
  // The longest that a recording may take.
  expireInSeconds: 23 * 3600,
})

if (command === 'add') {
  for (const data of args) await boss.send('track', JSON.parse(data))
  await boss.stop()
} else if (command === 'dead') {
  for (const { data, sourceOutput } of await boss.fetch('dead', { includeMetadata: true, batchSize: 1000 })) {
    console.log(JSON.stringify({ recording: data, error: sourceOutput }))
  }
  await boss.stop()
} else {
  const localConcurrency = Number(args[0] ?? 2)
  await boss.work('track', { localConcurrency, pollingIntervalSeconds: 0.5 }, async ([job]) => {
    if (!job) return
    // In a process of its own: a frame that kills it fails this job at once, with its error, and no other one.
    const { dead, fenced } = await runPool([job.data], new URL('track.mjs', import.meta.url), {
      attempts: 1,
      signal: job.signal,
      onProgress: ({ state, frames }) => console.log(JSON.stringify({ job: job.id, state, frames })),
    })
    if (dead[0]) throw dead[0].error
    if (fenced.length > 0) throw new Error('another worker has taken this recording')
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => boss.stop())
}
