import { createHash } from 'node:crypto'
import { CreateBucketCommand, GetObjectCommand, PutObjectAclCommand, S3Client } from '@aws-sdk/client-s3'
import { publish, TrackingReader } from 'h5tracks'
import { openRun, readRun, s3Store } from 'h5tracks/batch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { noRadosgw, type Radosgw, startRadosgw } from '../support/radosgw.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'
import { expectFramesIn, options, tracks } from './shards.js'

// A bucket of a real server that heeds If-None-Match: Ceph's. Its packages are large, so `npm test` does not install them.

if (noRadosgw) console.log(`skipped: the tests with Ceph: ${noRadosgw}`)

describe.skipIf(noRadosgw)('in a bucket of Ceph', () => {
  let server: Radosgw
  let client: S3Client
  beforeAll(async () => {
    server = await startRadosgw()
    client = new S3Client({
      ...{ endpoint: server.url, region: 'default', forcePathStyle: true, credentials: server },
      requestChecksumCalculation: 'WHEN_REQUIRED',
    })
    await client.send(new CreateBucketCommand({ Bucket: 'lab' }))
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test('of eight attempts at the same time one seals the run and seven are fenced', async () => {
    const store = s3Store({ bucket: 'lab', prefix: 'runs/tank-7', client })
    const runs = await Promise.all(Array.from({ length: 8 }, () => openRun(store, options)))
    expect(runs.map(({ epoch }) => epoch).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const outcomes = await Promise.all(
      runs.map(async (run) => {
        try {
          for (let frame = 0; frame < 105; frame++) if (!run.writeFrame(frame, tracks(frame))) await run.drain()
          await run.seal()
          return 'sealed'
        } catch (error) {
          return (error as { code: string }).code
        } finally {
          await run.close()
        }
      }),
    )
    expect(outcomes.toSorted()).toEqual([...Array(7).fill('ERR_FENCED'), 'sealed'])
    const { shards, state, frames } = await readRun(store)
    expect({ state, frames }).toEqual({ state: 'sealed', frames: 105 })
    let first = 0
    for (const shard of shards) {
      const Key = `runs/tank-7/shards/${shard.name}`
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: 'lab', Key }))
      const bytes = await Body!.transformToByteArray()
      expect({ etag: `"${shard.etag}"`, sha256: shard.sha256 }).toEqual({
        etag: ETag,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      })
      await expectFramesIn(first, shard.frames, bytes)
      first += shard.frames
    }
    expect(first).toBe(105)
  })

  test('a published file is read by its URL, and its readers find out that another one replaced it', async () => {
    const store = s3Store({ bucket: 'lab', prefix: 'published', client })
    const url = `${server.url}/lab/published/tank-7.h5`
    const put = async (frames: ReturnType<typeof school>) => {
      const report = await publish(await written(frames, CAMERAS, { compression: 'none' }), { store, key: 'tank-7.h5' })
      expect(report.path).toBe('s3://lab/published/tank-7.h5')
      const object = { Bucket: 'lab', Key: 'published/tank-7.h5' }
      await client.send(new PutObjectAclCommand({ ...object, ACL: 'public-read' }))
    }
    // S3 does not tell strangers whether there is an object.
    expect(await failure(() => TrackingReader.open(url))).toMatchObject({ code: 'ERR_HTTP_FORBIDDEN' })
    const [before, after] = [school(5000, 9), school(300, 3)]
    await put(before)
    await using reader = await TrackingReader.open(url, { cache: 2 ** 20 })
    expect(columnsRead(await reader.read())).toEqual(columnsOf(before, CAMERAS, 9))
    await put(after)
    expect(await failure(() => reader.read())).toMatchObject({ code: 'ERR_REPLACED' })
    await using next = await TrackingReader.open(url)
    expect(columnsRead(await next.read())).toEqual(columnsOf(after, CAMERAS, 9))
  })
})
