import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** The epoch of the entry that seals a run, which is the last one; -1 if that is another. */
export function sealedBy({ out }: Recording): number {
  const last = readdirSync(join(out, 'log'))
    .filter((name) => /^\d+\.json$/.test(name))
    .sort()
    .at(-1)!
  const { type, epoch } = JSON.parse(readFileSync(join(out, 'log', last), 'utf8'))
  return type === 'seal' ? epoch : -1
}
