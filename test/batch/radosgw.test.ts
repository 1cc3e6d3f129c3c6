import { createHash } from 'node:crypto'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { openRun, readRun, s3Store } from 'h5tracks/batch'
import { expect, test } from 'vitest'
import { noRadosgw, startRadosgw } from '../support/radosgw.js'
import { expectFramesIn, options, tracks } from './shards.js'

// Runs in a bucket of a real server that heeds If-None-Match: Ceph's. Its packages are large, so `npm test` does not install them.

if (noRadosgw) console.log(`skipped: the tests with Ceph: ${noRadosgw}`)

test.skipIf(noRadosgw)(
  'in a bucket of Ceph, of eight attempts at the same time one seals the run and seven are fenced',
  async () => {
    await using server = await startRadosgw()
    const client = new S3Client({
      ...{ endpoint: server.url, region: 'default', forcePathStyle: true, credentials: server },
      requestChecksumCalculation: 'WHEN_REQUIRED',
    })
    await client.send(new CreateBucketCommand({ Bucket: 'lab' }))
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
  },
)
