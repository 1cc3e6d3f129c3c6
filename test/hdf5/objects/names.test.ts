/** Names are bytes. Those that are not UTF-8 come as Python tells them (surrogateescape), and lead back to what they name. */
import fc from 'fast-check'
import { type CompoundType, type EnumType, File, type LinkInfo } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { runPython } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

interface Told {
  links: [hex: string, text: string][]
  values: Record<string, number>
  attributes: [hex: string, text: string][]
  members: [hex: string, text: string][]
  'values of the enum': [hex: string, text: string][]
  targets: [hex: string, text: string][]
}

const tell = async (path: string) => JSON.parse(await runPython('odd_names.py', ['tell', path])) as Told

/** UTF-8, Latin-1, Shift-JIS, what is nearly UTF-8 (too long, surrogates, too large, cut off), and bytes at random. */
const chosen = [
  'café',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '..',
  '..x',
  ' ',
  '\ufffd',
  '😀',
  'toString',
  '0',
  '-1',
].map((text) => Buffer.from(text).toString('hex'))
const nearly =
  'caf\xe9 gr\xfc\xdf \x83\x65\x83\x58 \xc0\xaf \xed\xa0\x80 \xed\xb3\xa9 \xf4\x90\x80\x80 \xe2\x82 \xf0\x9f\x98 \xff \x80 \xc3 \xef\xbf \xc3\xa9\xe9'
    .split(' ')
    .map((text) => Buffer.from(text, 'latin1').toString('hex'))
const anyBytes = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) =>
    Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f || byte === 0x3a ? 0xe9 : byte))).toString('hex'),
  )
  .filter((hex) => hex !== '2e')
const names = [...new Set([...chosen, ...nearly, ...fc.sample(anyBytes, { numRuns: 300, seed: 1 })])]

/** The string through JSON, as a program may keep it. */
const kept = (text: string) => JSON.parse(JSON.stringify(text)) as string

test('names of others are told as Python tells them, all different, and lead to what they name', async () => {
  const path = scratch('others.h5')
  await runPython('odd_names.py', ['make', path], { input: names.join('\n') })
  const told = await tell(path)
  expect(told.links).toHaveLength(names.length)
  const text = (list: [string, string][]) => list.map(([, name]) => name)

  using file = new File(path)
  const keys = (await file.keys()).filter((key) => !key.startsWith(':'))
  expect(keys.toSorted()).toEqual(text(told.links).toSorted())
  expect(new Set(keys).size).toBe(names.length)
  for (const [hex, name] of told.links) {
    expect(await file.kind(kept(name))).toBe('dataset')
    using dataset = file.datasetSync(kept(name), 'int32')
    expect(dataset.name).toBe(name)
    expect(await dataset.read()).toMatchObject({ data: Int32Array.of(told.values[hex]!) })
  }
  expect(file.attributes.keysSync().toSorted()).toEqual(text(told.attributes).toSorted())
  for (const [i, hex] of names.entries()) {
    const name = told.attributes.find(([bytes]) => bytes === hex)![1]
    expect(file.attributes.hasSync(kept(name))).toBe(true)
    expect(file.attributes.getSync(kept(name))).toBe(i)
  }
  const compound = file.namedTypeSync(':compound').type as CompoundType
  expect(compound.members.map(({ name }) => name)).toEqual(text(told.members))
  const { members } = file.namedTypeSync(':enum').type as EnumType
  expect(Object.getPrototypeOf(members)).toBe(Object.prototype)
  for (const [i, [, name]] of told['values of the enum'].entries()) {
    expect(Object.getOwnPropertyDescriptor(members, name)?.value).toBe(i)
  }
  const soft = file.groupSync(':soft')
  for (const [i, [, name]] of told.targets.entries()) {
    const link = soft.linkSync(String(i)) as Extract<LinkInfo, { type: 'soft' }>
    expect(link.path).toBe(`/${name}`)
    expect(soft.kindSync(String(i))).toBe('dataset')
  }
  expect(await file.verify()).toEqual([])
})

