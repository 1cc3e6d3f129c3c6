// Kills writers at random moments, recovers their files and counts lost frames, in one program without a test framework, so that any
// runtime on any platform can run it:
//   kills.mjs DIRECTORY [ENTRY] [COUNT] [SEED]
// ENTRY is what to import (default: h5tracks). A writer notes each frame in a file after writeFrame has returned: recovery must bring back
// all of them, and at most one more. kill('SIGKILL') is TerminateProcess on Windows.
import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)
const [directory = '.', entry = 'h5tracks', count = '200', seed = '1', mode, path = '', chunkFrames] =
  process.argv.slice(2)
const { check, readTrackingResults, recover, TrackingWriter } = await import(entry)

/** @type {(frame: number, fishId: number) => import('h5tracks').TrackRecord} */
const fish = (frame, fishId) => ({
  fishId,
  centroid3d: [frame, fishId, 3],
  confidence: 0.5,
  reprojectionResidual: 1,
  nCameras: 1,
  isConfirmed: true,
  cameraDetections: { a: 4 },
  bboxes: { a: [1, 2, 3, frame] },
})

/** Writes until it is killed; flushes and waits now and then. */
async function write() {
  const notes = openSync(`${path}.notes`, 'w')
  const writer = new TrackingWriter(path, ['a', 'b'], { chunkFrames: Number(chunkFrames) })
  writeSync(1, 'open\n')
  for (let frame = 0; frame < 100_000; frame++) {
    writer.writeFrame(frame, [fish(frame, 1), fish(frame, 2)])
    writeSync(notes, '.')
    if (frame % 97 === 96) await writer.drain()
    if (frame % 501 === 500) await writer.flush()
  }
  closeSync(notes)
  await writer.close()
}

/** @param {number} state a linear congruential generator; numbers of [0, 1) */
function generator(state) {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** @type {(number: number, random: () => number) => Promise<number>} frames that were accepted */
async function killOne(number, random) {
  const file = join(directory, `random-${number}.h5`)
  const chunk = [3, 16, 100, 1000][Math.floor(random() * 4)]
  const writer = spawn(process.execPath, [self, directory, entry, count, seed, 'write', file, String(chunk)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(writer, 'exit')
  await once(writer.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, 300 * random() ** 2))
  writer.kill('SIGKILL')
  await exited
  const accepted = statSync(`${file}.notes`).size
  const { frames } = await recover(file)
  assert.ok(frames === accepted || frames === accepted + 1, `${file}: ${accepted} frames accepted, ${frames} recovered`)
  const { frameIndex, centroid3d } = await readTrackingResults(file)
  assert.equal(frameIndex.data.length, frames)
  for (let i = 0; i < frames; i++) {
    assert.equal(Number(frameIndex.data[i]), i)
    assert.deepEqual([...centroid3d.data.subarray(9 * 3 * i, 9 * 3 * i + 5)], [i, 1, 3, i, 2])
  }
  assert.deepEqual((await check(file)).findings, [])
  assert.equal(existsSync(`${file}.journal`), false)
  for (const name of [file, `${file}.notes`]) rmSync(name)
  return accepted
}

if (mode === 'write') {
  await write()
} else {
  const random = generator(Number(seed))
  let frames = 0
  for (let number = 0; number < Number(count); number++) frames += await killOne(number, random)
  console.log(`kills: ${count} on ${process.platform}-${process.arch}, ${frames} accepted frames, 0 lost`)
}
