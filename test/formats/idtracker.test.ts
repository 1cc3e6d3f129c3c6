import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FrameReader } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { ROOT } from '../support/process.js'
import { h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// Trajectories of idtracker.ai in all kinds of files. The oracle is NumPy, which writes and reads them.

const values = async (path: string): Promise<unknown> =>
  JSON.parse(await runPython('tracks_of.py', [path, 'tracks', 'x', 'y', 'confidence']))

async function made(kind: string, name: string): Promise<{ path: string; expected: unknown }> {
  const path = scratch(name)
  return { path, expected: JSON.parse(await runPython('idtracker.py', [kind, path])) }
}

describe('trajectories of idtracker.ai go in with the values that NumPy finds', () => {
  test.each([
    ['npy', 'trajectories.npy'],
    ['fortran', 'trajectories_wo_gaps.npy'],
    ['python2', 'trajectories.npy'],
    ['protocol3', 'trajectories.npy'],
    ['protocol4', 'trajectories.npy'],
    ['protocol5', 'trajectories.npy'],
    ['pickle', 'trajectories.pickle'],
    ['hdf5', 'trajectories.h5'],
    ['csv', 'trajectories_csv'],
    ['old-csv', 'trajectories.csv'],
    ['session', 'session_fish'],
  ])('%s: %s', async (kind, name) => {
    const { path, expected } = await made(kind, name)
    expect((await detectFormat(path)).name).toBe('idtracker')
    const to = scratch()
    const { report, recordings } = await convert(path, to)
    expect(await values(to)).toEqual(expected)
    expect(recordings).toEqual([{ name: 'tracks', frames: 40 }])
    expect(report.filter((entry) => entry.kind === 'lost')).toEqual([])
    using reader = new FrameReader(to)
    expect(reader.metadata).toMatchObject({
      ...{ names: ['a', 'b', 'c'], fps: 28.5, body_length: 58.25, version: '5.2.12', video_paths: ['/a/b.avi'] },
      ...{ setup_points: '{"border":[[1,2],[3,4]]}', width: 1160, height: 938 },
    })
    expect(reader.metadata).toMatchObject({ area_mean: [1.5, 2.5, 3.5] })
    expect(reader.layout.fields.find((field) => field.name === 'x')?.unit).toBe('px')
  })

  test('the time of a CSV is kept, and --fps replaces the frame rate', async () => {
    const { path } = await made('csv', 'trajectories_csv')
    const to = scratch()
    await convert(path, to, { fps: 30 })
    using reader = new FrameReader(to)
    expect(reader.metadata.fps).toBe(30)
    const { time } = await reader.read({ start: 1, stop: 3 })
    expect([...(time as { data: Float64Array }).data]).toEqual([0.03508771929824561, 0.07017543859649122])
  })
})

test('an array of trajectories without anything else goes in', async () => {
  const { path, expected } = await made('array', 'trajectories.npy')
  expect((await detectFormat(path)).name).toBe('idtracker')
  const to = scratch()
  await convert(path, to)
  const { x, y } = expected as Record<string, unknown>
  expect(JSON.parse(await runPython('tracks_of.py', [to, 'tracks', 'x', 'y']))).toEqual({ x, y })
})

test('arrays that Python 3 wrote as text are refused by name', async () => {
  const { path } = await made('protocol2', 'trajectories.npy')
  expect((await failure(() => convert(path, scratch()))).message).toContain('written as text, in protocol 2 or older')
})

describe('what is not trajectories is refused, with file and place', () => {
  /** Bytes of a pickle in an array of objects. */
  function pickled(bytes: Buffer | string): string {
    const path = scratch('trajectories.npy')
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }".padEnd(117)
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1'),
        Buffer.from(bytes as string, 'latin1'),
      ]),
    )
    return path
  }

  test.each([
    ['a call of a function', '\x80\x03cposix\nsystem\nX\x04\0\0\0true\x85R.', 'posix.system'],
    ['a class', '\x80\x03cbuiltins\neval\nX\x01\0\0\0a\x85R.', 'builtins.eval'],
    ['a persistent id', 'Pabc\n.', 'plain data'],
    ['an instance', '(iposix\nsystem\n.', 'plain data'],
    ['a text longer than the file', '\x80\x03X\xff\xff\x00\x00abc.', 'ends early'],
    ['bytes longer than the file', '\x80\x04\x8e\xff\xff\xff\xff\0\0\0\0.', 'ends early'],
    ['no object', '\x80\x03.', 'damaged'],
    ['an unknown memo', '\x80\x03h\x05.', 'damaged'],
    ['a list without an end', '\x80\x03(', 'ends early'],
    ['a list of itself', '\x80\x03]q\x00h\x00a.', 'nested too deeply'],
    ['lists of lists that double', `\x80\x03]q\x00${'(h\x00h\x00lq\x00'.repeat(40)}.`, 'too'],
    ['a number', '\x80\x03K\x01.', 'no array of trajectories'],
    ['a newer protocol', '\x80\x09N.', 'protocol'],
  ])('a pickle with %s', async (_, bytes, why) => {
    const path = pickled(bytes)
    const to = scratch()
    const error = await failure(() => convert(path, to, { from: 'idtracker' }))
    expect({ code: error.code, path: error.path }).toEqual({ code: 'ERR_FORMAT', path })
    expect(error.message).toContain(why)
    expect(existsSync(to)).toBe(false)
  })

  test('a file that is cut anywhere', async () => {
    const { path } = await made('npy', 'trajectories.npy')
    const bytes = readFileSync(path)
    for (const part of [0.02, 0.1, 0.5, 0.9, 0.999]) {
      const cut = scratch('trajectories.npy')
      writeFileSync(cut, bytes.subarray(0, Math.floor(part * bytes.length)))
      expect((await failure(() => convert(cut, scratch(), { from: 'idtracker' }))).code).toBe('ERR_FORMAT')
    }
  })

  test.each([
    ['of another shape', `f['trajectories'] = np.zeros((4, 2, 3))`, 'trajectories'],
    ['of texts', `f['trajectories'] = ['a']`, 'trajectories'],
    [
      'with probabilities of other animals',
      `f['trajectories'] = np.zeros((4, 2, 2)); f['id_probabilities'] = np.zeros((4, 3))`,
      'id_probabilities',
    ],
    ['that do not exist', `f['other'] = 1`, 'trajectories'],
  ])('HDF5 trajectories %s', async (_, lines, place) => {
    const path = scratch('trajectories.h5')
    await h5py(path, 'w', lines)
    expect(await failure(() => convert(path, scratch(), { from: 'idtracker' }))).toMatchObject({
      code: 'ERR_FORMAT',
      path,
      field: place,
    })
  })

  test.each([
    ['x1,y1\n1,2\n3\n', 'line 3'],
    ['x1,y1\n1,2\n3,zebra\n', 'line 3'],
    ['a,b\n1,2\n', 'line 1'],
    ['', 'line 1'],
  ])('the CSV %j', async (text, place) => {
    const path = scratch('trajectories.csv')
    writeFileSync(path, text)
    expect(await failure(() => convert(path, scratch(), { from: 'idtracker' }))).toMatchObject({
      code: 'ERR_FORMAT',
      path,
      field: place,
    })
  })

  test('a folder without trajectories', async () => {
    const path = scratch('session_x')
    mkdirSync(path)
    expect(await failure(() => convert(path, scratch()))).toMatchObject({ code: 'ERR_FORMAT', path })
  })
})

const real = join(ROOT, '../shared/data/formats/idtracker/test_trajectories_idtrackerai.npy')
test.skipIf(!existsSync(real))('the trajectories of eight fish that trajectorytools tests with go in', async () => {
  const to = scratch()
  const { report } = await convert(real, to)
  expect(report).toEqual([])
  using reader = new FrameReader(to)
  expect(reader.length).toBe(508)
  const { individual } = await reader.read({ start: 0, stop: 1 })
  expect([...(individual as { data: Int32Array }).data]).toEqual([0, 1, 2, 4, 5, 6, -1, -1])
})