test('names as they were told can be written, and are the same bytes', async () => {
  const given = scratch('given.h5')
  await runPython('odd_names.py', ['make', given], { input: names.join('\n') })
  const told = await tell(given)
  const texts = told.members.map(([, name]) => kept(name))

  const path = scratch('written.h5')
  const file = new File(path, 'w')
  const soft = file.createGroupSync(':soft')
  for (const [i, name] of texts.entries()) {
    file.createDatasetSync(name, { type: 'int32', shape: [] }, Int32Array.of(i))
    file.attributes.setSync(name, i, { type: 'int32' })
    soft.createLinkSync(String(i), { path: `/${name}` })
  }
  file.createTypeSync(':compound', { class: 'compound', members: texts.map((name) => ({ name, type: 'int32' })) })
  const members = Object.fromEntries(texts.map((name, i) => [name, i]))
  file.createTypeSync(':enum', { class: 'enum', base: 'int16', members })
  await file.close()

  const written = await tell(path)
  const bytes = (list: [string, string][]) => list.map(([hex]) => hex).toSorted()
  for (const where of ['links', 'attributes', 'members', 'values of the enum', 'targets'] as const) {
    expect(bytes(written[where]), where).toEqual(names.toSorted())
  }
  expect(written.values).toEqual(told.values)
})

test('values of a compound are by those names, and no prototype is touched', async () => {
  using file = new File(scratch(), 'w')
  const members = ['__proto__', 'constructor', 'm\udce9'].map((name) => ({ name, type: 'int8' as const }))
  const data = Object.fromEntries(members.map(({ name }, i) => [name, Int8Array.of(i, 10 + i)]))
  const dataset = file.createDatasetSync('d', { type: { class: 'compound', members }, shape: [2] }, data)
  const read = dataset.readSync().data as Record<string, Int8Array>
  expect(Object.getOwnPropertyNames(read)).toEqual(['__proto__', 'constructor', 'm\udce9'])
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  for (const [i, { name }] of members.entries()) {
    expect(Object.getOwnPropertyDescriptor(read, name)!.value).toEqual(Int8Array.of(i, 10 + i))
  }
  expect(({} as Record<string, unknown>)['m\udce9']).toBeUndefined()
})

describe('what is no name is refused, and says so', () => {
  test.each([
    ['a NUL', 'a\0b', "without NUL; got one behind 'a'"],
    ['a surrogate that is no byte', 'a\ud800', 'surrogate that stands alone'],
    ['a surrogate below those of bytes', '\udc7f', 'surrogate that stands alone'],
  ])('%s', async (_what, name, words) => {
    using file = new File(scratch(), 'w')
    const type = { class: 'compound', members: [{ name, type: 'int8' }] } as const
    for (const door of [
      () => file.createGroup(name),
      () => file.createDataset(name, { type: 'int8', shape: [] }),
      () => file.createType(name, 'int8'),
      () => file.createType('t', type),
      () => file.createType('t', { class: 'enum', members: { [name]: 1 } }),
      () => file.createLink('l', { path: name }),
      () => file.createLink('l', { file: name, path: '/' }),
      () => file.attributes.set(name, 1),
      () => file.attributes.has(name),
      () => file.get(name),
      () => file.has(name),
      () => file.kindSync(name),
      () => file.delete(name),
      () => file.move('a', name),
      () => file.setComment(name),
    ]) {
      const error = await failure(door)
      expect(error.code).toBe('ERR_INVALID_ARGUMENT')
      expect(error.message).toContain(words)
    }
    expect(file.keysSync()).toEqual([])
    expect(file.attributes.keysSync()).toEqual([])
  })
})

test("'.' is where one is, anywhere in a path, and '..' is a name like any other", async () => {
  using file = new File(scratch(), 'w')
  file.createGroupSync('a/b')
  for (const [path, leads] of [
    ['.', '/'],
    ['./a', '/a'],
    ['a/./b', '/a/b'],
    ['a/b/.', '/a/b'],
    ['a//b/', '/a/b'],
    ['/./a', '/a'],
  ] as const) {
    expect(await file.has(path)).toBe(true)
    expect((await file.get(path)).path).toBe(leads)
  }
  for (const path of ['.', '/', 'a/.', './a/']) {
    expect((await failure(() => file.createGroup(path))).code).toBe('ERR_EXISTS')
  }
  expect(await file.has('a/..')).toBe(false)
  expect((await file.createGroup('a/..')).path).toBe('/a/..')
  expect(file.groupSync('a').keysSync()).toEqual(['..', 'b'])
})
