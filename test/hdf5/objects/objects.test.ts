/** Objects of a file: created, found, listed, moved, copied, deleted. h5py checks what was created. */
import { Dataset, File, Group, NamedType } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

describe('groups', () => {
  test('createGroup also creates the groups on its path, and group() opens relative and absolute paths', async () => {
    using file = new File(scratch(), 'w')
    const inner = await file.createGroup('a/b/c')
    expect(inner.path).toBe('/a/b/c')
    expect(inner.name).toBe('c')
    using outer = await file.group('a')
    expect((await outer.group('b/c')).path).toBe('/a/b/c')
    expect((await outer.group('/a/b')).path).toBe('/a/b')
    expect(await outer.keys()).toEqual(['b'])
    expect(file.sizeSync()).toBe(1)
  })

  test('a group lists its links by name, or in creation order when it tracks it', async () => {
    using file = new File(scratch(), 'w')
    const plain = file.createGroupSync('plain')
    const tracked = file.createGroupSync('tracked', { trackOrder: true })
    for (const group of [plain, tracked]) for (const name of ['z', 'é', 'a']) group.createGroupSync(name)
    expect(await plain.keys()).toEqual(['a', 'z', 'é'])
    expect(await tracked.keys({ order: 'creation' })).toEqual(['z', 'é', 'a'])
    expect((await tracked.links({ order: 'creation' })).map(({ creationOrder }) => creationOrder)).toEqual([0, 1, 2])
    expect((await failure(() => plain.keys({ order: 'creation' }))).code).toBe('ERR_FORMAT')
    expect((await tracked.info()).trackOrder.links).toBe(true)
  })

  test('createGroup refuses a name that exists, and requireGroup opens it', async () => {
    using file = new File(scratch(), 'w')
    file.createGroupSync('a')
    expect((await failure(() => file.createGroup('a'))).code).toBe('ERR_EXISTS')
    expect((await file.requireGroup('a')).path).toBe('/a')
    expect((await file.requireGroup('b')).path).toBe('/b')
  })
})

test('get opens any kind of object, and group, dataset and namedType refuse another kind', async () => {
  using file = new File(scratch(), 'w')
  file.createGroupSync('g')
  file.createDatasetSync('d', { type: 'int8', shape: [2] })
  file.createTypeSync('t', 'float32')
  expect(await file.get('g')).toBeInstanceOf(Group)
  expect(await file.get('d')).toBeInstanceOf(Dataset)
  expect(await file.get('t')).toBeInstanceOf(NamedType)
  const kinds = [...file.entriesSync()].map(([name, object]) => [name, object.constructor.name])
  expect(kinds).toEqual([
    ['d', 'Dataset'],
    ['g', 'Group'],
    ['t', 'NamedType'],
  ])
  for (const [open, path] of [
    [() => file.group('d'), 'd'],
    [() => file.dataset('g'), 'g'],
    [() => file.namedType('d'), 'd'],
    [() => file.dataset('d', 'float64'), 'd'],
  ] as const) {
    const error = await failure(open)
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toContain(`/${path}`)
  }
  const missing = await failure(() => file.get('g/nothing/there'))
  expect(missing.code).toBe('ERR_NOT_FOUND')
  expect(missing.message).toContain('g/nothing/there')
  expect(missing.path).toBe(file.filename)
})

