import { FrameReader, FrameWriter, type Layout, midlineLayout, midlineLayoutWith } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { generator } from '../faults/spread.js'
import { failure } from '../support/errors.js'
import { h5diff } from '../support/hdf5/hdf5-tools.js'
import { askH5py, h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Midline files that AquaPose wrote, of each version, are opened with the fields and sample points that they have.

const random = generator(3)
const list = (length: number) => Array.from({ length }, () => Math.fround(random()))
const midline = (fishId: number, samples: number, points = false) => ({
  fishId,
  // A fish has points, a spline, or both.
  ...(points && fishId !== 1 ? { points: list(3 * samples) } : {}),
  ...(points && fishId === 2 ? {} : { controlPoints: list(21), arcLength: Math.fround(0.3) }),
  halfWidths: list(samples),
  nCameras: 4,
  meanResidual: 1.5,
  maxResidual: 3,
  isLowConfidence: fishId === 1,
  // AquaPose computes these two only with its z denoising.
  ...(fishId === 1 ? {} : { centroidZ: Math.fround(random()), zOffsets: list(samples) }),
})

async function midlines(header: { samples?: number; older?: boolean; points?: boolean }) {
  const path = scratch('midlines.h5')
  const frames = [[], [0], [0, 1], [1, 3, 2]].map((ids, i) => ({
    frameIndex: String(10 * i),
    records: ids.map((id) => midline(id, header.samples ?? 15, header.points)),
  }))
  const input = [{ maxFish: 4, chunkFrames: 3, ...header }, ...frames].map((line) => JSON.stringify(line)).join('\n')
  await runPython('aquapose_midlines.py', [path], { input: `${input}\n` })
  return { path, frames }
}

const midlineNames = midlineLayout.fields.map(({ name }): string => name)

test.each<[string, { samples?: number; older?: boolean; points?: boolean }]>([
  ['AquaPose 1.1.0', {}],
  ['AquaPose 1.1.0 with 6 sample points', { samples: 6 }],
  ['AquaPose from before z denoising', { older: true }],
  ["AquaPose's development version", { samples: 6, points: true }],
])('a midline file of %s is found and read with its own fields', async (_, header) => {
  const { path, frames } = await midlines(header)
  using reader = new FrameReader(path)
  const names = reader.layout.fields.map(({ name }) => name)
  const lacks = 'older' in header ? ['centroidZ', 'zOffsets'] : []
  const more = 'points' in header ? ['points'] : []
  expect(names.toSorted()).toEqual([...midlineNames.filter((name) => !lacks.includes(name)), ...more].toSorted())
  expect(reader).toMatchObject({ slots: 4, cameraNames: [], chunkFrames: 3, metadata: { SPLINE_K: 3 } })

  const none = (record: { points?: unknown; controlPoints?: unknown; centroidZ?: unknown }) => ({
    ...(record.controlPoints ? {} : { controlPoints: Array(21).fill(Number.NaN), arcLength: Number.NaN }),
    ...(record.points || !more.length ? {} : { points: Array(18).fill(Number.NaN) }),
    ...(record.centroidZ || lacks.length ? {} : { centroidZ: Number.NaN }),
  })
  let row = 0
  for await (const { frameIndex, records } of reader.frames()) {
    const frame = frames[row++]!
    expect(frameIndex).toBe(Number(frame.frameIndex))
    const expected = frame.records
      .toSorted((a, b) => a.fishId - b.fishId)
      .map(({ centroidZ, zOffsets, ...record }) => ({
        ...record,
        ...(lacks.length > 0 || centroidZ === undefined ? {} : { centroidZ, zOffsets }),
        ...none({ ...record, centroidZ }),
      }))
    const read = records!.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]) => [
          name,
          ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
        ]),
      ),
    )
    expect(read).toMatchObject(expected)
  }
  expect(row).toBe(frames.length)
})

