// What h5tracks promises, in one program without a test framework, so that any runtime on any platform can run it:
//   smoke.mjs DIRECTORY [ENTRY]
// ENTRY is what to import (default: h5tracks). Leaves written.h5 with 25 frames, for other programs to read. Prints a line a step.
import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const self = fileURLToPath(import.meta.url)
const [directory = '.', entry = 'h5tracks', mode, path = '', count] = process.argv.slice(2)
const h5tracks = await import(isMainThread ? entry : workerData.entry)
const { check, readTrackingResults, recover, TrackingReader, TrackingWriter, versions } = h5tracks

/** @type {(frame: number) => import('h5tracks').TrackRecord} */
const fish = (frame) => ({
  fishId: 1,
  centroid3d: [frame, 2, 3],
  confidence: 0.5,
  reprojectionResidual: 1,
  nCameras: 1,
  isConfirmed: true,
  cameraDetections: { a: 4 },
  bboxes: { a: [1, 2, 3, frame] },
})

/** @type {(file: string, frames: number) => import('h5tracks').TrackingWriter} */
function written(file, frames) {
  const writer = new TrackingWriter(file, ['a', 'b'], { chunkFrames: 10 })
  for (let frame = 0; frame < frames; frame++) writer.writeFrame(frame, [fish(frame)])
  return writer
}

/** @type {(file: string, frames: number, options?: object) => Promise<void>} */
async function expectFrames(file, frames, options = {}) {
  const { frameIndex, centroid3d } = await readTrackingResults(file, options)
  assert.deepEqual(
    [...frameIndex.data],
    Array.from({ length: frames }, (_, i) => BigInt(i)),
  )
  for (let i = 0; i < frames; i++) assert.equal(centroid3d.data[9 * 3 * i], i)
}

/** @param {string[]} args */
const child = (...args) =>
  spawn(process.execPath, [self, directory, entry, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })

/** @param {number} frames @param {string} [folder] */
async function killed(frames, folder = directory) {
  const file = join(folder, `killed-${frames}.h5`)
  const writer = child('write', file, String(frames))
  const exited = once(writer, 'exit')
  for await (const said of writer.stdout) if (String(said).includes('written')) break
  writer.kill('SIGKILL')
  await exited
  assert.ok(existsSync(`${file}.journal`))
  await assert.rejects(() => readTrackingResults(file), { code: 'ERR_NEEDS_RECOVERY' })
  assert.equal((await recover(file)).frames, frames)
  assert.equal(existsSync(`${file}.journal`), false)
  await expectFrames(file, frames)
}

const steps = {
  async 'write and read'() {
    await written(join(directory, 'written.h5'), 25).close()
    await expectFrames(join(directory, 'written.h5'), 25)
  },
  async check() {
    assert.deepEqual((await check(join(directory, 'written.h5'))).findings, [])
  },
  async 'read in a process of its own'() {
    await expectFrames(join(directory, 'written.h5'), 25, { untrusted: true })
  },
  async workers() {
    const files = [0, 1, 2].map((i) => join(directory, `worker-${i}.h5`))
    const workers = files.map((file) => new Worker(new URL(import.meta.url), { workerData: { file, entry } }))
    for (const [code] of await Promise.all(workers.map((worker) => once(worker, 'exit')))) assert.equal(code, 0)
    for (const file of files) await expectFrames(file, 25)
  },
  async 'kill and recover'() {
    for (const frames of [0, 7, 20, 653]) await killed(frames)
  },
  // Of more characters than Windows once allowed, and outside of ASCII.
  async 'long path'() {
    const folder = join(directory, 'größe € 🐟', ...['a', 'b', 'c'].map((name) => name.repeat(100)))
    mkdirSync(folder, { recursive: true })
    await killed(20, folder)
  },
  async 'one writer'() {
    const file = join(directory, 'locked.h5')
    const writer = child('write', file, '5')
    const exited = once(writer, 'exit')
    await once(writer.stdout, 'data')
    assert.throws(() => new TrackingWriter(file, ['a'], { overwrite: true }), {
      code: 'ERR_LOCKED',
      message: process.platform === 'darwin' ? /locked/ : new RegExp(`\\b${writer.pid}\\b`),
    })
    writer.kill('SIGKILL')
    await exited
  },
  async follow() {
    const file = join(directory, 'followed.h5')
    const writer = child('write slowly', file, '25')
    const exited = once(writer, 'exit')
    await once(writer.stdout, 'data') // the file is open
    const seen = []
    for await (const { frameIndex } of TrackingReader.follow(file)) seen.push(Number(frameIndex))
    await exited
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, i) => i),
    )
  },
}

if (!isMainThread) {
  await written(workerData.file, 25).close()
} else if (mode === 'write') {
  const kept = written(path, Number(count))
  writeSync(1, 'written\n')
  setInterval(() => kept.isOpen, 1000) // or the collector closes it
} else if (mode === 'write slowly') {
  const writer = new TrackingWriter(path, ['a', 'b'], { chunkFrames: 10 })
  writeSync(1, 'open\n')
  for (let frame = 0; frame < Number(count); frame++) {
    writer.writeFrame(frame, [fish(frame)])
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await writer.close()
} else {
  for (const [name, step] of Object.entries(steps)) {
    await step()
    console.log(`smoke: ${name}`)
  }
  console.log(`smoke: passed on ${process.platform}-${process.arch}, HDF5 ${versions.hdf5.running}`)
}
