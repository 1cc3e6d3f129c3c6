import { spawn } from 'node:child_process'
import { chownSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { readTrackingResultsSync, TrackingReader, TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { scratch } from '../support/scratch.js'
import { school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'
import { fish, h5tracks, lines, MAIN, start } from './command.js'

// --overwrite never destroys a good file: the old file stays until the new one is complete, whatever is wrong with the input
// and however the process ends.

const frame = (index: number) => ({ frame: index, tracks: [fish(1)] })
const cameras = ['--cameras', 'top,front', '--overwrite']

async function good() {
  const path = await written(school(5))
  return { path, bytes: readFileSync(path) }
}

test('import --overwrite with a bad first row leaves the old file unchanged, and no other file', async () => {
  const { path, bytes } = await good()
  const input = lines({ ...frame(0), frame: 'zero' })
  const { code, stderr } = await h5tracks(['import', '-', path, ...cameras], { input })
  expect(code).toBe(1)
  expect(stderr).toContain(`${path} is as it was`)
  expectBytes(path, bytes)
  expect(existsSync(`${path}.partial`)).toBe(false)
})

test('import --overwrite with a bad later row leaves the old file unchanged and keeps its frames in .partial', async () => {
  const { path, bytes } = await good()
  const input = lines(frame(0), frame(1), 'nonsense')
  const { code, stderr } = await h5tracks(['import', '-', path, ...cameras], { input })
  expect(code).toBe(1)
  expect(stderr).toContain(`2 frames before it are in ${path}.partial; ${path} is as it was`)
  expectBytes(path, bytes)
  using reader = new TrackingReader(`${path}.partial`)
  expect(reader.length).toBe(2)
})

test('import --overwrite that completes replaces the file, keeps its mode, and follows a symbolic link', async () => {
  const { path } = await good()
  const link = scratch('link.h5')
  symlinkSync(path, link)
  const { mode } = statSync(path)
  writeFileSync(`${path}.partial`, 'left by an attempt that was killed')
  const { code, stdout } = await h5tracks(['import', '-', link, ...cameras], { input: lines(frame(7)) })
  expect(code).toBe(0)
  expect(stdout).toContain(`-> ${link}: 1 frame (7)`)
  expect([...readTrackingResultsSync(path).frameIndex.data]).toEqual([7n])
  expect(statSync(path).mode).toBe(mode)
  expect(existsSync(`${path}.partial`)).toBe(false)
})

test.runIf(process.getuid?.() === 0)('import and plot with --overwrite leave a file to its owner', async () => {
  const { path } = await good()
  const picture = scratch('picture.svg')
  writeFileSync(picture, '<svg>old</svg>')
  for (const output of [path, picture]) chownSync(output, 1234, 2345)
  await h5tracks(['import', '-', path, ...cameras], { input: lines(frame(7)) })
  await h5tracks(['plot', path, picture, '--overwrite'])
  for (const output of [path, picture]) expect(statSync(output)).toMatchObject({ uid: 1234, gid: 2345 })
  expect(readFileSync(picture, 'utf8')).not.toContain('>old<')
})

test.each(['SIGINT', 'SIGKILL'] as const)(
  '%s during import --overwrite leaves the old file unchanged',
  async (signal) => {
    const { path, bytes } = await good()
    const { child, ended } = start(['import', '-', path, ...cameras])
    child.stdin.write(lines(frame(0), frame(1)))
    while (!existsSync(`${path}.partial`)) await setTimeout(20)
    await setTimeout(200)
    child.kill(signal)
    const { stderr } = await ended
    if (signal === 'SIGINT')
      expect(stderr).toContain(`stopped by SIGINT; 2 frames are in ${path}.partial; ${path} is as it was`)
    expectBytes(path, bytes)
    expect(readTrackingResultsSync(path).frameIndex.data.length).toBe(5)
  },
)

test('import --overwrite refuses a file that is being written or needs recovery', async () => {
  const { path } = await good()
  await using writer = await TrackingWriter.resume(path)
  const busy = await h5tracks(['import', '-', path, ...cameras], { input: lines(frame(0)) })
  expect(busy).toMatchObject({ code: 1, stderr: expect.stringContaining('[ERR_LOCKED]') })
  await writer.close()
  const dead = await killed(5)
  const refused = await h5tracks(['import', '-', dead, ...cameras], { input: lines(frame(0)) })
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('[ERR_NEEDS_RECOVERY]') })
  expect(existsSync(journalOf(dead))).toBe(true)
})

test('plot --overwrite leaves the old picture when there is nothing to draw, and otherwise replaces it', async () => {
  const { path } = await good()
  const empty = await written([])
  const picture = scratch('old.svg')
  writeFileSync(picture, '<svg>old</svg>')
  expect(await h5tracks(['plot', empty, picture, '--overwrite'])).toMatchObject({ code: 1 })
  expect(readFileSync(picture, 'utf8')).toBe('<svg>old</svg>')
  expect(await h5tracks(['plot', path, picture, '--overwrite'])).toMatchObject({ code: 0 })
  expect(readFileSync(picture, 'utf8')).toMatch(/^<\?xml[\s\S]*<\/svg>\n$/)
  expect(existsSync(`${picture}.partial`)).toBe(false)
})

test('demo --overwrite that is stopped leaves the old file unchanged', async () => {
  const { path, bytes } = await good()
  const args = ['demo', path, '--frames', '200000', '--plot', scratch('demo.svg'), '--overwrite']
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  while (!existsSync(`${path}.partial`)) await setTimeout(20)
  child.kill('SIGINT')
  await ended
  expectBytes(path, bytes)
  expect(existsSync(`${path}.partial`)).toBe(false)
})
