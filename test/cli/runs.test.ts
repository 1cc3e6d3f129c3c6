import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { markDead, openRun } from 'h5tracks/batch'
import { expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { fish, h5tracks } from './served.js'

async function attempt(out: string, frames: number, seals: boolean) {
  const run = await openRun(out, { cameras: ['top', 'front'], shardFrames: 10 })
  for (let frame = run.nextFrame; frame < frames; frame++) run.writeFrame(frame, [fish(1)])
  if (seals) await run.seal()
  await run.close()
}

test('h5tracks runs lists the runs of a folder at any depth, with frames, state, attempts and the last error', async () => {
  const folder = dirname(scratch())
  await attempt(join(folder, 'b'), 25, true)
  await attempt(join(folder, 'day 1/a'), 25, false)
  await attempt(join(folder, 'day 1/a'), 45, false)
  await attempt(join(folder, 'c'), 12, false)
  await markDead(join(folder, 'c'), new Error('no frame\n7'))
  mkdirSync(join(folder, 'other/log'), { recursive: true })
  writeFileSync(join(folder, 'other/log/today.txt'), 'not a run')

  const { code, stdout, stderr } = await h5tracks(['runs', folder])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((row) => row.split(/ {2,}/))
  expect(rows.map((row) => row.toSpliced(3, 1))).toEqual([
    ['recording', 'frames', 'shards', 'attempts', 'state'],
    ['b', '25', '3', '1', 'sealed'],
    ['c', '10', '1', '1', 'dead', String.raw`no frame\n7`],
    ['day 1/a', '40', '4', '2', 'open'],
  ])
  const json = (await h5tracks(['runs', folder, '--json'])).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(json[1]).toEqual({
    ...{ recording: 'c', frames: 10, state: 'dead', attempts: 1, shards: 1, lastError: 'no frame\n7' },
    bytes: expect.any(Number),
  })
  expect((await h5tracks(['runs', join(folder, 'b')])).stdout).toMatch(/^b +25 /m)
})

test('h5tracks runs lists the others when a log is damaged, names it on standard error, and ends with 1', async () => {
  const folder = dirname(scratch())
  await attempt(join(folder, 'good'), 12, true)
  await attempt(join(folder, 'bad'), 12, true)
  writeFileSync(join(folder, 'bad/log/00000001.json'), '{')
  const { code, stdout, stderr } = await h5tracks(['runs', folder])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^good +12 .* sealed$/m)
  expect(stdout).toMatch(/^bad .*not readable$/m)
  expect(stderr).toMatch(/^h5tracks: bad: the log of the run is damaged: .*00000001.json is not JSON \[ERR_FORMAT\]\n$/)
})

test('h5tracks runs says that a folder holds no run', async () => {
  const folder = dirname(scratch())
  const { code, stderr } = await h5tracks(['runs', folder])
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`${folder} holds no run`) })
  expect(await h5tracks(['runs', join(folder, 'none')])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('ENOENT'),
  })
})
