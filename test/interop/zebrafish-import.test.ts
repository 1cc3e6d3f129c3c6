import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { h5diff, h5dumpHeaders } from '../support/hdf5/hdf5-tools.js'
import { output, ROOT } from '../support/process.js'
import { askH5py, h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { goldenAbsent, zebrafish } from '../support/tracking/golden.js'

// The command line imports real recordings of zebrafish into the same files as AquaPose's original writer: the same objects,
// types, sizes and values of every dataset.
//
// The golden files were made before the recordings were rounded to the decimals of the CSV, four for positions and two for
// boxes. So there are two comparisons: with the file that h5py makes of the same CSV, which is equal to the last bit; and with
// the golden file, which is equal where the CSV has the numbers in full, and within that rounding elsewhere.

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
    const imported = `the import of recording ${recording} (${maxFish} slots, chunks of ${chunk})`
    const golden = zebrafish(`${recording}_aquapose_maxfish${maxFish}_chunk${chunk}.h5`)
    const csv = zebrafish(`${recording}_joined.csv`)
    const [ours, byH5py] = [scratch('ours.h5'), scratch('h5py.h5')]

    beforeAll(async () => {
      const sizes = ['--max-fish', String(maxFish), '--chunk-frames', String(chunk), '--frame-offset=-1']
      await output(process.execPath, [join(ROOT, 'dist/command/h5tracks.js'), 'import', csv, ours, ...sizes, ...more])
      await runPython('import_csv.py', [csv, byH5py, String(maxFish), String(chunk)])
    })

    test.each(DATASETS)(`h5diff finds %s in ${imported} equal to what h5py makes of the CSV`, (dataset) =>
      expectEqual(ours, byH5py, dataset),
    )

    test.each(EXACT)(`h5diff finds %s in ${imported} equal to the golden file`, (dataset) =>
      expectEqual(ours, golden, dataset),
    )

    test(`centroid_3d in ${imported} equals the golden file within the rounding of the CSV and of float32`, () =>
      // h5diff counts differences above the limit; two float32 near 30 add 2e-6 to the CSV's 5e-5.
      expectEqual(ours, golden, 'centroid_3d', '--delta=0.000052'))

    test.each(boxes)(
      `%s in ${imported} equals the golden file, except for numbers that the CSV rounded up to whole pixels`,
      async (dataset) => {
        const printed = await h5py(
          ours,
          'r',
          `with h5py.File(${JSON.stringify(golden)}, "r") as g:
  more = f["tracking/${dataset}"][()] - g["tracking/${dataset}"][()]
  print(json.dumps([sorted(set(more.ravel().tolist()) - {0}), int(np.count_nonzero(more)), more.size]))`,
        )
        const [differences, count, size] = JSON.parse(printed) as [number[], number, number]
        expect([[], [1]]).toContainEqual(differences)
        // 5 in 1000 numbers of two decimals would be rounded to whole ones from below; far fewer are.
        expect(count).toBeLessThan(size / 5000)
      },
    )

    test(`${imported} has the objects of the golden file`, async () => {
      expect(await objects(ours)).toEqual(await objects(golden))
    })

    test(`h5dump shows in ${imported} the types, shapes, chunks and fill values of the golden file, and only shuffle and deflate`, async () => {
      const [mine, theirs] = await Promise.all([h5dumpHeaders(ours), h5dumpHeaders(golden)])
      expect([...theirs.keys()].sort()).toEqual(DATASETS.map((name) => `/tracking/${name}`).sort())
      for (const [dataset, { filters: _, ...expected }] of theirs) {
        const { filters, ...found } = mine.get(dataset)!
        expect({ dataset, ...found }).toEqual({ dataset, ...expected })
        expect(['SHUFFLE', 'DEFLATE']).toEqual(expect.arrayContaining(filters))
      }
    })

    test(`${imported} is not larger than the golden file`, () => {
      expect(statSync(ours).size).toBeLessThanOrEqual(statSync(golden).size)
    })
  },
)
