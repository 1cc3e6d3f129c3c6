import { readdirSync, readlinkSync } from 'node:fs'
import { check, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { startNode } from '../support/process.js'
import { changeTracking, dropRows, h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'
import { h5tracks, start } from './command.js'

// The output of `h5tracks check` for people, and its exit codes and JSON for scripts.

/** The files that a process has open. */
function opened(pid: number): string[] {
  const directory = `/proc/${pid}/fd`
  return readdirSync(directory).flatMap((name) => {
    try {
      return readlinkSync(`${directory}/${name}`)
    } catch {
      return [] // closed in the meantime
    }
  })
}

const good = () => written(school(35), CAMERAS, { chunkFrames: 10, maxFish: 5 })

async function damaged() {
  const path = await good()
  await changeTracking(path, 'g["n_cameras"][1:30:3, 4] = 1\ng["centroid_3d"][5, 0, 0] = np.nan')
  for (const camera of CAMERAS) await dropRows(path, `tracking/bboxes/${camera}`, 10, 30)
  return path
}

test('check prints one line for a good file and exits with 0', async () => {
  const path = await good()
  expect(await h5tracks(['check', path])).toEqual({
    code: 0,
    signal: null,
    stdout: `${path}: nothing wrong in 35 frames\n`,
    stderr: '',
  })
})

test('check prints each finding once with its datasets, frames and an example, and exits with 1', async () => {
  const path = await damaged()
  const { code, stdout, stderr } = await h5tracks(['check', path])
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toBe(`${path}: 2 errors and 1 warning in 35 frames

error: value-without-fish in n_cameras, 10 frames: 1, 4, 7, 10, 13, 16, ...
  a value where there is no fish: slot 4 of frame 1 has 1

error: missing-rows in bboxes/north, bboxes/east, bboxes/south, frames 10 to 29
  never written: other programs read fill values there, as if no fish had been seen

warning: partial-position in centroid_3d, frame 5
  a position of which a part is not known (NaN): slot 0 of frame 5 has (NaN, -0.625, 0.8125)
`)
})

test('check --json prints the result of check(), with the same exit codes', async () => {
  const [bad, fine] = [await damaged(), await good()]
  const found = await h5tracks(['check', bad, '--json'])
  expect(found.code).toBe(1)
  expect(JSON.parse(found.stdout)).toEqual(JSON.parse(JSON.stringify(await check(bad))))
  const clean = await h5tracks(['check', fine, '--json'])
  expect(clean.code).toBe(0)
  expect(JSON.parse(clean.stdout)).toEqual({ path: fine, frames: 35, findings: [] })
})

test('check exits with 0 when there are only warnings', async () => {
  const path = await good()
  await h5py(path, 'r+', 'f["tracking/bboxes/east"][7, 2] = [1, 2, -1, -1]')
  const { code, stdout } = await h5tracks(['check', path])
  expect(code).toBe(0)
  expect(stdout).toContain('1 warning in 35 frames\n\nwarning: partial-box in bboxes/east, frame 7\n')
})

test('check --any-frame-order accepts frame numbers that do not increase', async () => {
  const path = scratch()
  {
    using writer = new TrackingWriter(path, [], { frameOrder: 'any' })
    for (const frame of [5, 7, 6]) writer.writeFrame(frame, [])
  }
  const { code, stdout } = await h5tracks(['check', path])
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: `${path}: 1 error in 3 frames

error: frame-order in frame_index, frame 2
  the index does not increase: frame 2 has 6 after 7
`,
  })
  expect((await h5tracks(['check', path, '--any-frame-order'])).code).toBe(0)
})

test('check names h5tracks recover for a journal left behind', async () => {
  const path = scratch()
  {
    await using _writer = await startNode(
      `import { TrackingWriter } from 'h5tracks'
      const writer = (globalThis.kept = new TrackingWriter(process.argv[2], []))
      writer.writeFrame(0, [])
      writer.flushSync()
      console.log('written')
      process.stdin.resume()`,
      [path],
    )
  }
  const { code, stdout } = await h5tracks(['check', path])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^error: journal-left\n {2}the writer of .* died; .*h5tracks recover/m)
})

test('check escapes control characters in camera names', async () => {
  const camera = 'a\x1b[31m\nb'
  const path = await written(school(20, 1, [camera]), [camera], { chunkFrames: 10 })
  await dropRows(path, `tracking/bboxes/${camera.replace('\x1b', '\\x1b').replace('\n', '\\n')}`, 10, 20)
  const { stdout } = await h5tracks(['check', path])
  expect(stdout).toContain('missing-rows in bboxes/a\\u001b[31m\\nb, frames 10 to 19\n')
})

describe('an interrupted check', () => {
  test('SIGINT stops check between two windows with a message and exit code 130', async () => {
    const path = await written(school(100_000, 1, []), [], { maxFish: 200, chunkFrames: 100 })
    const { child, ended } = start(['check', path])
    while (!opened(child.pid as number).includes(path)) await new Promise((resolve) => setTimeout(resolve, 10))
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 130, signal: null, stderr: 'h5tracks: stopped by SIGINT\n' })
  })
})
