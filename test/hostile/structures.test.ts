import { writeFileSync } from 'node:fs'
import { versions } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { h5tracks } from '../cli/command.js'
import { checked, headers, rewrite } from '../support/hdf5/metadata.js'
import { runNode } from '../support/process.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'
import { places } from './checksums.js'
import { made, nodes, readInEveryWay, refused } from './outcomes.js'

// HDF5 trusts the addresses and numbers in a file. Each file here has wrong ones in one structure, with which HDF5 overran its
// stack or its memory; the bundled HDF5 is patched (cmake/hdf5/mend), the system's is not.

const chunked = `f.create_dataset('x', data=np.arange(100, dtype='i4'), chunks=(10,), maxshape=(None,))`

/** Makes a B-tree node of chunks, with keys of `key` bytes, the child of itself, on `level`. */
const makeItsOwnChild = (bytes: Buffer, at: number, key: number, level: number) => {
  bytes.writeUInt8(level, at + 5)
  for (let i = 0; i < bytes.readUInt16LE(at + 6); i++) {
    bytes.writeBigUInt64LE(BigInt(at), at + 24 + key + i * (key + 8))
  }
}

describe.runIf(versions.hdf5.linked === 'static')('structures that once crashed the process', () => {
  test.each([1, 255])('reading a group whose B-tree node is its own child, on level %i, is an error', async (level) => {
    const path = await made(`f.create_group('g').create_group('x')`)
    rewrite(path, (bytes) => {
      const at = nodes(bytes, 0)[1]!
      bytes.writeUInt8(level, at + 5)
      bytes.writeBigUInt64LE(BigInt(at), at + 32)
    })
    expect(await readInEveryWay(path, 'g')).toMatchObject({
      keys: refused,
      links: refused,
      copy: refused,
      close: 'done',
    })
  })

  test.each([1, 255])(
    'reading a dataset whose chunk B-tree node is its own child, on level %i, is an error',
    async (level) => {
      const path = await made(chunked)
      rewrite(path, (bytes) => makeItsOwnChild(bytes, nodes(bytes, 1)[0]!, 24, level))
      const outcomes = await readInEveryWay(path, 'x')
      expect(outcomes).toMatchObject({ read: refused, chunks: refused, copy: refused, last: refused })
    },
  )

  test('a dataset whose chunk B-tree node is its own sibling is read', async () => {
    const path = await made(chunked)
    rewrite(path, (bytes) => {
      const at = nodes(bytes, 1)[0]!
      bytes.writeBigUInt64LE(BigInt(at), at + 16)
    })
    expect(await readInEveryWay(path, 'x')).toMatchObject({ read: 100, close: 'done' })
  })

  test('reading two datasets of different rank that share a B-tree node does not crash', async () => {
    const path = await made(`f.create_dataset('y', data=np.zeros((9, 9, 9)), chunks=(3, 3, 3))\n${chunked}`)
    rewrite(path, (bytes) => {
      const [first, second] = nodes(bytes, 1) as [number, number]
      const from = Buffer.alloc(8)
      const to = Buffer.alloc(8)
      from.writeBigUInt64LE(BigInt(second))
      to.writeBigUInt64LE(BigInt(first))
      for (const at of places(bytes, from)) to.copy(bytes, at)
    })
    await readInEveryWay(path, 'x')
    await readInEveryWay(path, 'y')
    await readInEveryWay(path, '/')
  })

  test('reading, checking and describing a tracking file whose B-trees are cycles does not crash', async () => {
    const path = await written(school(20), undefined, { chunkFrames: 4 })
    rewrite(path, (bytes) => {
      for (const at of nodes(bytes, 1)) makeItsOwnChild(bytes, at, 24, 1)
    })
    const source = `import { check, readTrackingResults } from 'h5tracks'
for (const act of [readTrackingResults, check]) await act(process.argv[2]).then(() => console.log('done'), ({ code }) => console.log(code))`
    const { code, signal, stdout } = await runNode(source, [path])
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect((await h5tracks(['info', path])).code).toBeLessThan(2)
  })

  test.each([
    ['fixed', '', 'FADB'],
    ['extensible', ', maxshape=(None, 100)', 'EADB'],
  ])('reading a dataset with a dataspace larger than its %s array of chunks does not crash', async (_, more) => {
    const path = await made(
      `f.create_dataset('x', data=np.arange(4000, dtype='i4').reshape(40, 100), chunks=(1, 10)${more})`,
      'latest',
    )
    rewrite(path, (bytes) => {
      const shape = Buffer.alloc(16)
      shape.writeBigUInt64LE(40n)
      shape.writeBigUInt64LE(100n, 8)
      for (const [from, to] of headers(bytes)) {
        if (places(bytes.subarray(from, to), shape).length === 0) continue
        checked(bytes, from, to, (header) => {
          for (const at of places(header, shape)) header.writeBigUInt64LE(40_000n, at)
        })
      }
    })
    const outcomes = await readInEveryWay(path, 'x')
    if (!more) expect(outcomes).toMatchObject({ last: refused, copy: refused })
    expect(outcomes).toMatchObject({ close: 'done' })
  })

  test('listing a group with fewer links than it claims, in creation order, is an error', async () => {
    const path = await made(
      `g = f.create_group('g', track_order=True)\nfor i in range(20): g.create_group('m%02d' % i)`,
      'latest',
    )
    rewrite(path, (bytes) => {
      for (const at of places(bytes, 'BTHD')) {
        checked(bytes, at, at + 34, (tree) => {
          // More than its leaf has; by name only, so that the other index keeps its own.
          if (tree[5] === 5) tree.writeBigUInt64LE(40n, 26)
        })
      }
    })
    expect(await readInEveryWay(path, 'g')).toMatchObject({ 'in order': refused, close: 'done' })
  })

  test('opening a file whose superblock extension continues at no address and at 0 is an error', async () => {
    const path = scratch('extension.h5')
    const bytes = Buffer.alloc(2884)
    const put = (at: number, hex: string) => Buffer.from(hex, 'hex').copy(bytes, at)
    put(0, '894844460d0a1a0a02080800') // superblock, version 2
    put(20, '30')
    put(28, '9009')
    put(36, '80')
    put(44, 'e391cbd5')
    put(48, '01000200') // its header: continued at 0xd8
    put(56, '40')
    put(64, '10001000')
    put(72, 'd8')
    put(80, '80')
    put(90, '20')
    put(240, '10001000') // continued at no address, and at 0
    put(248, 'ffffffffffffffff')
    put(304, '10001000')
    writeFileSync(path, bytes)
    expect(await readInEveryWay(path, '/')).toEqual({ open: refused })
  })
})

