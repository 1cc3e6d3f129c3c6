// The checks run this with the installed package: it writes and reads a file in the threads that the argument names.
import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMainThread, Worker } from 'node:worker_threads'

async function writeAndRead(options = {}) {
  const { readTrackingResults, TrackingWriter, versions } = await import('h5tracks')
  assert.ok(versions)
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-smoke-'))
  const path = join(directory, 'tracks.h5')
  const writer = new TrackingWriter(path, ['a', 'b'], { chunkFrames: 3 })
  for (let frame = 0; frame < 7; frame++) {
    writer.writeFrame(frame, [
      {
        fishId: 1,
        centroid3d: [frame, 2, 3],
        confidence: 0.5,
        reprojectionResidual: 1,
        nCameras: 1,
        isConfirmed: true,
        cameraDetections: { a: 4 },
        bboxes: { a: [1, 2, 3, 4] },
      },
    ])
  }
  await writer.close()
  const results = await readTrackingResults(path, options)
  assert.deepEqual([...results.frameIndex.data], [0n, 1n, 2n, 3n, 4n, 5n, 6n])
  assert.equal(results.centroid3d.data[9 * 3 * 6], 6)
  rmSync(directory, { recursive: true })
  const { FishTracker } = await import('h5tracks/tracker')
  assert.deepEqual(new FishTracker().update({ frameIndex: 0, associations: [] }), [])
}

async function inWorker() {
  const [code] = await once(new Worker(new URL(import.meta.url)), 'exit') // an error in it rejects
  assert.equal(code, 0)
}

const untrusted = () => writeAndRead({ untrusted: true })
const threads = {
  main: [writeAndRead],
  worker: [inWorker],
  both: [writeAndRead, inWorker, inWorker],
  untrusted: [untrusted],
}

if (isMainThread) {
  const where = /** @type {keyof typeof threads} */ (process.argv[2])
  await Promise.all(threads[where].map((thread) => thread()))
  console.log(`smoke: ${where}`)
} else {
  await writeAndRead()
}
