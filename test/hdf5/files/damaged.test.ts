/** Objects and attributes that exist and cannot be opened: every call is an error that names them, and all others can be read. */
import { readFileSync, writeFileSync } from 'node:fs'
import { File, H5TracksError } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

function change(path: string, at: number, byte: number): void {
  const bytes = readFileSync(path)
  bytes[at] = byte
  writeFileSync(path, bytes)
}

/** Makes a file in which the object headers of `damaged` have version 9, which does not exist. */
async function make(damaged: readonly string[], libver = 'earliest'): Promise<string> {
  const path = scratch('damaged.h5')
  const script = `
f.create_dataset('whole', data=[1, 2, 3]).attrs['unit'] = 'cm'
f.create_dataset('d', data=[4, 5, 6])
f.create_group('g').create_dataset('inner', data=7)
f['g/deep/er'] = 8
f['t'] = np.dtype('<f4')
f['soft'] = h5py.SoftLink('/d')
f['relative'] = f['g/soft'] = h5py.SoftLink('inner')
f['dangling'] = h5py.SoftLink('/nowhere')
f['far'] = h5py.ExternalLink('other.h5', '/d')
print(json.dumps([int(h5py.h5o.get_info(f[name].id).addr) for name in ${JSON.stringify(damaged)}]))`
  const making = `with h5py.File(sys.argv[1], 'w', libver='${libver}') as f:`
  const source = script.trim().split('\n').join('\n  ')
  const addresses = JSON.parse(await h5py(path, 'w', `f.close()\n${making}\n  ${source}`)) as number[]
  // Behind the signature, where the new format has one.
  for (const address of addresses) change(path, address + (libver === 'latest' ? 4 : 0), 9)
  return path
}

const damage = (name: string) => ({ code: 'ERR_DAMAGED', message: expect.stringContaining(name) })

describe.each(['earliest', 'latest'])('damaged objects in the %s format', (libver) => {
  test.each(['d', 'g', 't'])(
    `every call on the damaged object '%s' in the ${libver} format is an error that names it, and whole objects are read`,
    async (name) => {
      const path = await make([name], libver)
      using file = new File(path)
      const names = ['d', 'dangling', 'far', 'g', 'relative', 'soft', 't', 'whole']
      expect(await file.keys()).toEqual(names)
      expect((await file.links()).map((link) => link.name)).toEqual(names)
      expect(await file.link(name)).toEqual({ name, type: 'hard' })
      for (const call of [
        () => file.kind(name),
        () => file.kindSync(`/${name}`),
        () => file.has(name),
        () => file.get(name),
        () => file.getSync(`./${name}`),
        () => file.group(name),
        () => file.dataset(name),
        () => file.namedType(name),
        () => file.requireGroup(name),
        () => [...file.entriesSync()],
        async () => {
          for await (const [, object] of file.entries()) object.close()
        },
      ]) {
        const error = await failure(call)
        expect(error).toMatchObject({ ...damage(`${name}'`), path })
        expect(error.message).toContain('verify()')
        expect(error.hdf5!.length).toBeGreaterThan(1)
      }
      using copy = new File(scratch('copy.h5'), 'w')
      expect(await failure(() => file.copy(name, 'c', { into: copy }))).toMatchObject(damage(`${name}'`))

      const found = await file.verify()
      expect(found.map(({ path, attribute }) => ({ path, attribute }))).toEqual([
        { path: `/${name}`, attribute: undefined },
      ])
      expect(found[0]!.problem).toBeInstanceOf(H5TracksError)
      expect(found[0]!.problem.code).toBe('ERR_DAMAGED')
      expect(file.verifySync()).toEqual(found)
      using whole = file.datasetSync('whole', 'int64')
      expect(whole.readSync().data).toEqual(BigInt64Array.of(1n, 2n, 3n))
      expect(whole.attributes.getSync('unit')).toBe('cm')
    },
  )

  test(`dangling links beside a damaged object in the ${libver} format stay dangling, and a link to it is an error that names the link`, async () => {
    using file = new File(await make(['d'], libver))
    expect(file.kindSync('dangling')).toBeNull()
    expect(file.hasSync('relative')).toBe(false)
    expect(file.kindSync('g/soft')).toBe('dataset')
    expect(file.kindSync('far')).toBe('external link')
    expect(file.hasSync('none')).toBe(false)
    expect(file.hasSync('whole/x')).toBe(false)
    expect(file.hasSync('dangling/x')).toBe(false)
    expect((await failure(() => file.get('dangling'))).code).toBe('ERR_NOT_FOUND')
    expect((await failure(() => file.link('none'))).code).toBe('ERR_NOT_FOUND')
    for (const call of [() => file.kind('soft'), () => file.get('soft')]) {
      expect(await failure(call)).toMatchObject(damage("'soft'"))
    }
  })

  test(`a path below a damaged group in the ${libver} format is an error, not an absent object`, async () => {
    using file = new File(await make(['g'], libver))
    for (const path of ['g/inner', 'g/nothing', 'g/deep/er', '/g/inner']) {
      for (const call of [() => file.has(path), () => file.get(path), () => file.link(path)]) {
        expect(await failure(call)).toMatchObject(damage("g'"))
      }
    }
  })

  test(`copying a group that contains a damaged object in the ${libver} format is refused`, async () => {
    const path = await make(['g/deep'], libver)
    using file = new File(path)
    using copy = new File(scratch('copy.h5'), 'w')
    const error = await failure(() => file.copy('g', 'c', { into: copy }))
    expect(error).toMatchObject(damage("'/g/deep'"))
    expect(error.message).toContain('cannot be copied completely')
    expect((await file.verify()).map(({ path }) => path)).toEqual(['/g/deep'])
    using group = file.groupSync('g')
    expect((await group.verify()).map(({ path }) => path)).toEqual(['/g/deep'])
  })
})

