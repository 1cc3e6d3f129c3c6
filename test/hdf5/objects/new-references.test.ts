/** References of type H5T_STD_REF, which HDF5 has since 1.12: to objects, regions and attributes. */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { versions } from 'h5tracks'
import { type Attributes, type Data, type Dataset, File, type Group, Reference } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { newReferences, referencesIntoAnother } from '../../support/hdf5/new-references.js'
import { scratch } from '../../support/scratch.js'

const any = { class: 'reference', to: 'any' } as const
const known = Number(versions.hdf5.running.split('.')[1]) >= 12

/** The target of a reference as text, with the values that it selects. */
function targetOf(file: File, reference: Reference | null): string | null {
  if (reference === null) return null
  const object = file.getSync(reference)
  if (reference.to === 'attribute') {
    return `${object.path}@${reference.attribute}: ${String(object.attributes.getSync(reference.attribute!))}`
  }
  if (reference.to === 'object') return object.path
  return `${object.path}: ${(object as Dataset<Int32Array>).readSync(reference).data.join()}`
}

/** The targets of all references in data of any form. */
function targetsOf(file: File, data: Data | Reference | null): unknown {
  if (data === null || data instanceof Reference) return targetOf(file, data)
  if (ArrayBuffer.isView(data)) return Array.from(data as Int32Array)
  if (Array.isArray(data)) return data.map((one) => targetsOf(file, one as Data))
  return Object.fromEntries(Object.entries(data).map(([name, one]) => [name, targetsOf(file, one)]))
}

const region = '/g/data: 1,3,9,11'
const points = '/g/data: 11,0,5'
const expected = {
  refs: [
    '/g/data',
    '/g',
    region,
    points,
    '/g/data: 0,1,9,10,11',
    '/g/data: 0,1,2,3,4,5,6,7,8,9,10,11',
    '/g/data@units: 7',
    null,
  ],
  compound: { x: [1, 2], r: [region, '/g/data'], y: [0.5, 1.5] },
  vlen: [[region, points], []],
  array: ['/g/data', '/g', '/g/data@units: 7', region],
  unwritten: [null, null],
}

const openHere = (path: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path
    } catch {
      return false
    }
  }).length

test.skipIf(known)(
  'an HDF5 before 1.12 refuses references of type H5T_STD_REF, and the error says what to do',
  async () => {
    using file = new File(newReferences())
    const error = await failure(() => file.dataset('refs'))
    expect(error.code).toBe('ERR_UNSUPPORTED')
    expect(error.message).toMatch(/'refs' in '\/' of .*refs\.h5.*1\.12.*build h5tracks with its own HDF5/)
    expect((await failure(() => file.attributes.get('refs'))).code).toBe('ERR_UNSUPPORTED')
    using own = File.inMemory()
    expect((await failure(() => own.createDataset('r', { type: any, shape: [1] }))).code).toBe('ERR_UNSUPPORTED')
  },
)

