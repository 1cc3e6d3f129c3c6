import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { type RunTarget, readRun } from 'h5tracks/batch'
import { expect } from 'vitest'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { fish } from '../support/tracking/frames.js'

// What a run must hold: the frames of one generator, each once and in order, in shards that the log describes rightly.

export const CAMERAS = ['north', 'east']
export const tracks = (frame: number) => [fish(0, frame, CAMERAS), fish(1, frame, CAMERAS)]
export const options = { cameras: CAMERAS, maxFish: 3, chunkFrames: 10, shardFrames: 20 }

/** Expects so many frames of the generator from `first` on in a file, by our reader and by h5py. */
async function expectFramesFrom(first: number, count: number, path: string): Promise<void> {
  const expected = Array.from({ length: count }, (_, i) => ({ frameIndex: first + i, tracks: tracks(first + i) }))
  await expectFrames(path, expected, options.maxFish, CAMERAS)
}

/** The same in the bytes of an object. */
export async function expectFramesIn(first: number, count: number, bytes: Uint8Array): Promise<void> {
  const path = scratch('shard.h5')
  writeFileSync(path, bytes)
  await expectFramesFrom(first, count, path)
}

/** Expects the frames 0 to `frames` - 1 in the shards of a run, by our reader and by h5py; returns the run. */
export async function expectRun(target: RunTarget, frames: number, state = 'sealed') {
  const run = await readRun(target)
  expect(run).toMatchObject({ state, frames })
  let first = 0
  for (const shard of run.shards) {
    if (!('path' in shard)) throw new Error(`${shard.name} is no file`)
    await expectFramesFrom(first, shard.frames, shard.path)
    const bytes = readFileSync(shard.path)
    expect(shard).toMatchObject({
      ...{ firstFrame: first, firstIndex: first, lastIndex: first + shard.frames - 1, bytes: bytes.length },
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    first += shard.frames
  }
  expect(first).toBe(frames)
  return run
}
