import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { view } from 'h5tracks/view'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { coverageOf, json, layoutOf, windowOf } from './client.js'

// `h5tracks view` of a file that another process is writing.

/** Writes frames to a file when it is told to, each with as many fish as cameras. */
const program = `
import { createInterface } from 'node:readline'
import { TrackingWriter } from ${JSON.stringify(`${ROOT}dist/library/index.js`)}
const writer = new TrackingWriter(process.argv[1], ['top'], { maxFish: 2, chunkFrames: 50, metadata: { fps: 20 } })
const fish = (fishId, frame) => ({ fishId, centroid3d: [frame, fishId, 0], confidence: 1, reprojectionResidual: 0, nCameras: 1, isConfirmed: true, cameraDetections: { top: 0 }, bboxes: { top: [frame, 1, 2, 3] } })
let frame = 0
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'close') writer.close()
  else for (const stop = frame + Number(line); frame < stop; frame++) writer.writeFrame(frame, [fish(0, frame), fish(1, frame)])
  console.log(line)
}
`

/** A process that writes a file. */
class Writer {
  readonly path = scratch()
  readonly process: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', program, this.path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })

  constructor() {
    onTestFinished(() => void this.process.kill('SIGKILL'))
  }

  async tell(what: string): Promise<void> {
    const done = once(this.process.stdout!, 'data')
    this.process.stdin!.write(`${what}\n`)
    await done
  }
}

interface State {
  frames: number
  live: boolean
  problem: string | null
}

describe('a file that is being written', () => {
  test('is followed to its end, and read from the finished file then', async () => {
    const writer = new Writer()
    await writer.tell('120')
    const page = await view(writer.path)
    onTestFinished(() => page.close())
    const layout = await layoutOf(page.url, 'tracking')
    expect(layout).toMatchObject({ frames: 120, live: true, fps: 20 })
    expect((await windowOf(page.url, layout, 0, 0)).parts[0]!.values.subarray(6 * 119, 6 * 119 + 6)).toEqual(
      Float32Array.of(119, 0, 0, 119, 1, 0),
    )
    await writer.tell('30')
    expect(await layoutOf(page.url, 'tracking')).toMatchObject({ frames: 150, live: true })
    const boxes = await windowOf(page.url, layout, 1, 0)
    expect([boxes.frames, ...boxes.parts[0]!.values.subarray(8 * 149, 8 * 149 + 4)]).toEqual([150, 149, 1, 2, 3])
    // Many windows at once use the same arrays in turn.
    const all = await Promise.all(Array.from({ length: 10 }, () => windowOf(page.url, layout, 0, 0)))
    for (const window of all) expect(window.parts[0]!.values).toEqual(all[0]!.parts[0]!.values)
    await writer.tell('close')
    await expect.poll(() => layoutOf(page.url, 'tracking')).toMatchObject({ frames: 150, live: false, problem: null })
    expect((await windowOf(page.url, layout, 0, 0)).parts[0]!.values).toEqual(all[0]!.parts[0]!.values)
    expect(await coverageOf(page.url, await layoutOf(page.url, 'tracking'))).toMatchObject({ seen: [150, 150] })
  })

  test('whose writer dies stays as far as it was written, with the way to recover it', async () => {
    const writer = new Writer()
    await writer.tell('70')
    const page = await view(writer.path)
    onTestFinished(() => page.close())
    expect(await layoutOf(page.url, 'tracking')).toMatchObject({ frames: 70, live: true })
    writer.process.kill('SIGKILL')
    await once(writer.process, 'exit')
    const state = await json<State>(page.url, 'layout')
    expect(state).toMatchObject({ frames: 70, live: false, problem: expect.stringMatching(/died; h5tracks recover/) })
    expect((await windowOf(page.url, await layoutOf(page.url, 'tracking'), 0, 0)).frames).toBe(70)
    await expect(view(writer.path)).rejects.toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
  })

  test('has no frames at first', async () => {
    const writer = new Writer()
    await writer.tell('0')
    const page = await view(writer.path)
    onTestFinished(() => page.close())
    expect(await layoutOf(page.url, 'tracking')).toMatchObject({ frames: 0, live: true })
    expect(await json(page.url, 'bounds?view=0')).toBeNull()
    await writer.tell('5')
    expect((await windowOf(page.url, await layoutOf(page.url, 'tracking'), 0, 0)).frames).toBe(5)
  })
})
