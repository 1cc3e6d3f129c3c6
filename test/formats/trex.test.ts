import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FrameReader } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { ROOT } from '../support/process.js'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// The tables that TRex exports, one for each animal. The oracle is NumPy, which writes them.

async function made(kind: string) {
  const folder = scratch('data')
  return { folder, expected: JSON.parse(await runPython('trex.py', [kind, folder])) as Record<string, unknown> }
}

describe('tables of TRex', () => {
  test.each([
    ['csv', 'clip_fish0.csv', 'tracks'],
    ['npz', 'clip_fish1.npz', 'tracks'],
    ['stored', '', 'tracks'],
    ['pose', '', 'poses'],
  ])('%s (%j) goes in with the values that NumPy finds, for all animals', async (kind, name) => {
    const { folder, expected } = await made(kind)
    const input = join(folder, name)
    expect((await detectFormat(input)).name).toBe('trex')
    const to = scratch()
    const { report, recordings } = await convert(input, to)
    expect(recordings).toEqual([{ name: 'tracks', frames: 40 }])
    expect(JSON.parse(await runPython('tracks_of.py', [to, 'tracks', ...Object.keys(expected)]))).toEqual(expected)
    const lost = report.filter((entry) => entry.kind === 'lost')
    expect(lost.map(({ what, count }) => [what, count])).toEqual(kind === 'csv' ? [] : [['array frame_segments', 180]])
    using reader = new FrameReader(to)
    expect(reader.metadata.names).toEqual(['fish0', 'fish1', 'fish2'])
    if (kind !== 'csv') expect(reader.metadata).toMatchObject({ cm_per_pixel: 0.0234, video_size: [1920, 1080] })
    const speed = reader.layout.fields.find(({ name }) => name === 'speed_wcentroid')
    expect(speed?.unit).toBe(kind === 'csv' ? 'cm/s' : undefined)
    const { time } = await reader.read({ start: 2, stop: 4 })
    expect([...(time as { data: Float64Array }).data]).toEqual([2 / 25, 3 / 25])
  })

  test('files of postures in the same folder are named as lost', async () => {
    const { folder, expected } = await made('posture')
    const to = scratch()
    const { report, recordings } = await convert(folder, to)
    expect(recordings.map(({ name }) => name)).toEqual(['clip'])
    expect(report).toContainEqual(
      expect.objectContaining({ kind: 'lost', what: `file ${join(folder, 'clip_posture_fish2.npz')}` }),
    )
    expect(JSON.parse(await runPython('tracks_of.py', [to, 'clip', 'x', 'y']))).toEqual(expected)
  })

  test.each([
    ['without a column of frames', 'X#wcentroid (cm),Y#wcentroid (cm)\n1,2\n', undefined],
    ['with a short line', 'frame,X,Y\n0,1,2\n1,2\n', 'line 3'],
    ['with a word', 'frame,X,Y\n0,1,zebra\n', 'line 2'],
    ['with frames that go back', 'frame,X,Y\n4,1,2\n3,1,2\n', 'frame 3'],
  ])('a CSV %s is refused', async (_, text, field) => {
    const path = scratch('clip_fish0.csv')
    writeFileSync(path, text)
    const to = scratch()
    const error = await failure(() => convert(path, to, { from: 'trex' }))
    expect({ code: error.code, path: error.path, field: error.field }).toEqual({ code: 'ERR_FORMAT', path, field })
    expect(existsSync(to)).toBe(false)
  })

  test('a damaged or truncated archive is refused', async () => {
    const { folder } = await made('stored')
    const path = join(folder, 'clip_fish0.npz')
    const bytes = readFileSync(path)
    for (const change of [
      (copy: Buffer) => copy.subarray(0, copy.length - 40),
      (copy: Buffer) => copy.fill(0xff, 400, 1000),
      (copy: Buffer) => copy.fill(0x20, 0, 60),
    ]) {
      const damaged = scratch('clip_fish0.npz')
      writeFileSync(damaged, change(Buffer.from(bytes)))
      expect(await failure(() => convert(damaged, scratch(), { from: 'trex' }))).toMatchObject({
        code: 'ERR_FORMAT',
        path: damaged,
      })
    }
  })

  const real = join(ROOT, '../shared/data/formats/trex/test_fish0.csv')
  test.skipIf(!existsSync(real))("TRex' own test files go in, both at once", async () => {
    const to = scratch()
    const { report } = await convert(real, to)
    expect(report).toEqual([
      { kind: 'guessed', what: 'files of the animals', value: '2 of the same name beside the input' },
      { kind: 'guessed', what: 'y', value: 'NaN, since there is no column Y' },
    ])
    using reader = new FrameReader(to)
    const { x, individual } = (await reader.read({ start: 0, stop: 1 })) as unknown as Record<
      string,
      { data: Float64Array }
    >
    expect([...individual!.data]).toEqual([0, 1])
    expect(x!.data[0]).toBe(635)
  })
})
