import { fileURLToPath } from 'node:url'
import { versions } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { run } from '../support/process.js'
import { askH5py, h5py } from '../support/python.js'
import { ObjectServer } from '../support/remote/server.js'
import { scratch } from '../support/scratch.js'

// A remote file is somebody else's: false addresses and sizes end in an error, and are not fetched.

const chunked = `f.create_dataset('x', data=np.arange(200000, dtype='i4'), chunks=(10000,), compression='gzip')`

/** A file that h5py makes. */
async function made(lines: string): Promise<string> {
  const path = scratch('made.h5')
  await h5py(path, 'w', lines)
  return path
}

/** Serves a file in which the address of the second chunk of x is another one. */
async function withAddress(address: bigint): Promise<ObjectServer> {
  const path = await made(chunked)
  const stored = await askH5py<number>(path, `f['x'].id.get_chunk_info(1).byte_offset`)
  const server = await ObjectServer.of(path)
  const at = server.bytes.indexOf(number64(stored))
  expect(at).toBeGreaterThan(0)
  server.bytes.writeBigUInt64LE(address, at)
  return server
}

function number64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

describe('a chunk', () => {
  test.each([2n ** 40n, 2n ** 50n])(
    'beyond the end of the file, at byte %s, is an error and is not requested',
    async (address) => {
      await using server = await withAddress(address)
      await using file = await File.open(server.url)
      const x = await file.dataset('x')
      server.reset()
      const error = await failure(() => x.read())
      expect(error).toMatchObject({ code: 'ERR_FORMAT', path: file.filename })
      expect(error.message).toContain(`begin at byte ${address}; the file has ${server.bytes.length} bytes`)
      for (const [, end] of server.ranges) expect(end).toBeLessThanOrEqual(server.bytes.length)
      expect((await x.read([{ start: 0, stop: 10_000 }])).data).toHaveLength(10_000)
    },
  )

  test('of a claimed size beyond the file is an error', async () => {
    const path = await made(chunked)
    const server = await ObjectServer.of(path)
    const [address, size] = await askH5py<[number, number]>(
      path,
      `(lambda c: [c.byte_offset, c.size])(f['x'].id.get_chunk_info(1))`,
    )
    const address64 = server.bytes.indexOf(number64(address))
    // The key before the address: the size, the filter mask, and the offsets along two axes.
    const key = address64 - 24
    expect(server.bytes.readUInt32LE(key)).toBe(size)
    server.bytes.writeUInt32LE(2 ** 31, key)
    await using file = await File.open(server.url)
    expect((await failure(async () => (await file.dataset('x')).read())).code).toBe('ERR_FORMAT')
    await server[Symbol.asyncDispose]()
  })

  test('of more bytes than the cache is an error that names the option', async () => {
    const path = await made(`f.create_dataset('x', data=np.arange(400000), chunks=(400000,))`)
    await using server = await ObjectServer.of(path)
    await using small = await File.open(server.url, { cache: 2 ** 20 })
    const error = await failure(async () => (await small.dataset('x')).read())
    expect(error).toMatchObject({ code: 'ERR_LIMIT', field: 'cache' })
    await using file = await File.open(server.url, { cache: 2 ** 23 })
    expect((await (await file.dataset('x')).read()).data).toHaveLength(400_000)
  })
})

test('a server that claims an impossible size is refused', async () => {
  const path = await made(chunked)
  await using server = await ObjectServer.of(path)
  server.fault = ({ begin, end, response }) => {
    response.writeHead(206, { 'content-range': `bytes ${begin}-${end - 1}/${2n ** 70n}` }).end()
    return true
  }
  expect((await failure(() => File.open(server.url))).code).toBe('ERR_HTTP_RANGE')
})

test('a server that claims a size of many terabytes costs no memory', async () => {
  const path = await made(chunked)
  await using server = await ObjectServer.of(path)
  const first = server.bytes
  const size = 2 ** 48
  server.fault = ({ begin, end, response }) => {
    const length = end - begin
    response.writeHead(206, {
      etag: '"x"',
      'content-range': `bytes ${begin}-${begin + 262143}/${size}`,
      'content-length': 262144,
    })
    response.end(
      Buffer.concat([first.subarray(begin, begin + length), Buffer.alloc(262144 - Math.min(length, first.length))]),
    )
    return true
  }
  const before = process.memoryUsage().rss
  await using file = await File.open(server.url)
  expect(await file.byteSize()).toBe(size)
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27)
})

describe.runIf(versions.hdf5.linked === 'static')('damaged remote files', () => {
  test('end in what the same file on the disk ends in', async () => {
    const path = await made(`${chunked}
f['a/b'] = np.arange(5000)
f['a'].attrs['text'] = ['one', 'two']
f.create_dataset('t', data=['a', 'bc'] * 500, dtype=h5py.string_dtype())`)
    const program = fileURLToPath(new URL('../support/remote/damaged.js', import.meta.url))
    const { code, stdout, stderr } = await run(process.execPath, [program, path, '120'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { same, different, refused } = JSON.parse(stdout) as { same: number; different: string[]; refused: number }
    expect(different).toEqual([])
    expect(same + refused).toBe(120)
    expect(refused).toBeGreaterThan(5)
  })
})