test('a change to a damaged object is refused and changes nothing', async () => {
  const path = await make(['d', 'g'])
  using file = new File(path, 'r+')
  const before = file.linksSync()
  for (const [name, call] of [
    ['d', () => file.delete('d')],
    ['d', () => file.move('d', 'e')],
    ['g', () => file.createGroup('g/new')],
    ['g', () => file.createDataset('g/new', { type: 'int8', shape: [] })],
    ['g', () => file.createType('g/new', 'int8')],
    ['g', () => file.createLink('g/new', { path: '/whole' })],
    ['g', () => file.copy('whole', 'g/new')],
    ['g', () => file.move('whole', 'g/new')],
  ] as const) {
    expect(await failure(call)).toMatchObject(damage(`${name}'`))
  }
  for (const call of [
    () => file.createGroup('d'),
    () => file.copy('whole', 'g'),
    () => file.createLink('d', { path: '/t' }),
  ]) {
    expect((await failure(call)).code).toBe('ERR_EXISTS')
  }
  expect(file.linksSync()).toEqual(before)
  // A soft link to a damaged object can be moved.
  await file.move('soft', 'other')
  expect(file.linkSync('other')).toMatchObject({ type: 'soft', path: '/d' })
})

test('verify reports every damaged object once', async () => {
  using file = new File(await make(['d', 'g/deep', 't']))
  expect((await file.verify()).map(({ path }) => path)).toEqual(['/d', '/g/deep', '/t'])
  expect((await new File(await make([])).verify()).length).toBe(0)
})

test('every call on a group whose list of links is damaged is an error that names the group', async () => {
  const path = await make([])
  const heap = readFileSync(path).lastIndexOf('HEAP', readFileSync(path).indexOf('inner'))
  change(path, heap, 0x58)
  using file = new File(path)
  using group = file.groupSync('g')
  for (const call of [
    () => group.keys(),
    () => group.links(),
    () => [...group.entriesSync()],
    () => file.has('g/inner'),
    () => file.get('g/inner'),
    () => group.link('inner'),
  ]) {
    expect(await failure(call)).toMatchObject(damage("g'"))
  }
  expect((await file.verify()).map(({ path }) => path)).toEqual(['/g'])
})

describe('damaged attributes', () => {
  /** Makes a dataset with an attribute whose message has version 9, which does not exist. */
  async function attributes(): Promise<string> {
    const path = scratch('attributes.h5')
    await h5py(
      path,
      'w',
      `d = f.create_dataset('d', data=[1, 2])\nd.attrs['first'] = 1\nd.attrs['broken'] = 2\nf['other'] = 3`,
    )
    change(path, readFileSync(path).indexOf('broken') - 8, 9)
    return path
  }

  test('the error about a damaged attribute names its object, and attributes before it are read', async () => {
    using file = new File(await attributes())
    using dataset = file.datasetSync('d')
    for (const call of [
      () => dataset.attributes.keys(),
      () => dataset.attributes.keysSync(),
      () => dataset.attributes.has('none'),
      () => dataset.attributes.get('broken'),
      () => dataset.attributes.getSync('none'),
      () => dataset.attributes.info('broken'),
      () => dataset.attributes.read('broken'),
    ]) {
      expect(await failure(call)).toMatchObject(damage("'/d'"))
    }
    expect(dataset.attributes.getSync('first')).toBe(1)
    expect((await file.verify()).map(({ path, problem }) => [path, problem.code])).toEqual([['/d', 'ERR_DAMAGED']])
  })

  test('verify names an attribute whose value cannot be read', async () => {
    const path = scratch('value.h5')
    await h5py(path, 'w', `f.attrs['whole'] = 1\nf.create_group('g').attrs['text'] = 'in a heap of its own'`)
    change(path, readFileSync(path).indexOf('GCOL'), 0x58)
    using file = new File(path)
    expect((await failure(() => file.groupSync('g').attributes.get('text'))).message).toContain("'text' of '/g'")
    expect(await file.verify()).toMatchObject([{ path: '/g', attribute: 'text', problem: { code: 'ERR_HDF5' } }])
  })
})

test('a file whose root is a dataset is read as a dataset, and refuses the calls for groups', async () => {
  const path = scratch('root.h5')
  const at = Number(await h5py(path, 'w', `f['x'] = [1, 2, 3]\nprint(h5py.h5o.get_info(f['x'].id).addr)`))
  const bytes = readFileSync(path)
  bytes.writeBigUInt64LE(BigInt(at), 64)
  bytes.fill(0, 72, 80)
  writeFileSync(path, bytes)
  using file = new File(path)
  expect(file.kindSync('/')).toBe('dataset')
  using root = file.datasetSync('/', 'int64')
  expect(root.readSync().data).toEqual(BigInt64Array.of(1n, 2n, 3n))
  expect(file.attributes.keysSync()).toEqual([])
  expect(file.hasSync('x')).toBe(false)
  expect((await failure(() => file.get('x'))).code).toBe('ERR_NOT_FOUND')
  for (const call of [
    () => file.keys(),
    () => file.size(),
    () => file.links(),
    () => [...file.entriesSync()],
    () => file.group('/'),
  ]) {
    expect(await failure(call)).toMatchObject({
      code: 'ERR_FORMAT',
      message: expect.stringMatching(/dataset|not a group/),
    })
  }
  expect(await file.verify()).toEqual([])
})
