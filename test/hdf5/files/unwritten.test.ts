import { versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { ADDON } from '../../support/addon.js'
import { rewrite } from '../../support/hdf5/metadata.js'
import { program, run } from '../../support/process.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

// HDF5 writes cached values when a dataset is closed, and drops those that it cannot write. Each program has a process of its
// own: some of them limit the size of files, others call the garbage collector.

type Outcomes = Record<string, unknown>

/** The outcome of each step: what it returns, or the code and message of its error. Ends with the number of open identifiers. */
async function outcomes(steps: string, path: string, limit = 'unlimited'): Promise<Outcomes> {
  const source = `
import { File } from 'h5tracks/hdf5'
import { File as WasmFile, ready } from 'h5tracks/h5wasm'
import { createRequire } from 'node:module'
const native = createRequire(import.meta.url)(${JSON.stringify(ADDON)})
process.on('SIGXFSZ', () => {})
const path = process.argv[2]
const outcomes = {}
const attempt = async (what, act) => {
  try { outcomes[what] = (await act()) ?? 'done' } catch ({ code, message, path }) { outcomes[what] = { code, message, path } }
}
const sevens = new Int32Array(100).fill(7)
${steps}
outcomes.identifiers = native.identifiers()
console.log(JSON.stringify(outcomes))`
  const command = `ulimit -f ${limit}; exec "$0" "$@"`
  const ended = await run('sh', ['-c', command, process.execPath, '--expose-gc', program(source), path])
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  return JSON.parse(ended.stdout) as Outcomes
}

const lost = (path: string, code: string, reason: string) => ({
  code,
  path,
  message: expect.stringMatching(
    `^closing '/x' of '${path}': not all values in its cache could be written: .*${reason}`,
  ) as string,
})

describe.runIf(versions.hdf5.linked === 'static')('values that the n-bit filter cannot encode are reported', () => {
  /** 100 integers in dataset `x`, whose filter refuses to encode others; dataset `y` is intact. */
  async function unwritable(): Promise<string> {
    const path = scratch()
    await h5py(
      path,
      'w',
      `s = h5py.h5s.create_simple((100,))
p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
p.set_chunk((100,))
p.set_filter(5, 0)
t = h5py.h5t.STD_I32LE.copy()
t.set_precision(17)
h5py.h5d.create(f.id, b'x', t, s, p).write(s, s, np.arange(100, dtype='i4'))
f['y'] = np.arange(10)`,
    )
    const parameters = Buffer.from(Uint32Array.of(100, 1, 4).buffer)
    rewrite(path, (bytes) => bytes.writeUInt32LE(2 ** 30, bytes.indexOf(parameters)))
    return path
  }
  const open = `const file = new File(path, 'r+')\nlet x = file.datasetSync('x')\n`
  const write = `await attempt('write', () => x.writeSync(sevens))\n`
  const close = `await attempt('close', () => file.close())\n`
  const filter = 'filter returned failure'

  test('by dataset.close(); then dataset and file are closed without another error', async () => {
    const path = await unwritable()
    const steps = `${open}${write}
await attempt('leave', () => x.close())
await attempt('again', () => x.close())
await attempt('open', () => x.isOpen)
await attempt('flush', () => file.flush())
await attempt('rename', () => file.move('y', 'z'))
${close}`
    expect(await outcomes(steps, path)).toEqual({
      write: 'done',
      leave: lost(path, 'ERR_HDF5', filter),
      again: 'done',
      open: false,
      flush: 'done',
      rename: 'done',
      close: 'done',
      identifiers: 0,
    })
    expect(await askH5py(path, `f['z'][()].tolist()`)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('by the end of the block of `using`', async () => {
    const path = await unwritable()
    const steps = `${open}${write}
await attempt('leave', () => x[Symbol.dispose]())
${close}`
    expect(await outcomes(steps, path)).toMatchObject({ leave: lost(path, 'ERR_HDF5', filter), close: 'done' })
  })

  test.each(['await file.close()', 'file.closeSync()', 'file[Symbol.dispose]()', 'await file[Symbol.asyncDispose]()'])(
    'by %s while the dataset is open; all is closed, and the file can be opened again',
    async (closing) => {
      const path = await unwritable()
      const steps = `${open}${write}const y = file.datasetSync('y')
await attempt('close', async () => { ${closing} })
await attempt('open', () => [x.isOpen, y.isOpen, file.isOpen])
await attempt('again', async () => { ${closing} })
await attempt('reopen', () => new File(path, 'r+').closeSync())`
      expect(await outcomes(steps, path)).toEqual({
        write: 'done',
        close: lost(path, 'ERR_HDF5', filter),
        open: [false, false, false],
        again: 'done',
        reopen: 'done',
        identifiers: 0,
      })
    },
  )

  /** Drops the dataset and waits until the garbage collector has closed it. */
  const drop = `const before = native.identifiers()
x = undefined
for (let i = 0; i < 500 && native.identifiers() === before; i++) {
  gc()
  await new Promise((resolve) => setTimeout(resolve, 10))
}
await attempt('collected', () => before - native.identifiers())\n`

  test('by file.close() if the dataset was garbage-collected', async () => {
    const path = await unwritable()
    expect(await outcomes(`${open}${write}${drop}${close}`, path)).toEqual({
      write: 'done',
      collected: 1,
      close: lost(path, 'ERR_HDF5', filter),
      identifiers: 0,
    })
  })

  test('once, by the first file.flush() after the dataset was garbage-collected', async () => {
    const path = await unwritable()
    const flush = ['flush', 'second'].map((what) => `await attempt('${what}', () => file.flush())\n`).join('')
    expect(await outcomes(`${open}${write}${drop}${flush}${close}`, path)).toMatchObject({
      flush: lost(path, 'ERR_HDF5', filter),
      second: 'done',
      close: 'done',
    })
  })

  test('by a reader of the same process that closes the dataset last', async () => {
    const path = await unwritable()
    const steps = `${open}const reader = new File(path)
const same = reader.datasetSync('x')
${write}await attempt('leave', () => x.close())
await attempt('reader', () => same.close())
reader.closeSync()
${close}`
    const { leave, reader, close: closed } = await outcomes(steps, path)
    expect([leave, reader]).toContainEqual(lost(path, 'ERR_HDF5', filter))
    expect(closed).toBe('done')
  })

  test('by close() of an h5wasm file', async () => {
    const path = await unwritable()
    const steps = `await ready
const file = new WasmFile(path, 'a')
await attempt('write', () => file.get('x').write_slice([[0, 100]], sevens))
${close}`
    expect(await outcomes(steps, path)).toMatchObject({ close: lost(path, 'ERR_HDF5', filter), identifiers: 0 })
  })
})

// The chunk needs 800 kB and fits into the cache; the process may write files of 512 KiB.
describe('values that do not fit on the disk are reported', () => {
  const create = `const file = new File(path, 'w')
const chunks = [200_000]
const x = file.createDatasetSync('x', { type: 'int32', shape: chunks, chunks })
await attempt('write', () => x.writeSync(sevens, [{ start: 0, stop: 100 }]))\n`

  test.each([
    ['dataset.close()', `await attempt('close', () => x.close())\nawait attempt('file', () => file.close())`],
    ['file.close()', `await attempt('close', () => file.close())`],
  ])('by %s', async (_, closing) => {
    const path = scratch()
    const ended = await outcomes(
      `${create}${closing}\nawait attempt('open', () => [x.isOpen, file.isOpen])`,
      path,
      '1024',
    )
    expect(ended).toMatchObject({ write: 'done', close: lost(path, 'EFBIG', 'file too large'), open: [false, false] })
  })
})
