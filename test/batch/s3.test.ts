import { createHash } from 'node:crypto'
import { statSync, writeFileSync } from 'node:fs'
import { S3Client } from '@aws-sdk/client-s3'
import { publish, readTrackingResults } from 'h5tracks'
import { openRun, type Run, type RunTarget, readRun, s3Store } from 'h5tracks/batch'
import { expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { program, runNode } from '../support/process.js'
import { type S3Server, startS3 } from '../support/s3-server.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'
import { expectFramesIn, options, tracks } from './shards.js'

// Runs in a bucket, over the client library of AWS, against a server with faults. radosgw.test.ts does it with Ceph's.

const clientOf = ({ url }: S3Server) =>
  new S3Client({
    ...{ endpoint: url, forcePathStyle: true, region: 'test' },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })

const storeOf = (server: S3Server) => s3Store({ bucket: 'lab', prefix: 'runs/tank-7', client: clientOf(server) })

async function write(target: RunTarget, frames: number, seals = true) {
  const run = await openRun(target, options)
  for (let frame = run.nextFrame; frame < frames; frame++) {
    if (!run.writeFrame(frame, tracks(frame))) await run.drain()
  }
  if (seals) await run.seal()
  return run
}

/** Expects these frames in the objects that the log names. */
async function expectObjects({ objects }: S3Server, run: Run, frames: number) {
  expect(run).toMatchObject({ state: 'sealed', frames, recording: 'tank-7', name: 's3://lab/runs/tank-7' })
  let first = 0
  for (const shard of run.shards) {
    if (!('url' in shard)) throw new Error(`${shard.name} has no URL`)
    expect(shard.url).toBe(`s3://lab/runs/tank-7/shards/${shard.name}`)
    const bytes = objects.get(shard.url.slice('s3://'.length))!
    expect(shard).toMatchObject({
      ...{ firstFrame: first, bytes: bytes.length },
      etag: createHash('md5').update(bytes).digest('hex'),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    await expectFramesIn(first, shard.frames, bytes)
    first += shard.frames
  }
  expect(first).toBe(frames)
}

test('a file is published into a bucket whole, also when the first upload breaks', async () => {
  await using server = await startS3()
  const frames = school(100, 3)
  server.faults.push({ match: /^PUT/, fault: 'refuse' })
  const target = { store: storeOf(server), key: 'published/tank-7.h5' }
  const { path, bytes } = await publish(await written(frames, CAMERAS), target)
  expect(path).toBe('s3://lab/runs/tank-7/published/tank-7.h5')
  const copy = scratch('copy.h5')
  writeFileSync(copy, server.objects.get(path.slice('s3://'.length))!)
  expect(statSync(copy).size).toBe(bytes)
  expect(columnsRead(await readTrackingResults(copy))).toEqual(columnsOf(frames, CAMERAS, 9))
  server.faults.push({ match: /^PUT/, fault: 403 })
  expect(await failure(async () => publish(await written(frames, CAMERAS), target))).toMatchObject({
    code: 'ERR_STORE',
    path,
  })
})

test('a run in a bucket is written by two attempts, the first of which is fenced', async () => {
  await using server = await startS3()
  const store = storeOf(server)
  const old = await write(store, 45, false)
  const next = await write(store, 65)
  expect(next).toMatchObject({ epoch: 2, sealed: true })
  expect(await failure(() => old.seal())).toMatchObject({ code: 'ERR_FENCED', path: store.name })
  await old.close()
  await expectObjects(server, await readRun(store), 65)
  expect([...server.objects.keys()].filter((key) => key.includes('probe'))).toEqual([])
})

test('lost replies, 503s and broken connections leave no gap, no double frame and no double entry', async () => {
  await using server = await startS3()
  const store = storeOf(server)
  server.faults.push(
    { match: /^PUT .*00000001.json/, fault: 'lose' },
    { match: /^PUT .*00000002.json/, fault: 503 },
    { match: /^PUT .*00000002.json/, fault: 'lose' },
    { match: /^PUT .*shards/, fault: 'refuse' },
    { match: /^PUT .*shards/, fault: 503 },
    { match: /^PUT .*00000004.json/, fault: 'lose' },
    { match: /^PUT .*00000004.json/, fault: 'lose' },
    { match: /^PUT .*00000004.json/, fault: 'lose' },
    { match: /^GET .*00000004.json/, fault: 503 },
  )
  await write(store, 65)
  expect(server.faults).toEqual([])
  const run = await readRun(store)
  await expectObjects(server, run, 65)
  expect([...server.objects.keys()].filter((key) => key.includes('/log/'))).toHaveLength(5)
})

test('a server that ignores If-None-Match is refused before a claim', async () => {
  await using server = await startS3({ ignoresConditions: true })
  const error = await failure(() => openRun(storeOf(server), options))
  expect(error).toMatchObject({ code: 'ERR_UNSAFE_STORE', path: 's3://lab/runs/tank-7' })
  expect(error.message).toMatch(/replaced an object/)
  expect(server.objects.size).toBe(0)
})

test('a server that refuses, or cannot be reached, ends in an error that names the object and the answer', async () => {
  const server = await startS3()
  server.faults.push({ match: /^PUT/, fault: 403 })
  const refused = await failure(() => openRun(storeOf(server), options))
  expect(refused).toMatchObject({ code: 'ERR_STORE', path: expect.stringMatching(/^s3:..lab.runs.tank-7.log.probe/) })
  expect(refused.message).toMatch(/AccessDenied by the test \(AccessDenied, status 403\)/)
  await server[Symbol.asyncDispose]()
  expect(await failure(() => readRun(storeOf(server)))).toMatchObject({ code: 'ECONNREFUSED' })
})

test('s3://bucket/prefix names a run for the processes of a pool, and for readRun', async () => {
  await using server = await startS3()
  const work = program(`
import { openRun } from 'h5tracks/batch'
import { fish } from 'frames'
const cameras = ['north', 'east']
export default async ({ out, frames, poison }) => {
  const run = await openRun(out, ${JSON.stringify(options)})
  for (let frame = run.nextFrame; frame < frames; frame++) {
    if (frame === poison) process.exit(3)
    if (!run.writeFrame(frame, [fish(0, frame, cameras), fish(1, frame, cameras)])) await run.drain()
  }
  await run.seal()
}`)
  const recordings = [
    { out: 's3://lab/runs/tank-7', frames: 45 },
    { out: 's3://lab/runs/bad', frames: 45, poison: 30 },
  ]
  const env = {
    ...{
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_REGION: 'test',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      NODE_NO_WARNINGS: '1',
    },
  }
  const { stdout, stderr } = await runNode(
    `import { readRun, runPool } from 'h5tracks/batch'
const { done, dead } = await runPool(${JSON.stringify(recordings)}, ${JSON.stringify(work)}, { attempts: 2 })
console.log(JSON.stringify([done, dead.map(({ runs }) => runs), await readRun('s3://lab/runs/bad')]))`,
    [],
    { env },
  )
  expect(stderr).toBe('')
  const [done, runs, bad] = JSON.parse(stdout)
  expect(done).toEqual([recordings[0]])
  expect(runs).toEqual([['s3://lab/runs/bad']])
  expect(bad).toMatchObject({
    state: 'dead',
    frames: 20,
    lastError: { message: 'the process of the attempt ended with exit code 3' },
  })
  await expectObjects(server, await readRun(storeOf(server)), 45)
})

test('s3Store refuses a place without bucket or prefix', async () => {
  for (const place of [{ bucket: '', prefix: 'a' }, { bucket: 'a' } as never]) {
    expect(await failure(() => s3Store(place))).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
  }
  expect(await failure(() => readRun('https://lab/runs'))).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
  expect(await failure(() => readRun('s3://lab'))).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
})
