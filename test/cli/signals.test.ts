import { readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { readTrackingResultsSync } from 'h5tracks'
import { describe, expect, test, vi } from 'vitest'
import { scratch } from '../support/scratch.js'
import { fish, lines, start } from './command.js'

// An import stopped by a signal keeps every accepted frame, reports how many, and exits with 128 plus the signal's number.

describe.each([
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGHUP', code: 129 },
] as const)('$signal', ({ signal, code }) => {
  test.each([
    ['between two lines, while the input is idle', ''],
    ['in the middle of a line', '{"frame": 1500, "tra'],
  ])(`import stopped by ${signal} %s keeps every accepted frame`, async (_when, rest) => {
    const out = scratch()
    const { child, ended } = start(['import', '-', out])
    child.stdin.write(lines({ cameras: ['top', 'front'], maxFish: 1 }))
    await vi.waitFor(() => expect(statSync(out).size).toBeGreaterThan(10_000), 30_000)
    const withoutFrames = statSync(out).size
    const frames = Array.from({ length: 1500 }, (_, frame) => ({ frame, tracks: [fish(frame)] }))
    child.stdin.write(lines(...frames) + rest)
    // The first chunk of 1000 frames is in the file; the others are accepted or still in the pipe. The input stays open.
    await vi.waitFor(() => expect(statSync(out).size).toBeGreaterThan(withoutFrames), 30_000)
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.kill(signal)

    const finished = await ended
    expect(finished).toMatchObject({ code, signal: null })
    const [, kept] = /^h5tracks: stopped by SIG\w+; ([\d,]+) frames are in .*\n$/.exec(finished.stderr) ?? []
    const { frameIndex, fishId, bboxes } = readTrackingResultsSync(out)
    expect(frameIndex.shape).toEqual([Number(kept?.replace(',', ''))])
    expect(Number(frameIndex.shape[0])).toBeGreaterThanOrEqual(1000)
    expect(Array.from(frameIndex.data, Number)).toEqual([...frameIndex.data.keys()])
    expect(Array.from(fishId.data)).toEqual([...frameIndex.data.keys()])
    expect(bboxes.front?.data.slice(-4)).toEqual(Int32Array.of(5, 6, 7, 8))
  })
})

test.each(['while its input is idle', 'while it writes'])(
  'import of CSV stopped by SIGTERM %s leaves nothing',
  async (when) => {
    const [out, temporary] = [scratch(), dirname(scratch())]
    const { child, ended } = start(['import', '-', out], { TMPDIR: temporary })
    const rows = Array.from({ length: when === 'while it writes' ? 400_000 : 10 }, (_, i) => `${i},1,1.5,2.5,${i}`)
    child.stdin.write(`frame,id,x,y,z\n${rows.join('\n')}\n`)
    if (when === 'while it writes') {
      child.stdin.end()
      await vi.waitFor(() => expect(readdirSync(dirname(out))).toHaveLength(1), { timeout: 30_000, interval: 2 })
    } else await vi.waitFor(() => expect(readdirSync(temporary)).toHaveLength(1), 30_000)
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    expect(code).toBe(143)
    expect(stderr).toMatch(/^h5tracks: stopped by SIGTERM.*\n$/)
    expect([readdirSync(dirname(out)), readdirSync(temporary)]).toEqual([[], []])
  },
)

test('demo stopped by SIGTERM closes its file', async () => {
  const out = scratch()
  const { child, ended } = start(['demo', out, '--frames', '1000000', '--cameras', '2', '--fish', '2'])
  await vi.waitFor(() => expect(statSync(out).size).toBeGreaterThan(100_000), 30_000)
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 143, stderr: 'h5tracks: stopped by SIGTERM\n' })
  expect(readTrackingResultsSync(out).frameIndex.shape[0]).toBeGreaterThanOrEqual(1000)
})
