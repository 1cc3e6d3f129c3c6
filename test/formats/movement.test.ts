import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { FrameReader, FrameWriter, poseLayout } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Files of movement, in and out. The oracle is xarray, with both of its engines for netCDF-4.

interface Shown {
  dims: string[]
  attrs: Record<string, unknown>
  coords: Record<string, unknown>
  [variable: string]: unknown
}

const movement = (what: string, files: readonly (readonly string[])[]) =>
  runPython('movement.py', [what], { input: JSON.stringify(files) })
const shown = async (...files: (readonly [engine: string, path: string])[]): Promise<Shown[]> =>
  JSON.parse(await movement('show', files))

const engines = ['h5netcdf', 'netcdf4'] as const
const kinds = ['poses', 'poses3d', 'old', 'bboxes', 'frames', 'float32']
const cases = kinds.flatMap((kind) => engines.map((engine, i) => ({ kind, engine, other: engines[1 - i]! })))
const files = new Map<string, { path: string; back: string; report: unknown; before: Shown; after: Shown }>()

beforeAll(async () => {
  const all = cases.map((one) => ({ ...one, path: scratch('poses.nc'), inside: scratch(), back: scratch('back.nc') }))
  await movement(
    'make',
    all.map(({ kind, engine, path }) => [kind, engine, path]),
  )
  const reports: unknown[] = []
  for (const { path, inside, back } of all) {
    reports.push([...(await convert(path, inside)).report, ...(await convert(inside, back)).report])
  }
  const seen = await shown(
    ...all.flatMap(({ engine, other, path, back }) => [[engine, path] as const, [other, back] as const]),
  )
  for (const [i, { kind, engine, path, back }] of all.entries()) {
    files.set(`${kind} ${engine}`, { path, back, report: reports[i], before: seen[2 * i]!, after: seen[2 * i + 1]! })
  }
}, 120_000)

/** A copy of one of the files, which may be changed. */
function made(name: string): string {
  const path = scratch('poses.nc')
  copyFileSync(files.get(name)!.path, path)
  return path
}

describe('a file of movement goes in and out again, and xarray finds the same values', () => {
  test.each(cases)('$kind, made with $engine and read with $other', async ({ kind, engine }) => {
    const { path, before, after, report } = files.get(`${kind} ${engine}`)!
    expect((await detectFormat(path)).name).toBe('movement')
    expect(report).toEqual([])
    const order = ['time', 'space', 'keypoints', 'individuals'].filter((axis) => before.dims.includes(axis))
    expect(after).toEqual({ ...before, dims: order })
  })
})

test('the values in the h5tracks file are those of xarray', async () => {
  const { path, before } = files.get('old netcdf4')!
  const to = scratch()
  await convert(path, to)
  const { position, confidence } = before as unknown as Record<string, number[][][][]>
  const own = JSON.parse(await runPython('tracks_of.py', [to, 'poses', 'keypoints', 'confidence']))
  expect(own.keypoints).toEqual(
    position!.map((frame) =>
      [0, 1].map((animal) => [0, 1, 2].map((node) => [0, 1].map((axis) => frame[axis]![node]![animal]))),
    ),
  )
  expect(own.confidence[0][1]).toEqual(confidence![0]!.map((node) => node[1]))
  using reader = new FrameReader(to)
  expect(reader.metadata).toMatchObject({ names: ['id_0', 'möwe'], fps: 30, source_software: 'SLEAP' })
  expect(reader.layout.axes.get('node')).toEqual(['nose', 'neck', 'tail'])
})

