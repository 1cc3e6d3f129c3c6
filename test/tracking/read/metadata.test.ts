import { readTrackingResults, recover, TrackingReader, TrackingWriter, versions, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { askH5py, runPython } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { school } from '../../support/tracking/frames.js'
import { killed } from '../../support/tracking/journal.js'
import { written } from '../../support/tracking/writing.js'

// Metadata of a recording are stored as attributes of /tracking. Every HDF5 reader finds them; AquaPose's reader ignores
// them.

type Metadata = NonNullable<WriterOptions['metadata']>
const metadata: Metadata = {
  fps: 60,
  interval: 1 / 60,
  negative: -3,
  largest: Number.MAX_SAFE_INTEGER,
  huge: 1e300,
  frames: 2n ** 60n,
  units: 'cm',
  species: 'Danio rerio – 斑马鱼 🐟',
  empty: '',
  calibrated: true,
  live: false,
  operators: ['Ada', 'Grace', ''],
  offsets: [0.5, -1.25, 3],
  sizes: [1, 2, 3],
  __proto__own: 'own',
}

const given = async (given: Metadata) => written(school(1, 1, []), [], { metadata: given })

test('metadata survive a round trip with their types, next to schema, schema_version and created_by', async () => {
  const path = await given(metadata)
  using reader = new TrackingReader(path)
  for (const read of [reader.metadata, (await readTrackingResults(path)).metadata]) {
    const { schema, schema_version, created_by, ...own } = read
    expect(Object.getPrototypeOf(read)).toBeNull()
    expect([schema, schema_version]).toEqual(['aquapose-tracking', '1.0'])
    expect(created_by).toMatch(/^h5tracks \d+\.\d+\.\d+ \(HDF5 \d+\.\d+\.\d+\)$/)
    expect(Object.keys(own).sort()).toEqual(Object.keys(metadata).sort())
    for (const [name, value] of Object.entries(metadata)) expect(comparable(own[name])).toEqual(comparable(value))
  }
})

/** Reduces values to a common form: an int64 may come back as a bigint, and a list as a typed array. */
function comparable(value: unknown): unknown {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (ArrayBuffer.isView(value) || Array.isArray(value))
    return Array.from(value as unknown as ArrayLike<unknown>, comparable)
  return value
}

describe('metadata in h5py', () => {
  const ask = async <T>(expression: string) =>
    askH5py<T>(await given(metadata), `(lambda a: ${expression})(f["tracking"].attrs)`)

  test('metadata are stored as int64, float64, bool and UTF-8 strings of variable length', async () => {
    expect(
      await ask(
        '[[str(a[n].dtype), list(a[n].shape)] for n in ("fps", "largest", "frames", "interval", "huge", "calibrated")]',
      ),
    ).toEqual([
      ['int64', []],
      ['int64', []],
      ['int64', []],
      ['float64', []],
      ['float64', []],
      ['bool', []],
    ])
    expect(
      await ask('[a["fps"].item(), str(a["frames"]), a["interval"].item(), bool(a["calibrated"]), bool(a["live"])]'),
    ).toEqual([60, String(2n ** 60n), 1 / 60, true, false])
    expect(await ask('[a["units"], a["species"], a["empty"]]')).toEqual(['cm', metadata.species, ''])
    expect(
      await ask('[a.get_id("species").get_type().is_variable_str(), a.get_id("species").get_type().get_cset()]'),
    ).toEqual([true, 1])
  })

  test('h5py reads metadata lists as arrays', async () => {
    expect(await ask('[list(a["operators"]), a["offsets"].tolist(), a["sizes"].tolist()]')).toEqual([
      metadata.operators,
      metadata.offsets,
      metadata.sizes,
    ])
  })
})

test("AquaPose's reader reads the same with and without metadata", async () => {
  const frames = school(3, 2)
  const options = { chunkFrames: 2 }
  const without = await runPython('aquapose_reader.py', [await written(frames, undefined, options)])
  const beside = await runPython('aquapose_reader.py', [await written(frames, undefined, { ...options, metadata })])
  expect(beside).toBe(without)
  expect(JSON.parse(without).arrays.fish_id.shape).toEqual([3, 9])
})

test('metadata lists beyond 64 KiB survive a round trip and a killed writer, and h5py reads them', async () => {
  const large = {
    notes: Array.from({ length: 5000 }, (_, i) => `note ${i}`),
    times: Array.from({ length: 9000 }, (_, i) => i + 0.5),
  }
  const path = await written(school(3, 2), undefined, { chunkFrames: 2, metadata: large })
  expect((await readTrackingResults(path)).metadata).toMatchObject(large)
  const dying = await killed(12, { metadata: large })
  await recover(dying)
  const recovered = await readTrackingResults(dying)
  expect(recovered.frameIndex.data).toHaveLength(12)
  expect(recovered.metadata).toMatchObject(large)
  for (const file of [path, dying]) {
    const found = await askH5py(file, '[len(f["tracking"].attrs["notes"]), float(f["tracking"].attrs["times"].sum())]')
    expect(found).toEqual([5000, 9000 * 4500])
  }
})

test('created_by names the versions of this package and of the HDF5 that wrote the file', async () => {
  const { metadata } = await readTrackingResults(await given({}))
  expect(metadata.created_by).toBe(`h5tracks ${versions.h5tracks} (HDF5 ${versions.hdf5.running})`)
})

describe('refused metadata', () => {
  const no = (value: unknown) => value as Metadata
  test.each<[string, Metadata]>([
    ['camera_names', no({ camera_names: ['a'] })],
    ['schema', no({ schema: 'mine' })],
    ['schema_version', no({ schema_version: '2.0' })],
    ['created_by', no({ created_by: 'me' })],
    ['when', no({ when: new Date(0) })],
    ['nothing', no({ nothing: null })],
    ['undefinedValue', no({ undefinedValue: undefined })],
    ['nested', no({ nested: { a: 1 } })],
    ['mixed', no({ mixed: [1, 'a'] })],
    ['tooBig', no({ tooBig: 2n ** 63n })],
    ['broken', no({ broken: 'lone \ud800 surrogate' })],
    ['cut', no({ cut: 'a\0b' })],
  ])('the writer refuses the metadata %s by name and leaves no file', async (name, refused) => {
    const path = scratch()
    const error = await failure(() => new TrackingWriter(path, [], { metadata: refused }))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toContain('metadata')
    expect(error.message).toContain(name)
    expect((await failure(() => new TrackingReader(path))).code).toBe('ENOENT')
  })
})
