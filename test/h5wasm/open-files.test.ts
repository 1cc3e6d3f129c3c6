import { copyFileSync, renameSync } from 'node:fs'
import { type Dataset, h5wasm } from 'h5tracks/h5wasm'
import { File as FloorFile } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { run, runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// Several `File` objects of one file in one process, objects that are never closed, and what keeps a file open.

const { File, Dataset: DatasetOf } = h5wasm

function made(libver: 'v108' | 'v110' = 'v108'): string {
  const path = scratch('made.h5')
  const file = new File(path, 'w', { libver })
  file.create_dataset({ name: 'data', data: [1, 2, 3], maxshape: [null], chunks: [2] })
  file.close()
  return path
}

const values = (file: InstanceType<typeof File>) => (file.get('data') as Dataset).value
const code = (name: string) => expect.objectContaining({ code: name })

test('a writer opens a file that this process reads, and the reader sees what is written', () => {
  const path = made()
  const reader = new File(path, 'r')
  const data = reader.get('data') as Dataset
  expect(data.value).toEqual(new Int32Array([1, 2, 3]))
  const writer = new File(path, 'a')
  writer.create_attribute('x', 1)
  ;(writer.get('data') as Dataset).write_slice([[0, 1]], [10])
  expect(data.value).toEqual(new Int32Array([10, 2, 3]))
  expect(reader.attrs.x!.value).toBe(1)
  expect(() => reader.create_attribute('y', 1)).toThrow(code('ERR_READ_ONLY'))
  expect(() => data.write_slice([[0, 1]], [11])).toThrow(code('ERR_READ_ONLY'))
  writer.close()
  expect(data.value).toEqual(new Int32Array([10, 2, 3]))
  const again = new File(path, 'a')
  reader.close()
  expect(() => data.value).toThrow(code('ERR_CLOSED'))
  expect(values(again)).toEqual(new Int32Array([10, 2, 3]))
  again.close()
})

test('writers in one process share the file, and the last one closes it', () => {
  const path = made()
  const first = new File(path, 'a')
  const second = new File(path, 'a')
  second.create_attribute('x', 1)
  expect(first.attrs.x!.value).toBe(1)
  first.close()
  expect(() => first.attrs).toThrow(code('ERR_CLOSED'))
  second.create_attribute('y', 2)
  second.close()
  using file = new FloorFile(path, 'r+')
  expect(file.attributes.keysSync()).toEqual(['x', 'y'])
})

test("mode 'w' refuses a file that is open in this process", () => {
  const path = made('v110')
  for (const mode of ['r', 'a', 'Sr', 'Sa'] as const) {
    const open = new File(path, mode)
    expect(() => new File(path, 'w'), mode).toThrow(code('ERR_LOCKED'))
    expect(values(open), mode).toEqual(new Int32Array([1, 2, 3]))
    open.close()
  }
})

test('a reader that gave way to a writer does not read another file that was moved to its path', () => {
  const path = made()
  const other = scratch('other.h5')
  copyFileSync(path, other)
  const reader = new File(path, 'r')
  new File(path, 'a').close()
  renameSync(other, path)
  expect(() => values(reader)).toThrow(code('ERR_CLOSED'))
  expect(reader.close()).toBe(0)
})

test('three thousand readers that were never closed do not keep a writer out', async () => {
  const path = made()
  const program = `
    import { File } from 'h5tracks/h5wasm'
    const [, , path] = process.argv
    for (let i = 0; i < 3000; i++) {
      if (new File(path, 'r').get('data').value.length !== 3) throw new Error('wrong')
      if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const file = new File(path, 'a')
    file.create_attribute('x', 1)
    file.close()
    console.log(new File(path, 'r').attrs.x.value)`
  expect(await runNode(program, [path])).toMatchObject({ stdout: '1\n', code: 0 })
})

test('a file_id in use keeps its file open, and a file without references is closed', async () => {
  const path = made()
  const program = `
    import { Dataset, File, Module } from 'h5tracks/h5wasm'
    const [, , path] = process.argv
    const collected = async () => { for (let i = 0; i < 5; i++) { globalThis.gc(); await new Promise((r) => setTimeout(r, 10)) } }
    const { file_id } = new File(path, 'r')
    await collected()
    console.log(new Dataset(file_id, '/data').value.length, Module.close_file(file_id))
    ;(() => { new File(path, 'a').create_attribute('x', 1) })()
    await collected()
    new File(path, 'w').close()
    console.log('closed')`
  const finished = await runNode(program, [path], { execArgv: ['--expose-gc'] })
  expect(finished).toMatchObject({ stdout: '3 0\nclosed\n', code: 0 })
})

test('a file is read by other processes while it is written after start_swmr_write', async () => {
  const path = scratch('swmr.h5')
  const file = new File(path, 'w', { libver: 'v110', track_order: true })
  const data = file.create_dataset({ name: 'data', data: [1, 2, 3], maxshape: [null], chunks: [2] })
  expect(file.start_swmr_write()).toBe(0)
  expect(file.start_swmr_write()).toBe(0)
  const reader = new File(path, 'Sr').get('data') as Dataset
  data.resize([5])
  data.write_slice([[3, 5]], [4, 5])
  file.flush()
  expect(reader.shape).toEqual([3])
  reader.refresh()
  expect(reader.value).toEqual(new Int32Array([1, 2, 3, 4, 5]))
  const program = `
    import { File } from 'h5tracks/h5wasm'
    console.log(String(new File(process.argv[2], 'Sr').get('data').value))`
  expect(await runNode(program, [path])).toMatchObject({ stdout: '1,2,3,4,5\n' })
  file.close()
  const dump = await run('h5dump', ['-d', '/data', path])
  expect(dump.stdout).toContain('(0): 1, 2, 3, 4, 5')
})

test('mode "Sa" opens a file in SWMR mode, and refuses a file in an older format', () => {
  const file = new File(made('v110'), 'Sa')
  expect(file.libver[0]).toBe('v110')
  ;(file.get('data') as Dataset).resize([4])
  expect(file.start_swmr_write()).toBe(0)
  file.close()
  const old = made('v108')
  expect(() => new File(old, 'Sa')).toThrow(code('ERR_HDF5'))
  new File(old, 'a').close()
})

test('a file that its writer did not close is opened only with acceptLoss', async () => {
  const path = scratch('unclosed.h5')
  const program = `
    import { File } from 'h5tracks/h5wasm'
    const file = new File(process.argv[2], 'w', { libver: 'v110' })
    file.create_dataset({ name: 'data', data: [1, 2, 3], maxshape: [null], chunks: [2] })
    file.start_swmr_write()
    file.flush()
    process.kill(process.pid, 'SIGKILL')`
  expect(await runNode(program, [path])).toMatchObject({ signal: 'SIGKILL' })
  expect(() => new File(path, 'r')).toThrow(code('ERR_NOT_CLOSED'))
  expect(() => new File(path, 'a')).toThrow(code('ERR_NOT_CLOSED'))
  const file = new File(path, 'a', { acceptLoss: true })
  expect(values(file)).toEqual(new Int32Array([1, 2, 3]))
  file.close()
  expect(values(new File(path, 'r'))).toEqual(new Int32Array([1, 2, 3]))
})

test('libver of a file gives the format bounds in force', () => {
  const path = scratch('bounds.h5')
  const bounds = (mode: 'w' | 'r' | 'a', libver?: 'earliest' | 'LATEST') => {
    const file = new File(path, mode, libver ? { libver: [libver as 'latest', 'latest'] } : {})
    const { libver: inForce } = file
    file.close()
    return inForce
  }
  const latest = h5wasmLatest()
  expect(bounds('w')).toEqual(['v108', latest])
  expect(bounds('r')).toEqual(['v108', latest])
  expect(bounds('w', 'earliest')).toEqual(['earliest', latest])
  expect(bounds('w', 'LATEST')).toEqual([latest, latest])
  expect(() => new File(path, 'a', { libver: 'v200' })).toThrow(code('ERR_INVALID_ARGUMENT'))
})

test('attributes of 160 and 200 kB are written and read', () => {
  const path = scratch('large.h5')
  const file = new File(path, 'w')
  file.create_attribute('text', 'x'.repeat(200_000))
  file.create_attribute('numbers', new Float64Array(20_000).fill(1.5))
  expect((file.attrs.text!.value as string).length).toBe(200_000)
  expect((file.attrs.numbers!.value as Float64Array).length).toBe(20_000)
  file.close()
})

test.for([
  ['a proxy', <T extends object>(of: T) => new Proxy(of, {})],
  ['a deep proxy', deep],
  ['an object that has it as its prototype', <T extends object>(of: T) => Object.create(of) as T],
] as const)('a File wrapped in %s works like the File itself', ([, wrapped]) => {
  const file = wrapped(new File(made(), 'a'))
  expect(file.keys()).toEqual(['data'])
  expect(file.libver[0]).toBe('v108')
  expect(file.get_type('/data')).toBe(1)
  expect(file.get_link('/data')).toBeNull()
  const group = wrapped(file.create_group('group'))
  expect(group.paths()).toEqual([])
  const data = wrapped(file.get('data') as Dataset)
  data.create_attribute('a', [1, 2])
  expect([...(data.value as Int32Array)]).toEqual([1, 2, 3])
  expect([data.dtype, data.shape, data.metadata.size]).toEqual(['<i', [3], 4])
  expect(data.resize([4])).toBe(0)
  expect(data.shape).toEqual([4])
  data.write_slice([[3, 4]], [4])
  const attribute = wrapped(data.attrs.a!)
  expect([...(attribute.value as Int32Array)]).toEqual([1, 2])
  expect(attribute.to_array()).toEqual([1, 2])
  const region = wrapped(data.dereference(data.create_region_reference([[1, 3]])))
  expect([...(region.value as Int32Array)]).toEqual([2, 3])
  expect(region.metadata.shape).toEqual([2])
  expect(file.close()).toBe(0)
})

/** Like Vue's `reactive`: keeps plain values and functions, and wraps objects again. */
function deep<T extends object>(of: T): T {
  return new Proxy(of, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver)
      const wrap = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
      return wrap ? deep(value) : value
    },
  })
}

test('File and Dataset objects have the enumerable properties of h5wasm and no others', () => {
  const file = new File(made(), 'r')
  expect(Object.keys(file).sort()).toEqual(['file_id', 'filename', 'mode', 'path', 'type'])
  expect(Object.keys(file.get('data')!).sort()).toEqual(['file_id', 'path', 'type'])
  expect(new DatasetOf(file.file_id, '/data').file_id).toBe(file.file_id)
  file.close()
})

function h5wasmLatest() {
  const file = new File(scratch('latest.h5'), 'w', { libver: 'latest' })
  const [low] = file.libver
  file.close()
  return low
}