describe.runIf(versions.hdf5.linked === 'static')('values and types that are errors', () => {
  test('copying an attribute of a variable-length type that is neither a sequence nor text is an error', async () => {
    const path = await made(`f.create_group('g').attrs['a'] = 'text'`)
    rewrite(path, (bytes) => {
      const [at] = places(bytes, Buffer.from('1901010010000000', 'hex')) as [number]
      bytes.writeUInt8(9, at + 1)
    })
    expect(await readInEveryWay(path, 'g')).toMatchObject({ copy: refused, close: 'done' })
  })

  test('opening a virtual dataset that selects in a thousand dimensions is an error', async () => {
    const path = await made(`layout = h5py.VirtualLayout(shape=(4,), dtype='i4')
layout[:] = h5py.VirtualSource('other.h5', 'x', shape=(8,))[::2]
f.create_virtual_dataset('x', layout)`)
    rewrite(path, (bytes) => {
      const at = places(bytes, 'GCOL')[0]! + 32
      checked(bytes, at, at + Number(bytes.readBigUInt64LE(at - 8)) - 4, (mapping) => {
        // Of a selection of kind 2 and version 1: nothing, its length, then its rank.
        const [selection] = places(mapping, Buffer.from('0200000001000000', 'hex')) as [number]
        expect(mapping.readUInt32LE(selection + 16)).toBe(1)
        mapping.writeUInt32LE(1000, selection + 16)
      })
    })
    expect(await readInEveryWay(path, 'x')).toMatchObject({ get: refused, close: 'done' })
  })

  test('listing a shared attribute in a file without a table of shared messages is an error', async () => {
    const path = await made(`g = f.create_group('g')\nfor i in range(20): g.attrs['a%02d' % i] = i`, 'latest')
    rewrite(path, (bytes) => {
      const leaf = places(bytes, 'BTLF').find((at) => bytes.readUInt8(at + 5) === 8)!
      checked(bytes, leaf, leaf + 6 + 20 * 17, (records) => records.writeUInt8(2, 6 + 8))
    })
    expect(await readInEveryWay(path, 'g')).toMatchObject({ attributes: refused, close: 'done' })
  })

  test('listing a group whose local heap has a cyclic list of free blocks is an error', async () => {
    const path = await made(`f.create_group('g').create_group('x')`)
    rewrite(path, (bytes) => {
      const at = places(bytes, 'HEAP')[1]!
      const free = Number(bytes.readBigUInt64LE(at + 16))
      bytes.writeBigUInt64LE(BigInt(free), Number(bytes.readBigUInt64LE(at + 24)) + free)
    })
    expect(await readInEveryWay(path, 'g')).toMatchObject({ keys: refused, copy: refused, close: 'done' })
  })

  test('copying a group whose local heap claims a gigabyte is an error and does not allocate it', async () => {
    const path = await made(`f.create_group('g').create_group('x')`)
    rewrite(path, (bytes) => {
      const at = places(bytes, 'HEAP')[1]!
      bytes.writeBigUInt64LE(2n ** 30n, at + 8)
      bytes.writeBigUInt64LE(BigInt(places(bytes, 'HEAP')[0]!), at + 24)
    })
    const source = `import { File } from 'h5tracks/hdf5'
const into = File.inMemory()
try { new File(process.argv[2]).copySync('g', 'copy', { into }) } catch ({ code }) { console.log(code) }
console.log(process.resourceUsage().maxRSS < 600_000)`
    const { stdout } = await runNode(source, [path])
    expect(stdout).toMatch(/^ERR_(HDF5|DAMAGED)\ntrue\n$/)
  })
})

