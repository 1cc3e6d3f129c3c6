import { readTrackingResults } from 'h5tracks'
import { readRun } from 'h5tracks/batch'
import { expect } from 'vitest'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { cameras, options, type Recording, tracksOf } from './chaos-worker.js'

/** Expects that a run is sealed and has every frame of its recording once, in order, with all values. */
export async function expectWhole({ number, out, frames }: Recording): Promise<void> {
  const run = await readRun(out)
  expect(run).toMatchObject({ state: 'sealed', frames })
  let first = 0
  for (const shard of run.shards) {
    const expected = Array.from({ length: shard.frames }, (_, i) => ({
      frameIndex: first + i,
      tracks: tracksOf(number, first + i),
    }))
    const read = columnsRead(await readTrackingResults((shard as { path: string }).path))
    expect(read).toEqual(columnsOf(expected, cameras, options.maxFish))
    first += shard.frames
  }
  expect(first).toBe(frames)
}
