import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { h5diff, h5dumpHeaders } from '../support/hdf5/hdf5-tools.js'
import { output, ROOT } from '../support/process.js'
import { askH5py, h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { goldenAbsent, zebrafish } from '../support/tracking/golden.js'

// Real recordings of zebrafish, imported by the command line, become the files that AquaPose's original writer makes of
// them: the same objects, the same types and sizes, every value of every dataset.
//
// The golden files were made before their recordings were rounded to the CSV's decimals, four for positions and two for
// boxes. So there are two proofs: what h5py makes of the same CSV is equal to the last bit in every dataset; and the golden
// file is equal in every dataset whose numbers the CSV has in full, and within that rounding in the others.

const cameras = ['front', 'top']
const boxes = cameras.map((camera) => `bboxes/${camera}`)
const EXACT = ['confidence', 'fish_id', 'frame_index', 'is_confirmed', 'n_cameras', 'reprojection_residual'].concat(
  cameras.map((camera) => `camera_assignments/${camera}`),
)
const DATASETS = [...boxes, 'centroid_3d', ...EXACT]

const objects = (path: string) => askH5py<string[]>(path, '(lambda n: (f.visit(n.append), sorted(n))[1])([])')

async function expectEqual(ours: string, other: string, dataset: string, ...options: string[]) {
  const { code, said } = await h5diff(ours, other, `/tracking/${dataset}`, ...options)
  expect(said).toMatch(/^0 differences found$/m)
  expect(said.toLowerCase()).not.toContain('not comparable')
  expect(code).toBe(0)
}

describe.skipIf(goldenAbsent).each([
  { recording: '05', maxFish: 10, chunk: 1000, more: [] },
  { recording: '06', maxFish: 10, chunk: 1000, more: [] },
  { recording: '07', maxFish: 10, chunk: 1000, more: [] },
  { recording: '08', maxFish: 10, chunk: 1000, more: [] },
  { recording: '08', maxFish: 10, chunk: 100, more: [] },
  // 10 fish swim here: the original drops the last one of each frame, which is an explicit option here.
  { recording: '08', maxFish: 9, chunk: 1000, more: ['--drop-excess-fish'] },
])(
  `zebrafish $recording with $maxFish slots in chunks of $chunk ${goldenAbsent ?? ''}`,
  ({ recording, maxFish, chunk, more }) => {
    const golden = zebrafish(`${recording}_aquapose_maxfish${maxFish}_chunk${chunk}.h5`)
    const csv = zebrafish(`${recording}_joined.csv`)
    const [ours, byH5py] = [scratch('ours.h5'), scratch('h5py.h5')]

    beforeAll(async () => {
      const sizes = ['--max-fish', String(maxFish), '--chunk-frames', String(chunk), '--frame-offset=-1']
      await output(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'import', csv, ours, ...sizes, ...more])
      await runPython('import_csv.py', [csv, byH5py, String(maxFish), String(chunk)])
    })

    test.each(DATASETS)('%s is to the last bit what h5py makes of the CSV, by h5diff', (dataset) =>
      expectEqual(ours, byH5py, dataset),
    )

    test.each(EXACT)('%s is what the golden file has, by h5diff', (dataset) => expectEqual(ours, golden, dataset))

    test('centroid_3d is what the golden file has, within half of the fourth decimal and float32', () =>
      // h5diff counts differences above the limit; two float32 near 30 add 2e-6 to the CSV's 5e-5.
      expectEqual(ours, golden, 'centroid_3d', '--delta=0.000052'))

    test.each(boxes)(
      '%s are what the golden file has, but for numbers that the CSV rounded up to whole pixels',
      async (dataset) => {
        const said = await h5py(
          ours,
          'r',
          `with h5py.File(${JSON.stringify(golden)}, "r") as g:
  more = f["tracking/${dataset}"][()] - g["tracking/${dataset}"][()]
  print(json.dumps([sorted(set(more.ravel().tolist()) - {0}), int(np.count_nonzero(more)), more.size]))`,
        )
        const [differences, count, size] = JSON.parse(said) as [number[], number, number]
        expect([[], [1]]).toContainEqual(differences)
        // 5 in 1000 numbers of two decimals would be rounded to whole ones from below; far fewer are.
        expect(count).toBeLessThan(size / 5000)
      },
    )

    test('has the same objects', async () => {
      expect(await objects(ours)).toEqual(await objects(golden))
    })

    test('has the same types, shapes, maximal shapes, chunks and fill values, by h5dump, and only filters that all have', async () => {
      const [mine, theirs] = await Promise.all([h5dumpHeaders(ours), h5dumpHeaders(golden)])
      expect([...theirs.keys()].sort()).toEqual(DATASETS.map((name) => `/tracking/${name}`).sort())
      for (const [dataset, { filters: _, ...expected }] of theirs) {
        const { filters, ...found } = mine.get(dataset)!
        expect({ dataset, ...found }).toEqual({ dataset, ...expected })
        expect(['SHUFFLE', 'DEFLATE']).toEqual(expect.arrayContaining(filters))
      }
    })

    test('is not larger', () => {
      expect(statSync(ours).size).toBeLessThanOrEqual(statSync(golden).size)
    })
  },
)
