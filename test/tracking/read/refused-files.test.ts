import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { readTrackingResults, readTrackingResultsSync, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { changeTracking, damageChunk, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'

// Opening refuses a file that is not a complete tracking file. The error names the file, the object in it, what was expected
// and what was found.

async function refusal(path: string) {
  const error = await failure(() => new TrackingReader(path))
  expect(error.path).toBe(path)
  expect(error.message).toContain(path)
  for (const read of [() => readTrackingResults(path), () => readTrackingResultsSync(path)]) {
    expect(await failure(read)).toMatchObject({ code: error.code, message: error.message })
  }
  return error
}

describe('a file that is not HDF5', () => {
  test.each<[string, string | Uint8Array]>([
    ['a text file', 'frame,id,x,y,z\n1,1,2.0,3.0,4.0\n'.repeat(100)],
    ['an empty file', ''],
    ['one byte', '\x89'],
    ['the signature and nothing more', Uint8Array.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])],
    ['zeros', new Uint8Array(10_000)],
  ])('the reader refuses %s with ERR_NOT_HDF5', async (_, content) => {
    const path = scratch('notes.txt')
    writeFileSync(path, content)
    expect((await refusal(path)).code).toBe('ERR_NOT_HDF5')
  })

  test.each([0.99, 0.5, 0.1])(
    'the reader refuses a file cut to %f of its length with ERR_NOT_HDF5, saying that it is truncated',
    async (part) => {
      const whole = readFileSync(await written(school(30)))
      const path = scratch()
      writeFileSync(path, whole.subarray(0, Math.floor(whole.length * part)))
      const error = await refusal(path)
      expect(error.code).toBe('ERR_NOT_HDF5')
      expect(error.message).toMatch(/truncated/)
      expect(error.message).toContain(String(whole.length))
    },
  )
})

describe('an HDF5 file that is no tracking file', () => {
  const empty = async (lines: string) => {
    const path = scratch()
    await h5py(path, 'w', lines)
    return path
  }

  test('the reader refuses an HDF5 file without /tracking', async () => {
    const error = await refusal(await empty('f["other"] = 1'))
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toContain('/tracking')
  })

  test('the reader refuses an HDF5 file whose /tracking is a dataset', async () => {
    const error = await refusal(await empty('f["tracking"] = 1'))
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toMatch(/\/tracking.*group/)
  })

  test('the reader refuses an HDF5 file whose /tracking is a dangling soft link', async () => {
    const error = await refusal(await empty('f["tracking"] = h5py.SoftLink("/nowhere")'))
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toContain('/tracking')
  })

  test('the reader does not follow /tracking into another file', async () => {
    const other = await written(school(1))
    const error = await refusal(await empty(`f["tracking"] = h5py.ExternalLink(${JSON.stringify(other)}, "/tracking")`))
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toContain('/tracking')
  })
})

/** A good file in which one thing was changed by h5py. */
async function changed(lines: string): Promise<string> {
  const path = scratch()
  copyFileSync(await written(school(7), CAMERAS, { chunkFrames: 3 }), path)
  return changeTracking(path, lines)
}

/** Replaces a dataset by another one. */
const replaced = (name: string, dataset: string) => `del g["${name}"]\ng.create_dataset("${name}", ${dataset})`

const DATASETS = [
  'frame_index',
  'fish_id',
  'centroid_3d',
  'confidence',
  'reprojection_residual',
  'n_cameras',
  'is_confirmed',
  'camera_assignments/east',
  'bboxes/east',
]

