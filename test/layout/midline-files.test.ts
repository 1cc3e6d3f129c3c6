import { join } from 'node:path'
import { midlineLayout } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { generator } from '../faults/spread.js'
import { failure } from '../support/errors.js'
import { ROOT } from '../support/process.js'
import { h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Midline files that AquaPose wrote, of each version, are opened with the fields and sample points that they have.

const { openFrameFile } = await import(join(ROOT, 'dist/frames/file/open.js'))
const { layoutsIn } = await import(join(ROOT, 'dist/frames/file/described.js'))

const random = generator(3)
const list = (length: number) => Array.from({ length }, () => Math.fround(random()))
const midline = (fishId: number, samples: number) => ({
  fishId,
  controlPoints: list(21),
  arcLength: Math.fround(0.3),
  halfWidths: list(samples),
  nCameras: 4,
  meanResidual: 1.5,
  maxResidual: 3,
  isLowConfidence: fishId === 1,
  // AquaPose computes these two only with its z denoising.
  ...(fishId === 1 ? {} : { centroidZ: Math.fround(random()), zOffsets: list(samples) }),
})

async function midlines(header: { samples?: number; older?: boolean }) {
  const path = scratch('midlines.h5')
  const frames = [[], [0], [0, 1], [1, 3, 2]].map((ids, i) => ({
    frameIndex: String(10 * i),
    records: ids.map((id) => midline(id, header.samples ?? 15)),
  }))
  const input = [{ maxFish: 4, chunkFrames: 3, ...header }, ...frames].map((line) => JSON.stringify(line)).join('\n')
  await runPython('aquapose_midlines.py', [path], { input: `${input}\n` })
  return { path, frames }
}

/** Opens a file with the layout that is found in it. */
function opened(path: string) {
  using file = new File(path, 'r')
  const [layout, ...others] = layoutsIn(file)
  expect(others).toEqual([])
  return openFrameFile(path, layout)
}

describe.each([
  ['AquaPose 1.1.0', {}],
  ['AquaPose 1.1.0 with 6 sample points', { samples: 6 }],
  ['AquaPose from before z denoising', { older: true }],
])('a midline file of %s', (_, header) => {
  test('is found and read with its own fields', async () => {
    const { path, frames } = await midlines(header)
    const source = opened(path)
    const names = source.layout.fields.map(({ name }: { name: string }) => name)
    const lacks = 'older' in header ? ['centroidZ', 'zOffsets'] : []
    expect(names).toEqual(midlineLayout.fields.map(({ name }) => name).filter((name) => !lacks.includes(name)))
    expect(source).toMatchObject({ slots: 4, cameraNames: [], chunkFrames: 3 })
    expect(source.metadata).toMatchObject({ SPLINE_K: 3 })

    const columns = source.readColumnsSync(source.columns, 0, frames.length)
    const byName = Object.fromEntries(names.map((name: string, i: number) => [name, Array.from(columns[i].data)]))
    for (const [row, { frameIndex, records }] of frames.entries()) {
      expect(byName.frameIndex[row]).toBe(BigInt(frameIndex))
      const sorted = [...records].sort((a, b) => a.fishId - b.fishId)
      expect(byName.fishId.slice(4 * row, 4 * row + 4)).toEqual([0, 1, 2, 3].map((slot) => sorted[slot]?.fishId ?? -1))
      for (const [slot, record] of sorted.entries()) {
        const at = 4 * row + slot
        const points = byName.controlPoints.slice(21 * at, 21 * at + 21)
        expect(points).toEqual(record.controlPoints)
        if (lacks.length === 0) expect(byName.centroidZ[at]).toBe(record.centroidZ ?? Number.NaN)
      }
    }
    source.file.closeSync()
  })
})

test('a midline file without a dataset that every version has is refused', async () => {
  const { path } = await midlines({})
  await h5py(path, 'r+', 'del f["midlines/arc_length"]')
  const error = await failure(() => opened(path))
  expect(error.code).toBe('ERR_FORMAT')
  expect(error.message).toContain("'/midlines/arc_length': expected a dataset; found nothing of that name")
})

test('a midline file whose sample points make no sense is refused', async () => {
  const { path } = await midlines({})
  await h5py(path, 'r+', 'del f["midlines/half_widths"]; f["midlines/half_widths"] = np.zeros((4, 4))')
  const error = await failure(() => opened(path))
  expect(error.code).toBe('ERR_FORMAT')
  expect(error.message).toContain('half_widths')
})

test('a layout with other sample points than the file is refused', async () => {
  const { path } = await midlines({ samples: 6 })
  const error = await failure(() => openFrameFile(path, midlineLayout))
  expect(error.message).toContain("'/midlines/half_widths': expected a shape of (N, 4, 15); found (4, 4, 6)")
})