test('a midline file without a dataset that every version has is refused', async () => {
  const { path } = await midlines({})
  await h5py(path, 'r+', 'del f["midlines/arc_length"]')
  const error = await failure(() => new FrameReader(path))
  expect(error.code).toBe('ERR_FORMAT')
  expect(error.message).toContain("'/midlines/arc_length': expected a dataset; found nothing of that name")
})

test('a midline file whose sample points make no sense is refused', async () => {
  const { path } = await midlines({})
  await h5py(path, 'r+', 'del f["midlines/half_widths"]; f["midlines/half_widths"] = np.zeros((4, 4))')
  const error = await failure(() => new FrameReader(path))
  expect(error.code).toBe('ERR_FORMAT')
  expect(error.message).toContain('half_widths')
})

test('a layout with other sample points than the file is refused', async () => {
  const { path } = await midlines({ samples: 6 })
  const error = await failure(() => new FrameReader(path, midlineLayout))
  expect(error.message).toContain("'/midlines/half_widths': expected a shape of (N, 4, 15); found (4, 4, 6)")
})

describe('midline files that h5tracks writes', () => {
  /** Writes the frames of a file of AquaPose's to a file of our own. */
  async function copied(frames: Awaited<ReturnType<typeof midlines>>['frames'], layout: Layout) {
    const path = scratch('ours.h5')
    const writer = new FrameWriter(path, layout, { slots: 4, chunkFrames: 3 })
    for (const { frameIndex, records } of frames) writer.writeFrame(Number(frameIndex), records)
    await writer.close()
    return path
  }

  test.each([{ samples: 15 }, { samples: 6 }, { samples: 6, points: true }])(
    'a midline file with %o has the values and types that AquaPose writes',
    async (options) => {
      const { path, frames } = await midlines(options)
      const layout = midlineLayoutWith(options)
      const ours = await copied(frames, layout)
      for (const { dataset: name } of layout.fields) {
        const { code, said } = await h5diff(ours, path, `/midlines/${name}`)
        expect({ name, code, said: said.includes('0 differences found') }).toEqual({ name, code: 0, said: true })
      }
      const describe = `sorted([n, str(d.dtype), d.shape, d.maxshape, d.chunks, str(d.fillvalue)] for n, d in f["midlines"].items())`
      expect(await askH5py(ours, describe)).toEqual(await askH5py(path, describe))
      const spline =
        '[[str(v.dtype), np.array(v).tolist()] for v in (f["midlines"].attrs[n] for n in ("SPLINE_KNOTS", "SPLINE_K"))]'
      expect(await askH5py(ours, spline)).toEqual(await askH5py(path, spline))
    },
  )

  test('a midline file with points is not continued with a layout that lacks them', async () => {
    const { path } = await midlines({ points: true })
    const error = await failure(() => FrameWriter.resume(path, midlineLayout))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', field: 'points' })
    await (await FrameWriter.resume(path)).close()
    await (await FrameWriter.resume(path, midlineLayoutWith({ points: true }))).close()
  })

  test('a midline file of AquaPose is continued with the fields and sample points that it has', async () => {
    const { path } = await midlines({ samples: 6, older: true })
    const writer = await FrameWriter.resume(path)
    expect(writer.lastFrameIndex).toBe(30)
    const { centroidZ, zOffsets, ...record } = midline(2, 6)
    writer.writeFrame(40, [record])
    const error = await failure(() => writer.writeFrame(50, [{ ...record, centroidZ: centroidZ as number }]))
    expect(error).toMatchObject({ code: 'ERR_INVALID_RECORD', frame: 50 })
    expect(error.message).toContain("'centroidZ'")
    await writer.close()
    const read =
      '[m["frame_index"][:].tolist(), m["fish_id"][4].tolist(), m["half_widths"][4, 0].tolist(), "z_offsets" in m]'
    expect(await askH5py(path, `(lambda m: ${read})(f["midlines"])`)).toEqual([
      [0, 10, 20, 30, 40],
      [2, -1, -1, -1],
      record.halfWidths,
      false,
    ])
  })
})