describe.runIf(versions.hdf5.linked === 'static')('datasets with few stored chunks', () => {
  test('a dataset whose extensible array claims four thousand million chunks is read, copied and deleted', async () => {
    const path = await made(`f.create_dataset('x', data=np.arange(100), chunks=(10,), maxshape=(None,))`, 'latest')
    rewrite(path, (bytes) => {
      const [at] = places(bytes, 'EAHD') as [number]
      checked(bytes, at, at + 68, (header) => header.writeBigUInt64LE(2n ** 32n - 10n, 44))
    })
    expect(await readInEveryWay(path, 'x')).toMatchObject({ chunks: 10, copy: 'done', read: 100, close: 'done' })
    const source = `import { File } from 'h5tracks/hdf5'
const file = new File(process.argv[2], 'r+')
file.deleteSync('x')
file.closeSync()
console.log('deleted')`
    expect((await runNode(source, [path])).stdout).toBe('deleted\n')
  })

  describe.each([
    ['old', undefined],
    ['latest', ['v110', 'latest'] as ['v110', 'latest']],
  ])('shrinking a sparse dataset in the %s format', (format, libver) => {
    const long = 2 ** 34
    test.each([
      { shape: [long], maxShape: [null], axis: 0 },
      { shape: [long], maxShape: [2 ** 36], axis: 0 },
      { shape: [long, 5], maxShape: [null, null], axis: 0 },
      { shape: [long, 5], maxShape: [null, 5], axis: 0 },
      { shape: [5, long], maxShape: [5, null], axis: 1 },
    ])(
      `shrinking a sparse dataset in the ${format} format from $shape, at most $maxShape, removes the values beyond the new extent`,
      ({ shape, maxShape, axis }) => {
        const path = scratch()
        const at = (start: number) =>
          shape.map((length, i) => (i === axis ? { start, stop: start + 8 } : { start: 0, stop: Math.min(length, 3) }))
        const starts = [0, 96, 1000]
        const read = (from: File) =>
          starts.map((start) => [...(from.datasetSync('x').readSync(at(start)).data as Int32Array)])
        const file = new File(path, 'w', libver ? { libver } : {})
        const dataset = file.createDatasetSync('x', {
          type: 'int32',
          shape,
          maxShape,
          chunks: shape.map(() => 2),
          fill: -1,
        })
        const count = 8 * (shape.length === 1 ? 1 : 3)
        for (const start of starts)
          dataset.writeSync(
            Int32Array.from({ length: count }, (_, i) => start + i),
            at(start),
          )
        const whole = read(file)
        dataset.resizeSync(shape.map((length, i) => (i === axis ? 101 : length)))
        dataset.resizeSync(shape)
        const inner = axis === shape.length - 1 ? 1 : 3
        const expected = whole.map((values, n) =>
          values.map((value, i) => (starts[n]! + (inner === 1 ? i % 8 : Math.floor(i / inner)) < 101 ? value : -1)),
        )
        expect(read(file)).toEqual(expected)
        expect(dataset.storedChunksSync().every(({ offset }) => offset[axis]! < 102)).toBe(true)
        const copies = [File.inMemory(), File.inMemory()] as const
        file.copySync('x', 'x', { into: copies[0] })
        file.closeSync()
        new File(path).copySync('x', 'x', { into: copies[1] })
        expect(copies.map(read)).toEqual([expected, expected])
      },
    )
  })
})