test('any poses survive the way out and in again', async () => {
  const layout = poseLayout({ nodes: ['a', 'b'], edges: [['a', 'b']], dimensions: 2, max: 3 })
  const number = fc.float({ noNaN: true, noDefaultInfinity: true })
  const record = fc.record({
    individual: fc.nat(4),
    keypoints: fc.array(fc.oneof(fc.tuple(number, number), fc.constant([Number.NaN, Number.NaN])), {
      minLength: 2,
      maxLength: 2,
    }),
    confidence: fc.array(number, { minLength: 2, maxLength: 2 }),
  })
  const frames = fc.array(fc.uniqueArray(record, { maxLength: 3, selector: ({ individual }) => individual }), {
    minLength: 1,
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(frames, async (list) => {
      const [path, out, back] = [scratch(), scratch('out.nc'), scratch()]
      {
        await using writer = new FrameWriter(path, layout)
        for (const [i, records] of list.entries()) {
          // An animal without a known node is not in a file of movement.
          const kept = records.map(({ keypoints, ...rest }) => ({ ...rest, keypoints: keypoints.flat() as number[] }))
          writer.writeFrame(i * 2, kept as never)
        }
      }
      await convert(path, out)
      await convert(out, back)
      const seen = async (file: string) => {
        using reader = new FrameReader(file, 'poses')
        const all: unknown[] = []
        for await (const { frameIndex, records } of reader.frames()) {
          for (const { individual, keypoints, confidence } of records as Record<string, ArrayLike<number> | number>[]) {
            all.push([
              Number(frameIndex),
              individual,
              [...(keypoints as Float32Array)],
              [...(confidence as Float32Array)],
            ])
          }
        }
        return all
      }
      expect(await seen(back)).toEqual(await seen(path))
    }),
    { numRuns: 15 },
  )
}, 60_000)

describe('recordings of other programs', () => {
  test('positions become one keypoint, the centroid; what has no place is reported', async () => {
    const path = scratch('trajectories.npy')
    await runPython('idtracker.py', ['npy', path])
    const out = scratch('out.nc')
    const { report } = await convert(path, out)
    expect(report.filter((entry) => entry.kind === 'lost')).toEqual([])
    const [{ dims, coords, attrs }] = (await shown(['netcdf4', out])) as [Shown]
    expect(dims).toEqual(['time', 'space', 'keypoints', 'individuals'])
    expect(coords).toMatchObject({ keypoints: ['centroid'], individuals: ['a', 'b', 'c'], space: ['x', 'y'] })
    expect(attrs).toMatchObject({ ds_type: 'poses', fps: 28.5, time_unit: 'seconds', source_software: 'idtracker.ai' })
  })

  test('boxes and embeddings of JABS are counted as lost', async () => {
    const path = scratch('mouse.h5')
    await runPython('jabs.py', ['8', path])
    const { report } = await convert(path, scratch('out.nc'))
    const lost = report.filter((entry) => entry.kind === 'lost').map(({ what, count }) => [what, count])
    expect(lost).toEqual(
      expect.arrayContaining([
        ['values of identityEmbedding', 87],
        ['values of trackId', 87],
        ['values of box', 87],
      ]),
    )
  })
})

describe('files that are not as they should be are refused with the place', () => {
  test.each([
    ['without positions', `del f['position']`, 'position'],
    ['with labels of other keypoints', `del f['keypoints']; f['keypoints'] = ['a']`, 'keypoints'],
    ['with other coordinates', `f['space'][:] = ['u', 'v']`, 'space'],
    ['with times that go back', `f['time'][3] = 0`, 'time'],
    ['with infinite times', `f['time'][3] = np.inf`, 'time'],
  ])('%s', async (_, lines, field) => {
    const path = made('poses netcdf4')
    await h5py(path, 'r+', lines)
    const to = scratch()
    expect(await failure(() => convert(path, to, { from: 'movement' }))).toMatchObject({
      code: 'ERR_FORMAT',
      path,
      field,
    })
    expect(existsSync(to)).toBe(false)
  })

  test('netCDF-3 is named, with the way out', async () => {
    const path = scratch('old.nc')
    writeFileSync(path, Buffer.concat([Buffer.from('CDF\x01'), Buffer.alloc(60)]))
    expect((await failure(() => convert(path, scratch()))).message).toContain("engine='netcdf4'")
  })
})
