import { TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { megabytes } from '../support/sanitized.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'

// The arrays of readTrackingResults lie in one block of the addon's memory. A program sees ordinary arrays: each lives as long as
// something refers to it, and its memory is returned, array by array, when nothing does.

const SLOTS = 9

/** A file of 20 000 frames, 17 MB of values, of which `bboxes.front` has 2.7; all of its numbers are 7. */
function large(): string {
  const path = scratch()
  const frames = 20_000
  const cells = frames * SLOTS
  const perCamera = (values: number) =>
    Object.fromEntries(['top', 'front', 'left'].map((name) => [name, new Int32Array(values).fill(7)]))
  using writer = new TrackingWriter(path, ['top', 'front', 'left'], { maxFish: SLOTS })
  writer.writeFrames({
    frameIndex: BigInt64Array.from({ length: frames }, (_, i) => BigInt(i)),
    fishId: new Int32Array(cells).map((_, i) => i % SLOTS),
    centroid3d: new Float32Array(3 * cells),
    confidence: new Float32Array(cells),
    reprojectionResidual: new Float32Array(cells),
    nCameras: new Int32Array(cells),
    isConfirmed: new Uint8Array(cells),
    cameraAssignments: perCamera(cells),
    bboxes: perCamera(4 * cells),
  })
  return path
}

/**
 * The JSON that a program prints; `used()` gives its megabytes after garbage collections, when three readings in a row differ by
 * less than half a megabyte: on a busy machine memory is returned late.
 */
async function printed(source: string): Promise<Record<string, number>> {
  const used = `
    async function used() {
      const readings = []
      for (let round = 0; round < 250; round++) {
        gc()
        await new Promise((done) => setTimeout(done, 20))
        readings.push(process.memoryUsage.rss() / 2 ** 20)
        const last = readings.slice(-3)
        if (round >= 4 && Math.max(...last) - Math.min(...last) < 0.5) break
      }
      return readings.at(-1)
    }
    const path = process.argv[2]`
  const { stdout, stderr } = await runNode(
    `import { readTrackingResults, readTrackingResultsSync } from 'h5tracks'
    ${used}
    ${source}`,
    [large()],
    { execArgv: ['--expose-gc'] },
  )
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

test('an array of results stays whole when all others were collected, and holds only its own memory', async () => {
  const { sevens, more, left } = await printed(`
    const sevensOf = (array) => array.filter((value) => value === 7).length
    // Once before, so that the memory of the engine does not count.
    sevensOf((await readTrackingResults(path)).bboxes.front.data)
    const before = await used()
    let kept = (await readTrackingResults(path)).bboxes.front.data
    const held = await used()
    const sevens = sevensOf(kept)
    kept = undefined
    console.log(JSON.stringify({ sevens, more: held - before, left: (await used()) - before }))`)
  expect(sevens).toBe(20_000 * SLOTS * 4)
  expect(more).toBeLessThan(megabytes(9))
  expect(left).toBeLessThan(megabytes(6))
})

test('reading results again and again does not take more and more memory', async () => {
  const { grown } = await printed(`
    const after = []
    for (let round = 1; round <= 90; round++) {
      readTrackingResultsSync(path)
      if (round % 30 === 0) after.push(await used())
    }
    console.log(JSON.stringify({ grown: after[2] - after[0] }))`)
  expect(grown).toBeLessThan(megabytes(12))
})

test('results are copied to other threads, and can be transferred when they were read as transferable or by a reader', async () => {
  const { stdout, stderr } = await runNode(
    `import { readTrackingResults, readTrackingResultsSync, TrackingReader } from 'h5tracks'
    const path = process.argv[2]
    const { fishId } = await readTrackingResults(path)
    const copy = structuredClone(fishId)
    console.log(copy.data.join() === fishId.data.join(), copy.data.length)
    try {
      structuredClone(fishId, { transfer: [fishId.data.buffer] })
      console.log('copied', fishId.data.length)
    } catch ({ name }) {
      console.log(name, fishId.data.length)
    }
    const reader = new TrackingReader(path)
    const transferable = true
    const all = {
      async: await readTrackingResults(path, { transferable }),
      blocking: readTrackingResultsSync(path, { transferable }),
      untrusted: await readTrackingResults(path, { untrusted: true, transferable }),
      reader: await reader.read(),
    }
    for (const [how, { fishId, bboxes }] of Object.entries(all)) {
      const taken = structuredClone({ fishId, bboxes }, { transfer: [fishId.data.buffer, bboxes.north.data.buffer] })
      console.log(how, taken.fishId.data.join() === copy.data.join(), fishId.data.length, bboxes.north.data.length)
    }`,
    [await written(school(5))],
  )
  expect(stderr).toBe('')
  // Since version 21 Node throws.
  const refused = Number(process.versions.node.split('.')[0]) < 21 ? 'copied' : 'DataCloneError'
  const taken = ['async', 'blocking', 'untrusted', 'reader'].map((how) => `${how} true 0 0\n`).join('')
  expect(stdout).toBe(`true 45\n${refused} 45\n${taken}`)
})

test('terminating workers that read and hold results does no harm', async () => {
  const { code, stdout, stderr } = await runNode(
    `import { Worker } from 'node:worker_threads'
    import { once } from 'node:events'
    const body = \`
      const { parentPort, workerData } = require('node:worker_threads')
      import(workerData.library).then(async ({ readTrackingResults }) => {
        globalThis.kept = await readTrackingResults(workerData.path)
        parentPort.postMessage(kept.frameIndex.data.length)
        for (;;) globalThis.next = await readTrackingResults(workerData.path)
      })\`
    for (let round = 0; round < 15; round++) {
      const workerData = { library: process.argv[3], path: process.argv[2] }
      const worker = new Worker(body, { eval: true, workerData })
      console.log((await once(worker, 'message'))[0])
      await worker.terminate()
    }`,
    [await written(school(50, 3, CAMERAS)), new URL('../../dist/index.js', import.meta.url).href],
  )
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '50\n'.repeat(15), stderr: '' })
})
