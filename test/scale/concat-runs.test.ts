import { appendFileSync } from 'node:fs'
import { concat, openRun, readRun } from 'h5tracks/batch'
import { expect, test } from 'vitest'
import { CAMERAS, options, tracks } from '../batch/shards.js'
import { h5tracks } from '../cli/command.js'
import { failure } from '../support/errors.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'

async function runOf(frames: number, seal = true): Promise<string> {
  const name = scratch('tank')
  await using run = await openRun(name, options)
  for (let frame = 0; frame < frames; frame++) if (!run.writeFrame(frame, tracks(frame))) await run.drain()
  if (seal) await run.seal()
  return name
}

const frames = (count: number) => Array.from({ length: count }, (_, i) => ({ frameIndex: i, tracks: tracks(i) }))

test('concat joins the shards of a sealed run without decoding them', async () => {
  const name = await runOf(47)
  const out = scratch()
  expect((await concat(await readRun(name), out)).layouts[0]).toMatchObject({ frames: 47, copied: 47 })
  await expectFrames(out, frames(47), options.maxFish, CAMERAS)
})

test('h5tracks concat takes the folder of a run', async () => {
  const out = scratch()
  const { stdout } = await h5tracks(['concat', out, await runOf(47)])
  expect(stdout).toBe(`${out}: 3 files joined: 47 frames\n`)
})

test('concat refuses a run that is not sealed, but takes the shards that it has', async () => {
  const run = await readRun(await runOf(47, false))
  const error = await failure(() => concat(run, scratch()))
  expect([error.code, error.message]).toEqual(['ERR_INVALID_ARGUMENT', expect.stringContaining('open, not sealed')])
  const out = scratch()
  await concat(run.shards, out)
  await expectFrames(out, frames(run.frames), options.maxFish, CAMERAS)
})

test('concat refuses a shard that has another size than its run says', async () => {
  const run = await readRun(await runOf(47))
  const [shard] = run.shards
  if (!shard || !('path' in shard)) throw new Error('the run has no shard')
  appendFileSync(shard.path, 'x')
  const error = await failure(() => concat(run, scratch()))
  expect([error.code, error.message]).toEqual(['ERR_FORMAT', expect.stringContaining(shard.path)])
})