describe.skipIf(!known)('references of type H5T_STD_REF', () => {
  test.each(Object.entries(expected))(
    'references in /%s lead to the targets that a C program gave them',
    async (name, leads) => {
      using file = new File(newReferences())
      expect(targetsOf(file, (await (await file.dataset(name)).read()).data)).toEqual(leads)
      expect(targetsOf(file, file.datasetSync(name).readSync().data)).toEqual(leads)
      if (name === 'array' || name === 'unwritten') return
      expect(targetsOf(file, (await file.attributes.read(name)).data)).toEqual(leads)
    },
  )

  test('references are read from selections, and as the simple value of an attribute', async () => {
    using file = new File(newReferences())
    const refs = await file.dataset('refs')
    expect(targetsOf(file, (await refs.read([[6, 0]])).data)).toEqual(['/g/data@units: 7', '/g/data'])
    expect(targetsOf(file, (await refs.read({ points: [[7], [1]] })).data)).toEqual([null, '/g'])
    const [first] = (await file.attributes.get('refs')) as (Reference | null)[]
    expect(targetOf(file, first!)).toBe('/g/data')
    expect(refs.type).toEqual(any)
    expect((await refs.details()).fill).toEqual([null])
  })

  test('references are equal each time they are read, and equal to references created here', async () => {
    using file = new File(newReferences(), 'r+')
    const read = () => file.datasetSync('refs').readSync().data as (Reference | null)[]
    expect(read()).toEqual(read())
    const [object] = read()
    const data = await file.dataset('g/data')
    expect(object!.equals(await data.reference())).toBe(true)
    expect(read()[6]!.equals(await data.attributes.reference('units'))).toBe(true)
    expect((await failure(() => data.attributes.reference('nothing'))).code).toBe('ERR_NOT_FOUND')
  })

  test('references that were read do not keep their file open', { skip: process.platform !== 'linux' }, async () => {
    const path = newReferences()
    const file = new File(path)
    for (const name of Object.keys(expected)) {
      const dataset = file.datasetSync(name)
      for (let i = 0; i < 300; i++) dataset.readSync()
    }
    for (let i = 0; i < 300; i++) for (const name of ['refs', 'compound', 'vlen']) file.attributes.readSync(name)
    file.closeSync()
    expect(openHere(path)).toBe(0)
    new File(path, 'r+').closeSync()
  })

  test('references can be neither read nor written as raw bytes', async () => {
    using file = new File(newReferences(), 'r+')
    for (const name of Object.keys(expected)) {
      const dataset = file.datasetSync(name)
      const error = await failure(() => dataset.read(null, { raw: true }))
      expect([error.code, error.message]).toEqual([
        'ERR_UNSUPPORTED',
        expect.stringContaining(`'/${name}' of ${file.filename}`),
      ])
      expect((await failure(() => dataset.write(new Uint8Array(64), null, { raw: true }))).code).toBe('ERR_UNSUPPORTED')
    }
    const { attributes } = file
    expect((await failure(() => attributes.read('compound', { raw: true }))).code).toBe('ERR_UNSUPPORTED')
    const raw = { type: any, shape: [1], raw: true }
    expect((await failure(() => attributes.set('a', new Uint8Array(64), raw))).code).toBe('ERR_UNSUPPORTED')
    const refs = file.datasetSync('refs')
    expect((await failure(() => refs.write(new Uint8Array(8 * 64)))).code).toBe('ERR_INVALID_ARGUMENT')
    // Bytes that form no reference are not followed.
    const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => 7 * i + 1)
    for (const reference of [
      ...[0, 7, 8, 9].map((length) => new Reference('object', bytes(length))),
      ...[0, 8, 10, 12, 18, 74].map((length) => new Reference('region', bytes(length))),
      ...[0, 8, 13].map((length) => new Reference('attribute', bytes(length))),
    ]) {
      const { code } = await failure(() => refs.write([reference], [0]))
      expect(['ERR_INVALID_ARGUMENT', 'ERR_NOT_FOUND']).toContain(code)
    }
    expect(targetsOf(file, refs.readSync().data)).toEqual(expected.refs)
  })

  test('reading a reference into another file is an error that names that file', async () => {
    using file = new File(referencesIntoAnother())
    const error = await failure(async () => (await file.dataset('x')).read())
    expect([error.code, error.message]).toEqual(['ERR_UNSUPPORTED', expect.stringMatching(/'\/x' of .*'any\.h5'/)])
    expect(targetsOf(file, (await (await file.dataset('x')).read([{ start: 1 }])).data)).toEqual(['/'])
  })

  test('a dangling reference can be read, and is refused when it is followed or written', async () => {
    using file = new File(newReferences(), 'r+')
    const [object, part] = (await (await file.dataset('dangling')).read()).data as Reference[]
    expect([object!.to, part!.to]).toEqual(['object', 'region'])
    const nowhere = new Reference('object', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
    expect((await failure(() => file.get(nowhere))).code).toBe('ERR_NOT_FOUND')
    const { code, message } = await failure(() => file.createDataset('n', { type: any, shape: [1] }, [nowhere]))
    expect([code, message]).toEqual(['ERR_NOT_FOUND', expect.stringContaining('write null in its place')])
    expect(await file.has('n')).toBe(false)
  })
})

