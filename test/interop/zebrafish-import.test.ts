import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { goldenAbsent, zebrafish } from '../support/golden.js'
import { h5diff, h5dumpHeaders } from '../support/hdf5-tools.js'
import { output, ROOT } from '../support/process.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Real recordings of zebrafish, imported by the command line, become the files that AquaPose's original writer makes of
// them: the same objects, the same types and sizes, every value of every dataset.

const DATASETS = [
  'bboxes/front', 'bboxes/top', 'camera_assignments/front', 'camera_assignments/top', 'centroid_3d', 'confidence',
  'fish_id', 'frame_index', 'is_confirmed', 'n_cameras', 'reprojection_residual',
].map((name) => `/tracking/${name}`)

const objects = (path: string) =>
  askH5py<string[]>(path, '(lambda names: (f.visit(names.append), sorted(names))[1])([])')

describe.skipIf(goldenAbsent).each([
  { recording: '05', maxFish: 10, chunk: 1000, more: [] },
  { recording: '06', maxFish: 10, chunk: 1000, more: [] },
  { recording: '07', maxFish: 10, chunk: 1000, more: [] },
  { recording: '08', maxFish: 10, chunk: 1000, more: [] },
  { recording: '08', maxFish: 10, chunk: 100, more: [] },
  // 10 fish swim here: the original drops the last one of each frame, which is an explicit option here.
  { recording: '08', maxFish: 9, chunk: 1000, more: ['--drop-excess-fish'] },
])(`zebrafish $recording with $maxFish slots in chunks of $chunk ${goldenAbsent ?? ''}`, ({ recording, maxFish, chunk, more }) => {
  const golden = zebrafish(`${recording}_aquapose_maxfish${maxFish}_chunk${chunk}.h5`)
  let ours: string

  beforeAll(async () => {
    ours = scratch()
    const sizes = ['--max-fish', String(maxFish), '--chunk-frames', String(chunk), '--frame-offset=-1']
    const main = join(ROOT, 'dist/cli/main.js')
    await output(process.execPath, [main, 'import', zebrafish(`${recording}_joined.csv`), ours, ...sizes, ...more])
  })

  test('has the same objects', async () => {
    expect(await objects(ours)).toEqual(await objects(golden))
  })

  test.each(DATASETS)('%s has the same values, by h5diff', async (dataset) => {
    const { code, said } = await h5diff(ours, golden, dataset)
    expect(said).toContain('0 differences found')
    expect(said.toLowerCase()).not.toContain('not comparable')
    expect(code).toBe(0)
  })

  test('has the same types, shapes, maximal shapes, chunks and fill values, by h5dump, and only filters that all have', async () => {
    const [mine, theirs] = await Promise.all([h5dumpHeaders(ours), h5dumpHeaders(golden)])
    expect([...theirs.keys()].sort()).toEqual(DATASETS)
    for (const [dataset, { filters: _, ...expected }] of theirs) {
      const { filters, ...found } = mine.get(dataset)!
      expect({ dataset, ...found }).toEqual({ dataset, ...expected })
      expect(['SHUFFLE', 'DEFLATE']).toEqual(expect.arrayContaining(filters))
    }
  })

  test('is not larger', () => {
    expect(statSync(ours).size).toBeLessThanOrEqual(statSync(golden).size)
  })
})
