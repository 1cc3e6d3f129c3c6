import { versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { rewrite } from '../support/hdf5/metadata.js'
import { places } from './checksums.js'
import { made, nodes, readInEveryWay, refused, writeAndChange } from './outcomes.js'

// Filters believe their parameters and their chunks; the HDF5 that we bring is mended (cmake/hdf5/mend).

const nbit = `s = h5py.h5s.create_simple((100,))
p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
p.set_chunk((100,))
p.set_filter(5, 0)
t = h5py.h5t.STD_I32LE.copy()
t.set_precision(17)
h5py.h5d.create(f.id, b'x', t, s, p).write(s, s, np.arange(100, dtype='i4'))`

const filtered = (options: string) =>
  `f.create_dataset('x', data=np.arange(100, dtype='i4'), chunks=(100,), ${options})`

/** `from` are 32-bit integers that are in the file once: among the parameters of its filter. */
async function withParameters(lines: string, from: number[], to: number[]): Promise<string> {
  const path = await made(lines)
  const [search, replacement] = [from, to].map((values) => Buffer.from(Uint32Array.from(values).buffer)) as [
    Buffer,
    Buffer,
  ]
  rewrite(path, (bytes) => {
    const found = places(bytes, search)
    expect(found).toHaveLength(1)
    bytes.set(replacement, found[0])
  })
  return path
}

describe.runIf(versions.hdf5.linked === 'static')('an error tells of', () => {
  test('a stored chunk that is shorter than its Fletcher32 checksum', async () => {
    const path = await made(filtered('fletcher32=True'))
    rewrite(path, (bytes) => bytes.writeUInt32LE(3, nodes(bytes, 1)[0]! + 24))
    expect(await readInEveryWay(path, 'x')).toMatchObject({ read: refused, close: 'done' })
  })

  test('a stored chunk that is shorter than its values in the n-bit filter', async () => {
    const path = await made(`s = h5py.h5s.create_simple((100,))
p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
p.set_chunk((100,))
p.set_filter(5, 0)
t = h5py.h5t.STD_I32LE.copy()
t.set_precision(17)
h5py.h5d.create(f.id, b'x', t, s, p).write(s, s, np.arange(100, dtype='i4'))`)
    rewrite(path, (bytes) => bytes.writeUInt32LE(20, nodes(bytes, 1)[0]! + 24))
    expect(await readInEveryWay(path, 'x')).toMatchObject({ read: refused, close: 'done' })
  })

  test.each([
    ['blocks of 8 million pixels', [0x80_0000, 32, 100]],
    ['blocks of no pixels', [0, 32, 100]],
    ['blocks of an odd number of pixels', [7, 32, 100]],
    ['lines shorter than a block', [8, 32, 7]],
    ['lines of a thousand million pixels', [8, 32, 2 ** 30]],
    ['pixels of no bits', [8, 0, 100]],
    ['pixels of 40 bits', [8, 40, 100]],
  ])('szip with %s', async (_, parameters) => {
    const path = await withParameters(
      filtered(`compression='szip', compression_opts=('nn', 8)`),
      [8, 32, 100],
      parameters,
    )
    expect(await readInEveryWay(path, 'x')).toMatchObject({ read: refused, close: 'done' })
  })

  test('a szip chunk that says it becomes 4 GB', async () => {
    const path = await made(filtered(`compression='szip', compression_opts=('nn', 8)`))
    rewrite(path, (bytes) => {
      const chunk = Number(bytes.readBigUInt64LE(nodes(bytes, 1)[0]! + 24 + 24))
      expect(bytes.readUInt32LE(chunk)).toBe(400)
      bytes.writeUInt32LE(0xffff_ffff, chunk)
    })
    expect(await readInEveryWay(path, 'x')).toMatchObject({ read: refused, close: 'done' })
  })
})

describe.runIf(versions.hdf5.linked === 'static')('values are written without a filter that cannot be right:', () => {
  test('scale-offset for chunks of a thousand million values', async () => {
    const path = await withParameters(filtered('scaleoffset=0'), [2, 0, 100], [2, 0, 2 ** 30])
    expect(await writeAndChange(path)).toMatchObject({ write: 'done', leave: 'done', close: 'done', again: true })
  })

  test('szip with blocks of 8 million pixels', async () => {
    const options = `compression='szip', compression_opts=('nn', 8)`
    const path = await withParameters(filtered(options), [8, 32, 100], [0x80_0000, 32, 100])
    expect(await writeAndChange(path)).toMatchObject({ write: 'done', leave: 'done', close: 'done', again: true })
  })
})

test.runIf(versions.hdf5.linked === 'static')(
  'a file can be changed and closed after closing a dataset whose n-bit chunk could not be written',
  async () => {
    const path = await withParameters(nbit, [100, 1, 4], [2 ** 30, 1, 4])
    expect(await writeAndChange(path)).toMatchObject({ group: 'done', rename: 'done', delete: 'done' })
  },
)
