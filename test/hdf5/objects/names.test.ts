/** Names are bytes. A name that is not UTF-8 is decoded as Python does it (surrogateescape), and the decoded name finds its object again. */
import fc from 'fast-check'
import { type CompoundType, type EnumType, File, type LinkInfo } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { runPython } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

interface NamesByPython {
  links: [hex: string, text: string][]
  values: Record<string, number>
  attributes: [hex: string, text: string][]
  members: [hex: string, text: string][]
  'values of the enum': [hex: string, text: string][]
  targets: [hex: string, text: string][]
}

const namesByPython = async (path: string) =>
  JSON.parse(await runPython('odd_names.py', ['tell', path])) as NamesByPython

/** UTF-8, Latin-1, Shift-JIS, invalid UTF-8 (overlong, surrogates, too large, cut off), and random bytes. */
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

/** The string after a round trip through JSON, as a program may store it. */
const throughJson = (text: string) => JSON.parse(JSON.stringify(text)) as string

test('a name that another program wrote is decoded as by Python, stays unique, and finds its object', async () => {
  const path = scratch('others.h5')
  await runPython('odd_names.py', ['make', path], { input: names.join('\n') })
  const python = await namesByPython(path)
  expect(python.links).toHaveLength(names.length)
  const text = (list: [string, string][]) => list.map(([, name]) => name)

  using file = new File(path)
  const keys = (await file.keys()).filter((key) => !key.startsWith(':'))
  expect(keys.toSorted()).toEqual(text(python.links).toSorted())
  expect(new Set(keys).size).toBe(names.length)
  for (const [hex, name] of python.links) {
    expect(await file.kind(throughJson(name))).toBe('dataset')
    using dataset = file.datasetSync(throughJson(name), 'int32')
    expect(dataset.name).toBe(name)
    expect(await dataset.read()).toMatchObject({ data: Int32Array.of(python.values[hex]!) })
  }
  expect(file.attributes.keysSync().toSorted()).toEqual(text(python.attributes).toSorted())
  for (const [i, hex] of names.entries()) {
    const name = python.attributes.find(([bytes]) => bytes === hex)![1]
    expect(file.attributes.hasSync(throughJson(name))).toBe(true)
    expect(file.attributes.getSync(throughJson(name))).toBe(i)
  }
  const compound = file.namedTypeSync(':compound').type as CompoundType
  expect(compound.members.map(({ name }) => name)).toEqual(text(python.members))
  const { members } = file.namedTypeSync(':enum').type as EnumType
  expect(Object.getPrototypeOf(members)).toBe(Object.prototype)
  for (const [i, [, name]] of python['values of the enum'].entries()) {
    expect(Object.getOwnPropertyDescriptor(members, name)?.value).toBe(i)
  }
  const soft = file.groupSync(':soft')
  for (const [i, [, name]] of python.targets.entries()) {
    const link = soft.linkSync(String(i)) as Extract<LinkInfo, { type: 'soft' }>
    expect(link.path).toBe(`/${name}`)
    expect(soft.kindSync(String(i))).toBe('dataset')
  }
  expect(await file.verify()).toEqual([])
})

test('a decoded name is written as the bytes that it was read from', async () => {
  const given = scratch('given.h5')
  await runPython('odd_names.py', ['make', given], { input: names.join('\n') })
  const python = await namesByPython(given)
  const texts = python.members.map(([, name]) => throughJson(name))

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

  const written = await namesByPython(path)
  const bytes = (list: [string, string][]) => list.map(([hex]) => hex).toSorted()
  for (const where of ['links', 'attributes', 'members', 'values of the enum', 'targets'] as const) {
    expect(bytes(written[where]), where).toEqual(names.toSorted())
  }
  expect(written.values).toEqual(python.values)
})

test('a compound keeps member names such as __proto__, and no prototype is changed', async () => {
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

describe('invalid names', () => {
  test.each([
    ['a NUL', 'a\0b', "must not contain NUL; got one after 'a'"],
    ['a lone high surrogate', 'a\ud800', 'lone surrogate'],
    ['a low surrogate that stands for no byte', '\udc7f', 'lone surrogate'],
  ])('every function that takes a name refuses %s in it', async (_what, name, words) => {
    using file = new File(scratch(), 'w')
    const type = { class: 'compound', members: [{ name, type: 'int8' }] } as const
    for (const call of [
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
      const error = await failure(call)
      expect(error.code).toBe('ERR_INVALID_ARGUMENT')
      expect(error.message).toContain(words)
    }
    expect(file.keysSync()).toEqual([])
    expect(file.attributes.keysSync()).toEqual([])
  })
})

test("'.' in a path means the current group, and '..' is an ordinary name", async () => {
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
