import { existsSync, writeFileSync } from 'node:fs'
import { readTrackingResultsSync } from 'h5tracks'
import { expect, test } from 'vitest'
import { startNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'
import { h5tracks } from './command.js'

// `h5tracks recover` completes a file whose writer died.

const frames = school(25, 3, CAMERAS, 100)

const writing = (then: string) => `
  import { TrackingWriter } from 'h5tracks'
  import { CAMERAS, school } from 'frames'
  const writer = (globalThis.kept = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 }))
  for (const { frameIndex, tracks } of school(25, 3, CAMERAS, 100)) writer.writeFrame(frameIndex, tracks)
  ${then}
  console.log('written')
  process.stdin.resume()`

async function killed(then = '') {
  const path = scratch()
  const writer = await startNode(writing(then), [path])
  await writer[Symbol.asyncDispose]()
  return path
}

test('recover completes the file and prints the number of frames and the last frame index', async () => {
  const path = await killed()
  expect((await h5tracks(['info', path])).stderr).toMatch(/h5tracks recover.*\[ERR_NEEDS_RECOVERY\]/)
  expect(await h5tracks(['recover', path])).toEqual({
    code: 0,
    signal: null,
    stdout: `${path}: recovered: 25 frames, the last is number 124\n`,
    stderr: '',
  })
  expect(existsSync(`${path}.journal`)).toBe(false)
  expect(columnsRead(readTrackingResultsSync(path))).toEqual(columnsOf(frames, CAMERAS, 9))
})

test('recover --json prints the same as one object', async () => {
  const path = await killed('writer.writeFrame(2n ** 60n, [])')
  const { code, stdout } = await h5tracks(['recover', path, '--json'])
  expect(code).toBe(0)
  const report = { path, action: 'rebuilt', frames: 26, lastFrameIndex: '1152921504606846976', lost: [] }
  expect(JSON.parse(stdout)).toEqual(report)
  const again = JSON.parse((await h5tracks(['recover', path, '--json'])).stdout)
  expect(again).toEqual({ ...report, action: 'none' })
})

test('recover changes nothing in a file without a journal and says so', async () => {
  const path = await written(frames)
  const none = 'it has no journal, so there is nothing to recover'
  expect(await h5tracks(['recover', path])).toMatchObject({
    code: 0,
    stdout: `${path}: ${none}: 25 frames, the last is number 124\n`,
  })
  const empty = await written([])
  expect((await h5tracks(['recover', empty])).stdout).toBe(`${empty}: ${none}: 0 frames\n`)
})

test('recover fails while the writer lives, for a missing file, and for a damaged journal', async () => {
  const path = scratch()
  await using _writer = await startNode(writing(''), [path])
  const living = await h5tracks(['recover', path])
  expect(living).toMatchObject({ code: 1, stdout: '' })
  expect(living.stderr).toMatch(/^h5tracks: .*is locked: .* writing it \[ERR_LOCKED\]\n$/)

  expect(await h5tracks(['recover', scratch()])).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') })

  const damaged = await written(frames)
  writeFileSync(`${damaged}.journal`, 'h5trkjnl and then nothing of the kind')
  expect(await h5tracks(['recover', damaged])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^h5tracks: the journal .*\[ERR_JOURNAL\]\n$/),
  })
})