describe.each(DATASETS)('the dataset %s', (name) => {
  const path = `/tracking/${name}`
  const width = { bboxes: 4, centroid_3d: 3 }[name.split('/')[0]!]
  const shape = (rows: number, slots = 9) =>
    `(${[rows, ...(name === 'frame_index' ? [] : [slots]), ...(width ? [width] : [])].join(',')},)`
  const own =
    {
      frame_index: '"<i8"',
      centroid_3d: '"<f4"',
      confidence: '"<f4"',
      reprojection_residual: '"<f4"',
      is_confirmed: 'np.bool_',
    }[name] ?? '"<i4"'

  test.each<[string, string, RegExp]>([
    ['is missing', `del g["${name}"]`, /missing|no such|not there|absent|found nothing|does not exist/i],
    ['is a group', `del g["${name}"]\ng.create_group("${name}")`, /group/],
    ['is text', replaced(name, `data=np.full(${shape(7)}, "a", object)`), /string/],
    ['is a compound', replaced(name, `${shape(7)}, [("a", "<i4")]`), /compound/],
    ['is float64', replaced(name, `${shape(7)}, "<f8"`), /float64/],
    ['is a scalar', replaced(name, `(), ${own}`), /\(\)|scalar/],
    ['has no shape', replaced(name, `data=h5py.Empty(${own})`), /null|empty/i],
    ['is shorter than the others', replaced(name, `${shape(6)}, ${own}`), /\b6\b/],
    ['is longer than the others', replaced(name, `${shape(8)}, ${own}`), /\b8\b/],
    ['has one axis more', replaced(name, `${shape(7)} + (1,), ${own}`), /\b1\b/],
    ...(name === 'frame_index'
      ? []
      : ([['has another number of slots', replaced(name, `${shape(7, 8)}, ${own}`), /\b8\b/]] as [
          string,
          string,
          RegExp,
        ][])),
  ])(`the reader refuses a file whose ${name} %s`, async (_, lines, found) => {
    const error = await refusal(await changed(lines))
    expect(error.code).toBe('ERR_FORMAT')
    const says = lines.includes('(7,8') || /\((6|8),/.test(lines) || lines.includes('+ (1,)')
    // Either of two datasets that disagree may be the wrong one; the message names one of them with what was found there.
    if (says) expect(error.message).toMatch(/\/tracking\/\w+/)
    else expect(error.message).toContain(path)
    expect(error.message).toMatch(found)
  })
})

describe('camera_names', () => {
  test.each<[string, string, RegExp]>([
    ['is missing', 'del g.attrs["camera_names"]', /camera_names/],
    ['is a number', 'g.attrs["camera_names"] = 3', /camera_names/],
    ['is a list of numbers', 'g.attrs["camera_names"] = [1, 2]', /camera_names/],
    ['names a camera twice', 'g.attrs["camera_names"] = ["east", "east"]', /camera_names.*east/],
    [
      'names a camera without datasets',
      'g.attrs["camera_names"] = ["east", "west"]',
      /\/tracking\/(camera_assignments|bboxes)\/west/,
    ],
    [
      'names a camera by the path of another dataset',
      'g.attrs["camera_names"] = ["east", "../fish_id"]',
      /\.\.\/fish_id/,
    ],
  ])('the reader refuses a file whose camera_names %s', async (_, lines, says) => {
    const error = await refusal(await changed(lines))
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toMatch(says)
  })
})

// HDF5 would open other files for these datasets; a tracking file must not make us read another file.
describe('a dataset whose values are in another file', () => {
  const other = JSON.stringify(scratch('other.h5'))
  const elsewhere = `np.zeros((7, 9), "<i4").tofile(${other})\n`

  test.each<[string, string]>([
    [
      'by an external link',
      `h5py.File(${other}, "w")["x"] = np.zeros((7, 9), "<i4")\ndel g["n_cameras"]\ng["n_cameras"] = h5py.ExternalLink(${other}, "/x")`,
    ],
    [
      'as external raw storage',
      `${elsewhere}${replaced('n_cameras', `(7, 9), "<i4", external=[(${other}, 0, 7 * 9 * 4)]`)}`,
    ],
    [
      'as a virtual dataset',
      `h5py.File(${other}, "w")["x"] = np.zeros((7, 9), "<i4")
layout = h5py.VirtualLayout((7, 9), "<i4")
layout[:] = h5py.VirtualSource(${other}, "x", (7, 9))
del g["n_cameras"]
g.create_virtual_dataset("n_cameras", layout)`,
    ],
  ])('the reader refuses a dataset whose values are in another file %s', async (_, lines) => {
    const error = await refusal(await changed(lines))
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toContain('/tracking/n_cameras')
  })
})

test("reading a damaged chunk fails with ERR_HDF5 and HDF5's error stack", async () => {
  const path = await written(school(7), CAMERAS, { chunkFrames: 3 })
  await damageChunk(path, '/tracking/centroid_3d', 0)
  using reader = new TrackingReader(path)
  const error = await failure(() => reader.read())
  expect(error.code).toBe('ERR_HDF5')
  expect(error.message).toContain('centroid_3d')
  expect(error.hdf5!.length).toBeGreaterThan(0)
  for (const entry of error.hdf5!) {
    expect(entry).toEqual({
      function: expect.any(String),
      major: expect.any(String),
      minor: expect.any(String),
      text: expect.any(String),
    })
  }
  expect((await reader.read({ fields: ['fishId'] })).fishId.data).toHaveLength(7 * 9)
})

test('the reader ignores other objects in a tracking file', async () => {
  const path = await changed('g["extra"] = np.arange(3)\nf["other/thing"] = "text"\ng["bboxes"]["unlisted"] = 1')
  expect((await readTrackingResults(path)).frameIndex.shape).toEqual([7])
})