describe.runIf(versions.hdf5.linked === 'static')('structures that cannot be copied', () => {
  test('copying a dataset with a chunk that claims more bytes than the file has is an error', async () => {
    const path = await made(
      `f.create_dataset('x', data=np.arange(1000, dtype='i4'), chunks=(100,), compression='gzip')`,
    )
    rewrite(path, (bytes) => bytes.writeUInt32LE(1_000_000, nodes(bytes, 1)[0]! + 24))
    expect(await readInEveryWay(path, 'x')).toMatchObject({ copy: refused, close: 'done' })
  })

  test('copying a dataset without a dataspace, which looks like a named type with chunks, is an error', async () => {
    const path = await made(chunked)
    const at = Number(await h5py(path, 'r', `print(h5py.h5o.get_info(f['x'].id).addr)`)) + 16
    rewrite(path, (bytes) => {
      expect(bytes.readUInt16LE(at)).toBe(1)
      bytes.writeUInt16LE(0, at)
    })
    expect(await readInEveryWay(path, 'x')).toMatchObject({ kind: 'datatype', copy: refused, close: 'done' })
  })

  test('copying groups that are nested thousands deep is an error', async () => {
    const path = await made(`x = f.create_group('g')\nfor i in range(5000): x = x.create_group('x')`)
    expect(await readInEveryWay(path, 'g')).toMatchObject({ copy: refused, keys: 1, close: 'done' })
  })
})

test.each([
  ['lzf', 5000],
  ['lzf', 17],
  ['gzip', 5000],
] as const)('variable-length text compressed with %s is copied (%i values)', async (compression, count) => {
  const path = await made(
    `f.create_dataset('x', data=['abc'] * ${count}, dtype=h5py.string_dtype(), compression='${compression}', chunks=True)`,
  )
  const source = `import { File } from 'h5tracks/hdf5'
const file = new File(process.argv[2])
for (let i = 0; i < 3; i++) {
  const into = File.inMemory()
  file.copySync('x', 'x', { into })
  const { data } = into.datasetSync('x').readSync()
  console.log(data.length, data.every((text) => text === 'abc'))
}`
  const { stdout, signal } = await runNode(source, [path])
  expect({ stdout, signal }).toEqual({ stdout: `${count} true\n`.repeat(3), signal: null })
})
