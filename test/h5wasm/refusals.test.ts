import { File, type FloatType, type TypeSpec } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { type Library, ours } from '../support/hdf5/both.js'
import { scratch } from '../support/scratch.js'

// Where h5wasm prints a message and continues, or writes something other than asked, this library throws.

type H5wasm = Library

/** The long double of x86. */
const LONG_DOUBLE: FloatType = {
  class: 'float',
  size: 16,
  order: 'little',
  layout: {
    precision: 80,
    offset: 0,
    sign: 79,
    exponent: { at: 64, bits: 15 },
    mantissa: { at: 0, bits: 64 },
    bias: 16383,
    normalization: 'none',
    inner: 'zero',
    padding: ['zero', 'zero'],
  },
}

describe('calls that h5wasm only reports or does differently', () => {
  const made = () => {
    const file = new ours.File(scratch('made.h5'), 'w')
    file.create_dataset({ name: 'data', data: [1, 2, 3] })
    return file
  }

  test('opening an absent file, a file that is not HDF5, or an unknown mode throws', () => {
    expect(() => new ours.File(scratch('none.h5'), 'r')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
    expect(() => new ours.File(import.meta.filename, 'r')).toThrow(expect.objectContaining({ code: 'ERR_NOT_HDF5' }))
    expect(() => new ours.File('x.h5', 'z' as 'r')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
  })

  test('creating a dataset, a group or an attribute whose name exists throws', () => {
    const file = made()
    expect(() => file.create_dataset({ name: 'data', data: [4] })).toThrow(
      expect.objectContaining({ code: 'ERR_EXISTS' }),
    )
    expect(() => file.create_group('data')).toThrow(expect.objectContaining({ code: 'ERR_EXISTS' }))
    file.create_attribute('a', 1)
    expect(() => file.create_attribute('a', 2)).toThrow(expect.objectContaining({ code: 'ERR_EXISTS' }))
    expect((file.get('data') as InstanceType<H5wasm['Dataset']>).value).toEqual(new Int32Array([1, 2, 3]))
    file.close()
  })

  test('deleting or linking an absent name throws, and looking it up gives undefined or null', () => {
    const file = made()
    expect(() => file.delete_attribute('none')).toThrow(expect.objectContaining({ code: 'ERR_NOT_FOUND' }))
    expect(() => file.create_hard_link('/none', 'link')).toThrow(expect.objectContaining({ code: 'ERR_NOT_FOUND' }))
    expect(file.attrs.none).toBeUndefined()
    expect(file.get('none')).toBeNull()
    file.close()
  })

  test('resizing a dataset beyond its maximum throws an error that says so', () => {
    const file = made()
    const data = file.get('data') as InstanceType<H5wasm['Dataset']>
    expect(() => data.resize([4])).toThrow(/'\/data' cannot be resized: axis 0 has a maximum of 3, not 4/)
    expect(() => data.resize([1, 2])).toThrow(/cannot be resized/)
    expect(data.slice()).toEqual(new Int32Array([1, 2, 3]))
    file.close()
  })

  test("the dtype '<f8' means 8 bytes, and an unknown dtype throws", () => {
    const file = made()
    const wide = file.create_dataset({ name: 'wide', data: [0.1], dtype: '<f8' })
    expect(wide.value).toEqual(new Float64Array([0.1]))
    expect(wide.dtype).toBe('<d')
    expect(() => file.create_dataset({ name: 'odd', data: [1], dtype: '<d4' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    )
    file.close()
  })

  test('a dataset that is used after its file was closed throws ERR_CLOSED', () => {
    const file = made()
    const data = file.get('data') as InstanceType<H5wasm['Dataset']>
    file.close()
    expect(() => data.value).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    expect(file.close()).toBe(0)
  })

  test('create_dataset refuses data and options that do not fit', () => {
    const file = made()
    const bad = (args: object) => () => file.create_dataset({ name: 'bad', data: [1, 2, 3], ...args })
    expect(bad({ shape: [2] })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
    expect(bad({ compression: 4 })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
    expect(bad({ compression: 'lzma', chunks: [3] })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
    expect(bad({ data: [true] })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
    expect(file.get('bad')).toBeNull()
    file.close()
  })

  test('big-endian types, and text in slices and compounds, are written', () => {
    const file = made()
    file.create_dataset({ name: 'big', data: [1, 2], dtype: '>h' })
    const text = file.create_dataset({ name: 'text', data: ['a', 'b', 'c'] })
    text.write_slice([[1, 2]], ['β'])
    const table = new Map<string, string[] | number[]>([
      ['name', ['x', 'y']],
      ['n', [1, 2]],
    ])
    file.create_dataset({ name: 'table', data: table })
    const value = (name: string) => (file.get(name) as InstanceType<H5wasm['Dataset']>).value
    expect(value('big')).toEqual(new Int16Array([1, 2]))
    expect(value('text')).toEqual(['a', 'β', 'c'])
    expect(value('table')).toEqual([
      ['x', 1],
      ['y', 2],
    ])
    file.close()
  })

  test.for<[string, TypeSpec]>([
    ['long doubles', LONG_DOUBLE],
    ['arrays of long doubles', { class: 'array', base: LONG_DOUBLE, shape: [2] }],
    ['compounds of long doubles', { class: 'compound', members: { a: LONG_DOUBLE, b: 'float32' } }],
    ['sequences of long doubles', { class: 'vlen', base: LONG_DOUBLE }],
    ['complex numbers of long doubles', { class: 'complex', base: LONG_DOUBLE }],
    ['integers of 16 bytes', { class: 'integer', size: 16 }],
  ])('reading %s, which JavaScript cannot represent, throws ERR_UNSUPPORTED_TYPE', ([, type]) => {
    const path = scratch('wide.h5')
    using made = new File(path, 'w')
    made.createDatasetSync('wide', { type, shape: [2] })
    made.closeSync()
    const file = new ours.File(path, 'r')
    const wide = () => file.get('wide') as InstanceType<H5wasm['Dataset']>
    const refused = expect.objectContaining({
      code: 'ERR_UNSUPPORTED_TYPE',
      message: expect.stringContaining("'/wide'"),
    })
    expect(() => wide().value).toThrow(refused)
    expect(() => wide().json_value).toThrow(refused)
    expect(() => wide().to_array()).toThrow(refused)
    expect(() => wide().slice([[0, 1]])).toThrow(refused)
    expect(wide().shape).toEqual([2])
    file.close()
  })
})