describe('links', () => {
  test('h5py sees hard, soft and external links as they were created', async () => {
    const path = scratch()
    using file = new File(path, 'w')
    const data = file.createDatasetSync('data', { type: 'int16' }, [1, 2, 3])
    await file.createLink('again', data)
    await file.createLink('soft', { path: '/data' })
    await file.createLink('dangling', { path: '/nothing' })
    await file.createLink('other', { file: 'other.h5', path: '/x' })
    expect(await file.links()).toEqual([
      { name: 'again', type: 'hard' },
      { name: 'dangling', type: 'soft', path: '/nothing' },
      { name: 'data', type: 'hard' },
      { name: 'other', type: 'external', file: 'other.h5', path: '/x' },
      { name: 'soft', type: 'soft', path: '/data' },
    ])
    expect((await data.info()).links).toBe(2)
    expect((await data.info()).token).toBe((await (await file.get('soft')).info()).token)
    expect(await file.kind('dangling')).toBeNull()
    expect(await file.kind('other')).toBe('external link')
    expect((await failure(() => file.get('other'))).code).toBe('ERR_FORMAT')
    expect((await failure(() => file.createLink('soft', data))).code).toBe('ERR_EXISTS')
    file.closeSync()
    const seen = await askH5py(
      path,
      '{n: [type(f.get(n, getlink=True)).__name__, getattr(f.get(n, getlink=True), "path", None)] for n in f}',
    )
    expect(seen).toEqual({
      again: ['HardLink', null],
      data: ['HardLink', null],
      soft: ['SoftLink', '/data'],
      dangling: ['SoftLink', '/nothing'],
      other: ['ExternalLink', '/x'],
    })
  })

  test('an external link is followed only when the file was opened with external: true', async () => {
    const [here, there] = [scratch('here.h5'), scratch('there.h5')]
    new File(there, 'w').createDatasetSync('x', { type: 'int8' }, [7]).file.closeSync()
    const made = new File(here, 'w')
    made.createLinkSync('there', { file: there, path: '/x' })
    made.closeSync()
    using contained = new File(here)
    expect(contained.kindSync('there')).toBe('external link')
    contained.closeSync()
    using file = new File(here, 'r', { external: true })
    expect((await (await file.dataset('there')).read()).data).toEqual(Int8Array.of(7))
  })

  test('links are moved and deleted', async () => {
    using file = new File(scratch(), 'w')
    file.createDatasetSync('a/x', { type: 'int8' }, [1])
    await file.move('a/x', 'b/y')
    expect(await file.has('a/x')).toBe(false)
    expect((await (await file.dataset('b/y')).read()).data).toEqual(Int8Array.of(1))
    await file.delete('b/y')
    expect(await file.has('b/y')).toBe(false)
    for (const call of [() => file.delete('b/y'), () => file.move('b/y', 'c'), () => file.link('b/y')]) {
      expect((await failure(call)).code).toBe('ERR_NOT_FOUND')
    }
  })
})

test('copy copies everything below a group, also into another file', async () => {
  const [one, other] = [scratch('one.h5'), scratch('other.h5')]
  using from = new File(one, 'w')
  const data = from.createDatasetSync(
    'g/d',
    { type: 'float64', chunks: [2], shape: [4], filters: ['deflate'] },
    [1, 2, 3, 4],
  )
  data.attributes.setSync('unit', 'cm')
  await from.copy('g', 'h')
  using to = new File(other, 'w')
  await from.copy('g/d', 'arrived', { into: to })
  await from.copy('g', 'bare', { into: to, withoutAttributes: true })
  expect((await failure(() => from.copy('g', 'arrived', { into: to }))).code).toBe('ERR_EXISTS')
  to.closeSync()
  from.closeSync()
  const seen = await askH5py(
    other,
    '[f["arrived"][:].tolist(), f["arrived"].attrs["unit"], f["arrived"].compression, list(f["bare/d"].attrs)]',
  )
  expect(seen).toEqual([[1, 2, 3, 4], 'cm', 'gzip', []])
  expect(await askH5py(one, 'f["h/d"][:].tolist()')).toEqual([1, 2, 3, 4])
})

test('a comment is stored and can be removed', async () => {
  const path = scratch()
  using file = new File(path, 'w')
  const group = file.createGroupSync('g')
  expect(await group.comment()).toBeNull()
  await group.setComment('seen at dawn')
  expect(await group.comment()).toBe('seen at dawn')
  file.flushSync()
  group.setCommentSync(null)
  expect(group.commentSync()).toBeNull()
})

test('a named type is shared by the datasets that are created with it', async () => {
  const path = scratch()
  using file = new File(path, 'w')
  const type = await file.createType('kinds', { class: 'enum', base: 'int8', members: { CAT: 1, DOG: 2 } })
  type.attributes.setSync('by', 'us')
  await file.createDataset('pets', { type, shape: [2] }, [1, 2])
  file.closeSync()
  const seen = await askH5py(path, '[f["pets"].id.get_type().committed(), h5py.check_enum_dtype(f["pets"].dtype)]')
  expect(seen).toEqual([true, { CAT: 1, DOG: 2 }])
})

test('groups, links and types that h5py wrote are opened like our own', async () => {
  const path = scratch()
  await h5py(
    path,
    'w',
    `g = f.create_group("run", track_order=True)
g["x"] = np.arange(3.0)
g["t"] = np.dtype("f4")
g["link"] = h5py.SoftLink("x")`,
  )
  using file = new File(path)
  using group = await file.group('run')
  expect(await group.keys({ order: 'creation' })).toEqual(['x', 't', 'link'])
  expect(await group.kind('t')).toBe('datatype')
  expect((await (await group.dataset('link', 'float64')).read()).data).toEqual(Float64Array.of(0, 1, 2))
  const refused = await failure(() => group.createGroup('more'))
  expect(refused.code).toBe('ERR_READ_ONLY')
})
