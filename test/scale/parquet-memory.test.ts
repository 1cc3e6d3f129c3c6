import { join } from 'node:path'
import { expect, test } from 'vitest'
import { output, ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { compare } from './parquet-compare.mjs'

// The short form of `npm run test:parquet`, which exports 5 million frames.

const FRAMES = 12_000

test('an export of many row groups takes at most 256 MiB, and DuckDB reads every value of it', async () => {
  const folder = scratch('rig')
  const program = join(ROOT, 'test/scale/parquet-program.mjs')
  await output(process.execPath, [program, folder, String(FRAMES), '3', 'write'])
  const { megabytes, tables } = JSON.parse(await output(process.execPath, [program, folder, String(FRAMES), '3']))
  expect(megabytes).toBeLessThan(256)
  expect(tables).toMatchObject([{ name: 'tracks' }, { name: 'detections' }, { name: 'frames', rows: FRAMES }])
  const compared = await compare(join(folder, 'data'), FRAMES)
  for (const { rows, different, expected } of Object.values(compared)) {
    expect({ rows, different }).toEqual({ rows: expected, different: 0 })
  }
  expect(compared.frames).toMatchObject({ last: FRAMES - 1, frames: FRAMES })
})