describe.skipIf(!known)('writing references of type H5T_STD_REF', () => {
  test('references that were read are written to datasets and attributes of all forms', async () => {
    const path = newReferences()
    const file = new File(path, 'r+')
    for (const name of Object.keys(expected)) {
      const { data, type } = await (await file.dataset(name)).read()
      await file.createDataset(`copy/${name}`, { type, shape: (await (await file.dataset(name)).shape())! }, data)
    }
    const copy: Group = await file.group('copy')
    for (const name of ['refs', 'compound', 'vlen']) {
      const { data, type, shape } = await file.attributes.read(name)
      await copy.attributes.set(name, data, { type, shape })
    }
    file.closeSync()
    using again = new File(path)
    const attributes: Attributes = (await again.group('copy')).attributes
    for (const [name, leads] of Object.entries(expected)) {
      expect(targetsOf(again, (await (await again.dataset(`copy/${name}`)).read()).data)).toEqual(leads)
      if (!(await attributes.has(name))) continue
      expect(targetsOf(again, (await attributes.read(name)).data)).toEqual(leads)
    }
  })

  test('references created here are written over others, many at once and in parts', async () => {
    const path = scratch()
    const file = new File(path, 'w')
    const data = file.createDatasetSync(
      'd',
      { type: 'int32' },
      Int32Array.from({ length: 20 }, (_, i) => i),
    )
    await data.attributes.set('a', 5)
    // A reference of the older type is among them; HDF5 converts it.
    const part = await data.regionReference([{ start: 3, stop: 6 }])
    const made = [await data.reference(), part, await data.attributes.reference('a'), null, await file.reference()]
    const leads = ['/d', '/d: 3,4,5', '/d@a: 5', null, '/']
    const count = 40_000
    const many = Array.from({ length: count }, (_, i) => made[i % 5]!)
    const type = { class: 'compound', members: { r: any, n: 'int32' } } as const
    const records = { r: many, n: Int32Array.from({ length: count }, (_, i) => i) }
    const refs = await file.createDataset('refs', { type: any, shape: [count] }, many)
    const compound = await file.createDataset('compound', { type, shape: [count] }, records)
    for (let turn = 1; turn < 4; turn++) {
      await refs.write(many.slice(turn), [{ stop: count - turn }])
      await refs.write(many.slice(0, turn), [{ start: count - turn }])
      await compound.write({ r: many.slice(turn), n: records.n.slice(turn) }, [{ stop: count - turn }])
    }
    file.closeSync()
    using again = new File(path)
    const values = (await (await again.dataset('refs')).read()).data as (Reference | null)[]
    const members = (await (await again.dataset('compound')).read()).data as { r: (Reference | null)[]; n: Int32Array }
    for (const i of [0, 1, 2, 3, 4, 16_383, 16_384, 16_385, 20_000, count - 10, count - 5]) {
      const at = i < count - 3 ? i + 3 : i
      expect([i, targetOf(again, values[i]!)]).toEqual([i, leads[(i + 3) % 5]])
      expect([i, targetOf(again, members.r[i]!), members.n[i]]).toEqual([i, leads[at % 5], at])
    }
  })

  test('a region reference of the new type is refused in a dataset of the older region type', async () => {
    using file = new File(newReferences(), 'r+')
    const [object, , part] = (await (await file.dataset('refs')).read()).data as Reference[]
    const old = await file.createDataset('old', { type: 'reference', shape: [1] }, [object!])
    expect(targetsOf(file, (await old.read()).data)).toEqual(['/g/data'])
    const error = await failure(() => file.createDataset('r', { type: 'region', shape: [1] }, [part!]))
    expect([error.code, error.message]).toEqual(['ERR_INVALID_ARGUMENT', expect.stringContaining('regionReference()')])
  })

  test('a reference as a fill value is refused, because HDF5 cannot open such a dataset again', async () => {
    using file = new File(newReferences(), 'r+')
    const reference = await file.reference()
    for (const fill of [reference, null]) {
      const error = await failure(() => file.createDataset('f', { type: any, shape: [2], fill }))
      expect(error.code).toBe('ERR_UNSUPPORTED')
    }
    expect(await file.has('f')).toBe(false)
  })

  test('copying references into another file makes them null, or copies their targets with expandReferences', async () => {
    using file = new File(newReferences())
    using to = File.inMemory()
    await file.copy('refs', 'alone', { into: to })
    expect(targetsOf(to, (await (await to.dataset('alone')).read()).data)).toEqual(Array(8).fill(null))
    await file.copy('refs', 'whole', { into: to, expandReferences: true })
    const { data } = await (await to.dataset('whole')).read()
    expect((data as (Reference | null)[]).map((one) => one?.to ?? null)).toEqual([
      'object',
      'object',
      'region',
      'region',
      'region',
      'region',
      'attribute',
      null,
    ])
    const values = (data as Reference[]).slice(2, 4).map((one) => (to.getSync(one) as Dataset).readSync(one).data)
    expect(values).toEqual([Int32Array.of(1, 3, 9, 11), Int32Array.of(11, 0, 5)])
  })
})

describe.skipIf(!known || versions.hdf5.linked !== 'static')('damaged references of type H5T_STD_REF', () => {
  /** Overwrites bytes at every place where `search` is found, and gives the error of reading /refs. */
  async function damaged(search: string, at: number, bytes: number[]) {
    const path = newReferences()
    const content = readFileSync(path)
    for (
      let found = content.indexOf(search, 0, 'latin1');
      found >= 0;
      found = content.indexOf(search, found + 1, 'latin1')
    ) {
      if (content.readUInt16LE(found + search.length) !== 0) content.set(bytes, found + at)
    }
    writeFileSync(path, content)
    const file = new File(path)
    const error = await failure(async () => (await file.dataset('refs')).read())
    file.closeSync()
    if (process.platform === 'linux') expect(openHere(path)).toBe(0)
    return error
  }

  test('a reference whose attribute name claims more bytes than there are is refused', async () => {
    expect((await damaged('\x05\0units', 0, [0xff, 0xff])).code).toBe('ERR_HDF5')
  })

  test('a reference that claims 4 GB is refused because its file is smaller', async () => {
    // The fields of an attribute reference: type, flags, size.
    const error = await damaged('\x04\0\x10\0\0\0', 2, [0xff, 0xff, 0xff, 0xff])
    expect(error.code).toBe('ERR_HDF5')
    expect(error.hdf5?.some(({ text }) => text.includes('claims more bytes than its file has'))).toBe(true)
  })

  test('a reference whose address claims more bytes than there are is refused', async () => {
    expect((await damaged('\x02\0\x08', 2, [200])).code).toBe('ERR_HDF5')
  })
})
