/** Strings of fixed length: the padding is removed, all other bytes stay. h5py reads the stored bytes without conversion. */
import * as drop from 'h5tracks/h5wasm'
import { File, type StringType } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { h5wasmItself } from '../../support/hdf5/both.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

// PyTables pickles an attribute that is neither a number nor text.
const pickled = `import pickle
pickles = [pickle.dumps(value, protocol) for protocol in (2, 4) for value in ([1, 256, "é"], {"fps": 29.97, "names": (None, "a")}, np.float64(3))]
`
const put = `def put(to, name, values, size, pad=h5py.h5t.STR_NULLTERM, cset=h5py.h5t.CSET_ASCII):
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(size); kind.set_strpad(pad); kind.set_cset(cset)
    shape = () if isinstance(values, bytes) else (len(values),)
    space = h5py.h5s.create_simple(shape) if shape else h5py.h5s.create(h5py.h5s.SCALAR)
    h5py.h5a.create(to.id, name.encode(), kind, space).write(np.array(values, "S%d" % size), mtype=kind)
`
/** Python for the bytes of all attributes of the file, in hexadecimal. */
const stored = `{name: (lambda a: (lambda out: (a.read(out, mtype=a.get_type()), out.tobytes().hex())[1])(np.zeros(a.shape, a.dtype)))(f.attrs.get_id(name)) for name in f.attrs}`

async function made(lines: string): Promise<string> {
  const path = scratch()
  await h5py(path, 'w', pickled + put + lines)
  return path
}

test('a pickle in a null-terminated attribute is read whole', async () => {
  const path = await made(
    'for i, p in enumerate(pickles): put(f, str(i), p, len(p)); put(f, str(i) + " wide", p, len(p) + 9)',
  )
  const pickles = await askH5py<Record<string, string>>(path, stored)
  await using file = await File.open(path, 'r')
  for (let i = 0; i < 6; i++) {
    for (const name of [`${i}`, `${i} wide`]) {
      expect(Buffer.from((await file.attributes.get(name)) as Uint8Array).toString('hex'), name).toBe(pickles[`${i}`])
    }
  }
})

test('a string ends before its trailing NULs, keeps NULs within it, and is read as bytes when it is not UTF-8', async () => {
  const path = await made(
    'put(f, "list", [b"", b"a", b"a\\0b", b"\\0\\0c", b"full4567", b"\\xc3\\xa9\\0\\xc3\\xa9", b"a\\0\\xff"], 8)',
  )
  await using file = await File.open(path, 'r')
  const expected = ['', 'a', 'a\0b', '\0\0c', 'full4567', 'é\0é', Uint8Array.of(0x61, 0, 0xff)]
  expect(await file.attributes.get('list')).toEqual(expected)
  expect((await file.attributes.read('list')).data).toEqual(expected)
})

test.each(['null-terminated', 'null-padded'] as const)(
  '%s strings that were read are written as the same bytes',
  async (padding) => {
    const path = scratch()
    await using file = await File.open(path, 'w')
    const type: StringType = { class: 'string', size: 6, charset: 'utf-8', padding }
    const bytes = Buffer.from('a\0b\0\0\0' + '\0\0\0\0\0\0' + '123456' + '\0\x80\0\x01\0\0', 'latin1')
    const members = { class: 'compound', members: { text: type, n: 'int16' } } as const
    const first = await file.createDataset('first', { type, shape: [4] })
    await first.write(bytes, null, { raw: true })
    const { data } = await first.read()
    expect(data).toEqual(['a\0b', '', '123456', Uint8Array.of(0, 0x80, 0, 1)])
    const again = await file.createDataset('again', { type }, data)
    const inside = await file.createDataset('inside', { type: members }, { text: data, n: Int16Array.of(1, 2, 3, 4) })
    const listed = await file.createDataset('listed', { type: { class: 'vlen', base: type }, shape: [1] }, [data])
    await file.attributes.set('again', data, { type })
    expect((await again.read(null, { raw: true })).data).toEqual(new Uint8Array(bytes))
    expect(((await inside.read()).data as { text: unknown }).text).toEqual(data)
    expect((await listed.read()).data).toEqual([data])
    expect(await file.attributes.get('again')).toEqual(data)
    await file.close()
    expect(await askH5py(path, stored)).toEqual({ again: bytes.toString('hex') })
  },
)

test('attributes that are read and set in another file are the same bytes there', async () => {
  const path = await made('for i, p in enumerate(pickles): put(f, str(i), p, len(p) + 3 * i)')
  const copy = scratch()
  {
    await using from = await File.open(path, 'r')
    await using to = await File.open(copy, 'w')
    for (const name of await from.attributes.keys()) {
      const { type, shape } = await from.attributes.info(name)
      await to.attributes.set(name, (await from.attributes.get(name)) as Uint8Array, { type, shape })
    }
  }
  expect(await askH5py(copy, stored)).toEqual(await askH5py(path, stored))
})

test('the name and the class of a dimension scale end at the first NUL, as in HDF5', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `${put}x = f.create_dataset("x", data=[1.0])
put(x, "CLASS", b"DIMENSION_SCALE\\0rest", 24)
put(x, "NAME", b"time\\0\\xfe", 9)
print(h5py.h5ds.is_scale(x.id))`,
  )
  await using file = await File.open(path, 'r')
  const scale = await file.dataset('x')
  expect([await scale.isScale(), await scale.scaleName()]).toEqual([true, 'time'])
})

test('the h5wasm drop-in ends null-terminated strings at the first NUL, as h5wasm does', async () => {
  const path = await made(
    'put(f, "p", pickles[0], len(pickles[0])); put(f, "list", [b"a\\0b", b"\\0c", b"12345678", b"\\xff\\0\\xff"], 8)',
  )
  const theirs = await h5wasmItself()
  const [ours, expected] = [drop, theirs].map((library) => {
    const file = new library.File(path, 'r')
    const values = [file.attrs.p?.value, file.attrs.list?.value, file.attrs.list?.json_value]
    file.close()
    return values
  })
  expect(ours).toEqual(expected)
})
