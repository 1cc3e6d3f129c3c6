/** Attributes of 64 KiB and more: stored where the object's format has room for them, otherwise refused with an error that says what to do. */
import { statSync } from 'node:fs'
import * as drop from 'h5tracks/h5wasm'
import { File, type FileOptions, type H5TracksError, type TypeSpec } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { askH5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

const names = Array.from({ length: 6000 }, (_, i) => `name ${i} é`)
const numbers = Float64Array.from({ length: 9000 }, (_, i) => i / 3)

/** What h5py finds in the attributes of the group and of the dataset. */
const found = (path: string) =>
  askH5py<unknown>(
    path,
    `[(lambda a: [sorted(a), len(a["names"]), a["names"][5999], len(a["numbers"]), float(a["numbers"].sum())])(o.attrs) for o in f.values()]`,
  )
const expected = [['names', 'numbers', 'small'], 6000, 'name 5999 é', 9000, numbers.reduce((sum, n) => sum + n, 0)]

const newer: [string, FileOptions, object][] = [
  ["of a file with libver: ['v108', 'latest']", { libver: ['v108', 'latest'] }, {}],
  ['with trackOrder: true', {}, { trackOrder: true }],
  ['with attributePhase', {}, { attributePhase: [0, 0] }],
]

describe.each(newer)('groups and datasets %s', (how, fileOptions, objectOptions) => {
  test(`groups and datasets ${how} hold attributes of 6000 strings and 72 kB of numbers, which h5py reads`, async () => {
    const path = scratch()
    await using file = await File.open(path, 'w', fileOptions)
    const objects = [
      await file.createGroup('group', objectOptions),
      await file.createDataset('dataset', { ...objectOptions, type: 'int8', shape: [] }),
    ]
    for (const { attributes } of objects) {
      await attributes.set('names', names)
      await attributes.set('numbers', numbers)
      await attributes.set('small', 1)
      expect((await attributes.read('names')).data).toEqual(names)
      expect((await attributes.read('numbers')).data).toEqual(numbers)
      // A smaller value and then a larger one replace the value.
      await attributes.set('numbers', 1)
      await attributes.set(
        'numbers',
        numbers.map((n) => 2 * n),
      )
      await attributes.set('numbers', numbers)
      await attributes.rename('names', 'renamed')
      expect((await attributes.read('renamed')).data).toEqual(names)
      await attributes.rename('renamed', 'names')
    }
    await file.close()
    expect(await found(path)).toEqual([expected, expected])
  })
})

test('the root group holds large attributes with libver or trackOrder of the file', async () => {
  for (const options of [{ libver: ['v108', 'latest'] }, { trackOrder: true }] as FileOptions[]) {
    const path = scratch()
    await using file = await File.open(path, 'w', options)
    await file.attributes.set('names', names)
    expect(await file.attributes.get('names')).toEqual(names)
  }
})

test.each<[string, unknown, number, { type?: TypeSpec }]>([
  ['4096 strings', names.slice(0, 4096), 65_536, {}],
  ['6000 strings', names, 96_000, {}],
  ['64 KiB of bytes', new Uint8Array(65_536), 65_536, {}],
  ['72 kB of numbers', numbers, 72_000, {}],
  ['a long string of fixed length', 'x'.repeat(70_000), 70_000, { type: { class: 'string', size: 70_000 } }],
])(
  'an attribute of %s in the oldest format is refused with ERR_TOO_LARGE, which gives the bytes and the remedy',
  async (_, value, bytes, options) => {
    const path = scratch()
    await using file = await File.open(path, 'w')
    await file.attributes.set('a', 'kept')
    const error = (await failure(() => file.attributes.set('a', value as string, options))) as H5TracksError
    expect(error.code).toBe('ERR_TOO_LARGE')
    expect(error.message).toContain(`attribute 'a' of '/' in '${path}' takes ${bytes} bytes`)
    expect(error.message).toMatch(/libver: \['v108', 'latest'\].*trackOrder: true.*dataset/)
    expect(await file.attributes.keys()).toEqual(['a'])
    expect(await file.attributes.get('a')).toBe('kept')
  },
)

test('an attribute below 64 KiB is stored in the oldest format, also one of more than 4000 strings', async () => {
  await using file = await File.open(scratch(), 'w')
  await file.attributes.set('names', names.slice(0, 4090))
  await file.attributes.set('bytes', new Uint8Array(65_000).fill(7))
  expect(await file.attributes.get('names')).toEqual(names.slice(0, 4090))
  expect((await file.attributes.read('bytes')).data).toEqual(new Uint8Array(65_000).fill(7))
})

test('an attribute with a name or a type of 64 KiB is refused, because the format cannot store its length', async () => {
  await using file = await File.open(scratch(), 'w', { libver: ['v108', 'latest'] })
  const members = Object.fromEntries(names.slice(0, 5000).map((name, i) => [name, i]))
  const given: [string, unknown, TypeSpec][] = [
    ['x'.repeat(65_535), 1, 'int8'],
    ['enum', 1, { class: 'enum', base: 'int32', members }],
  ]
  for (const [name, value, type] of given) {
    const error = (await failure(() => file.attributes.set(name, value as number, { type }))) as H5TracksError
    expect(error.code).toBe('ERR_TOO_LARGE')
  }
  expect(await file.attributes.keys()).toEqual([])
})

test('a type, a fill value or a compact dataset that is too large for an object header is refused with ERR_TOO_LARGE', async () => {
  await using file = await File.open(scratch(), 'w')
  const members = Object.fromEntries(names.slice(0, 5000).map((name, i) => [name, i]))
  const specs: [string, object][] = [
    ['type', { type: { class: 'enum', base: 'int32', members }, shape: [1] }],
    ['fill', { type: { class: 'string', size: 70_000 }, shape: [1], fill: 'a' }],
    ['compact', { type: 'float64', shape: [10_000], layout: 'compact' }],
  ]
  for (const [name, spec] of specs) {
    const error = (await failure(() => file.createDataset(name, spec as { type: TypeSpec }))) as H5TracksError
    expect([name, error.code]).toEqual([name, 'ERR_TOO_LARGE'])
  }
})

test('an attribute larger than 64 MiB is read', async () => {
  const path = scratch()
  await using file = await File.open(path, 'w', { libver: ['v108', 'latest'] })
  await file.attributes.set('large', new Uint8Array(70 * 2 ** 20).fill(3))
  await file.close()
  expect(statSync(path).size).toBeGreaterThan(70 * 2 ** 20)
  await using again = await File.open(path, 'r')
  const { data } = await again.attributes.read('large')
  expect(Buffer.from(data as Uint8Array).equals(Buffer.alloc(70 * 2 ** 20, 3))).toBe(true)
})

test('the h5wasm drop-in stores large attributes, and refuses them where libver leaves no room', () => {
  const file = new drop.File(scratch(), 'w')
  file.create_attribute('names', names)
  expect(file.attrs.names?.value).toEqual(names)
  file.close()
  const old = new drop.File(scratch(), 'w', { libver: ['earliest', 'latest'] })
  expect(() => old.create_attribute('names', names)).toThrow(/64 KiB/)
  old.create_group('ordered', true).create_attribute('names', names)
  expect((old.get('ordered') as drop.Group).attrs.names?.value).toEqual(names)
  old.close()
})
