import type { GuessableDataTypes, Slice } from 'h5tracks/h5wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { h5wasmItself, type Library, ours, plain } from '../support/hdf5/both.js'
import { h5dumpText } from '../support/hdf5/h5dump-text.js'
import { walkWithH5py } from '../support/hdf5/interop.js'
import { expectSameLines } from '../support/hdf5/same-lines.js'
import { ourLines } from '../support/hdf5/walk.js'
import { scratch } from '../support/scratch.js'

// Programs for h5wasm run with either library: they get the same results, and h5dump prints the same for their files. Files of
// h5wasm are read as h5py reads them.

type H5wasm = Library
type Program = (library: H5wasm, path: string) => unknown

let theirs: H5wasm
beforeAll(async () => {
  theirs = await h5wasmItself()
})

const programs: Record<string, Program> = {
  'types are guessed': ({ File }, path) => {
    const file = new File(path, 'w')
    const data = {
      whole: [1, -2, 3],
      fractions: [3.1, 4.1, 0, -1],
      one: 5,
      half: 0.5,
      text: 'a string',
      texts: ['hello', 'wörld', ''],
      i8: new Int8Array([-1, 1]),
      u8: new Uint8Array([255, 1]),
      clamped: new Uint8ClampedArray([255, 1]),
      i16: new Int16Array([-300, 1]),
      u16: new Uint16Array([65535, 1]),
      i32: new Int32Array([-70000, 1]),
      u32: new Uint32Array([4294967295, 1]),
      i64: new BigInt64Array([-(2n ** 63n), 1n]),
      u64: new BigUint64Array([2n ** 64n - 1n, 1n]),
      f32: new Float32Array([0.1, Number.NaN]),
      f64: new Float64Array([0.1, Number.POSITIVE_INFINITY]),
      none: [],
    }
    const made = Object.entries(data).map(([name, values]) => {
      const dataset = file.create_dataset({ name, data: values })
      file.create_attribute(name, values)
      const { dtype, shape, metadata, value, json_value } = dataset
      const attribute = file.attrs[name]!
      return [
        dtype,
        shape,
        metadata,
        value,
        json_value,
        attribute.dtype,
        attribute.shape,
        attribute.value,
        attribute.json_value,
      ]
    })
    return [made, file.keys(), Object.keys(file.attrs), file.close()]
  },
  'types and shapes are given': ({ File }, path) => {
    const file = new File(path, 'w')
    const group = file.create_group('entry')
    group.create_dataset({ name: 'float', data: [3.1, 4.1, 0, -1], shape: null, dtype: '<f' })
    group.create_dataset({ name: 'square', data: [3.1, 4.1, 0, -1], shape: [2, 2], dtype: '<d' })
    for (const dtype of ['<b', '<B', '<h', '<H', '<i', '<I', '<q', '<Q', '<f', '<d']) {
      group.create_dataset({ name: dtype.slice(1), data: [1, 2, 3, 4, 5, 6], shape: [3, 2], dtype })
    }
    group.create_dataset({ name: 'ascii', data: ['ab', 'c'], dtype: 'A' })
    group.create_attribute('count', 3, [], '<q')
    return [...group.items()].map(([name, entity]) => {
      const dataset = entity as InstanceType<H5wasm['Dataset']>
      return [name, dataset.dtype, dataset.shape, dataset.value, dataset.to_array()]
    })
  },
  'chunks, compression and growth': ({ File }, path) => {
    const file = new File(path, 'w')
    const data = Array.from({ length: 1000 }, (_, i) => i)
    const shape = [50, 20]
    const chunks = [10, 10]
    file.create_dataset({ name: 'level', data, shape, chunks, compression: 9 })
    file.create_dataset({ name: 'gzip', data, shape, chunks, compression: 'gzip' })
    file.create_dataset({ name: 'options', data, shape, chunks, compression: 'gzip', compression_opts: [2] })
    file.create_dataset({ name: 'shuffle', data, shape, chunks, compression: 2, compression_opts: [4] })
    const growing = file.create_dataset({ name: 'growing', data, shape, chunks, maxshape: [null, 40] })
    const resized = growing.resize([60, 20])
    growing.write_slice([[50, 60], []], new Int32Array(200).fill(7))
    growing.write_slice(
      [
        [0, 60, 20],
        [0, 1],
      ],
      [-1, -2, -3],
    )
    const slices = [
      [[2, 3]],
      [[0, 10], []],
      [[], [5, null]],
      [
        [1, null, 7],
        [null, 4, 2],
      ],
      [
        [45, 100],
        [-3, 2],
      ],
      [],
    ] satisfies Slice[][]
    const read = slices.map((ranges) => growing.slice(ranges))
    const filters = file.keys().map((name) => (file.get(name) as InstanceType<H5wasm['Dataset']>).filters)
    return [resized, growing.shape, growing.metadata, read, filters, file.close()]
  },
  'compounds of columns': ({ File }, path) => {
    const file = new File(path, 'w')
    const flat = new Map<string, GuessableDataTypes>([
      ['id', new Int32Array([10, 20, 30])],
      ['velocity', new Float64Array([1.1, 2.2, 3.3])],
    ])
    const nested = new Map<string, GuessableDataTypes>([
      ['id', new Uint8Array([1, 2])],
      [
        'position',
        new Map([
          ['x', new Float64Array([10.1, 20.1])],
          ['y', new Float64Array([10.2, 20.2])],
        ]),
      ],
    ])
    const particles = file.create_dataset({ name: 'particles', data: flat })
    const dtype: [string, string][] = [
      ['id', '<b'],
      ['velocity', '<f'],
    ]
    const explicit = file.create_dataset({ name: 'explicit', data: flat, dtype })
    const deep = file.create_dataset({ name: 'nested', data: nested })
    particles.create_attribute('compound', flat)
    particles.write_slice(
      [[1, 3]],
      new Map<string, GuessableDataTypes>([
        ['id', new Int32Array([99, 100])],
        ['velocity', new Float64Array([9.9, 10])],
      ]),
    )
    return [
      [particles, explicit, deep].map((dataset) => [
        dataset.value,
        dataset.json_value,
        dataset.dtype,
        dataset.metadata,
      ]),
      particles.attrs.compound!.value,
      particles.slice([[1, 2]]),
    ]
  },
  'attributes are made, read and deleted': ({ File }, path) => {
    const file = new File(path, 'w')
    file.create_attribute('text', 'a string')
    file.create_attribute('matrix', [1, 2, 3, 4, 5, 6], [2, 3])
    file.create_attribute('float', [1, 2], null, '<f')
    file.create_attribute('gone', 1)
    const status = file.delete_attribute('gone')
    const { matrix, text } = file.attrs
    return [
      status,
      Object.keys(file.attrs),
      [matrix!.name, matrix!.path, matrix!.shape, matrix!.dtype, matrix!.metadata, matrix!.to_array()],
      [text!.value, text!.json_value, text!.shape, text!.dtype, text!.metadata],
      file.get_attribute('matrix', false),
      file.get_attribute('float', true),
    ]
  },
  'groups, links and paths': ({ File, Group }, path) => {
    const file = new File(path, 'w')
    const entry = file.create_group('entry')
    entry.create_group('deep').create_group('deeper')
    entry.create_dataset({ name: 'auto', data: [3.1, 4.1, 0, -1] })
    file.create_soft_link('/entry/auto', 'soft')
    file.create_hard_link('/entry/auto', 'hard')
    file.create_external_link('nowhere.h5', 'other', 'external')
    entry.create_soft_link('/nothing', 'broken')
    const value = (name: string) => (file.get(name) as InstanceType<H5wasm['Dataset']>).value
    return [
      file.keys(),
      file.paths().sort(),
      entry.paths().sort(),
      [value('soft'), value('hard'), value('/entry/auto'), value('entry//auto')],
      ['/soft', '/hard', '/entry/broken'].map((name) => file.get_link(name)),
      [file.get_external_link('external'), { ...file.get_external_link('hard') }],
      ['external', 'entry/broken', 'entry', 'soft', 'none', '/'].map((name) => [
        file.get(name)?.constructor.name,
        (file.get(name) as { type?: string } | null)?.type,
      ]),
      ['/', '/entry', '/entry/auto', '/entry/broken', '/external', '/none'].map((name) => file.get_type(name)),
      [{ ...file.get('external') }, { ...file.get('entry/broken') }],
      [
        entry.parent.path,
        entry.parent instanceof Group,
        entry.root.path,
        file.get('entry/deep/deeper') instanceof Group,
      ],
      String(entry.get('deep')).replace(/file_id=\d+/, ''),
      [...entry.values()].length,
    ]
  },
  'creation order is kept where it is asked for': ({ File }, path) => {
    const file = new File(path, 'w', { track_order: true })
    for (const name of ['c', 'a', 'b']) {
      file.create_group(name, name === 'a').create_group('z')
      file.create_attribute(name, name)
    }
    const tracked = file.get('a') as InstanceType<H5wasm['Group']>
    tracked.create_group('y')
    const dataset = file.create_dataset({ name: 'data', data: [1], track_order: true })
    dataset.create_attribute('2', 1)
    dataset.create_attribute('1', 2)
    return [file.keys(), Object.keys(file.attrs), tracked.keys(), file.close()]
  },
  'references to objects and regions': ({ File }, path) => {
    const file = new File(path, 'w')
    const data = file.create_dataset({ name: 'data', data: Array.from({ length: 24 }, (_, i) => i), shape: [4, 6] })
    const group = file.create_group('group')
    const region = data.create_region_reference([
      [1, 3],
      [0, 6, 2],
    ])
    const list = file.create_dataset({ name: 'objects', data: [data.create_reference(), group.create_reference()] })
    file.create_dataset({ name: 'regions', data: [region] })
    group.create_attribute('of', data.create_reference())
    const [first, second] = list.value as InstanceType<H5wasm['Reference']>[]
    const part = file.dereference(region)
    const target = (of: unknown) => (of as { path: string }).path
    return [
      [target(file.dereference(first!)), target(file.dereference(second!))],
      [part.value, part.metadata.total_size, part.source_dataset.path, part._value_getter(true)],
      [list.dtype, (file.get('regions') as InstanceType<H5wasm['Dataset']>).dtype],
      target(group.dereference((group.attrs.of!.value as InstanceType<H5wasm['Reference']>[])[0]!)),
    ]
  },
  'dimension scales and labels': ({ File }, path) => {
    const file = new File(path, 'w')
    const data = file.create_dataset({ name: 'data', data: [1, 2, 3, 4, 5, 6], shape: [2, 3] })
    const [x, y] = ['x', 'y'].map((name) => file.create_dataset({ name, data: [1, 2, 3] }))
    x!.make_scale('x axis')
    y!.make_scale()
    data.attach_scale(1, '/x')
    data.attach_scale(1, '/y')
    data.detach_scale(1, '/y')
    data.set_dimension_label(0, 'time')
    return [
      data.get_attached_scales(0),
      data.get_attached_scales(1),
      [x!.get_scale_name(), y!.get_scale_name(), data.get_scale_name()],
      data.get_dimension_labels(),
    ]
  },
  'an existing file is changed': ({ File }, path) => {
    const first = new File(path, 'w')
    first.create_dataset({ name: 'data', data: [1, 2, 3] })
    first.close()
    const file = new File(path, 'a')
    file.create_attribute('new', 'something')
    const data = file.get('data') as InstanceType<H5wasm['Dataset']>
    data.write_slice([[1, 2]], [20])
    file.flush()
    return [data.value, file.filename === path, file.mode, file.path, file.type, file.close()]
  },
  'format bounds': ({ File }, path) => {
    const file = new File(path, 'w', { libver: 'v108' })
    file.create_dataset({ name: 'data', data: [1] })
    const bounds = file.libver
    file.close()
    const again = new File(path, 'a')
    return [bounds, again.libver[0], again.close()]
  },
  'text of a fixed length': ({ File }, path) => {
    const file = new File(path, 'w')
    const text = ['ab', '', 'abcde', 'é', 'a ']
    for (const dtype of ['S5', 'A5']) {
      const data = dtype === 'S5' ? text : text.filter((word) => word !== 'é')
      file.create_dataset({ name: dtype, data, dtype })
      file.create_attribute(dtype, 'ab', null, dtype)
    }
    const names = new Map<string, GuessableDataTypes>([['name', ['x', 'yy']]])
    file.create_dataset({ name: 'names', data: names, dtype: [['name', 'S4']] })
    ;(file.get('S5') as InstanceType<H5wasm['Dataset']>).write_slice([[0, 2]], ['z', 'yy'])
    return file.keys().map((name) => {
      const { value, dtype, metadata } = file.get(name) as InstanceType<H5wasm['Dataset']>
      return [value, dtype, metadata]
    })
  },
}

/** Programs for whose files h5dump does not print the same, with the reason. */
const otherwiseStored: Record<string, string> = {
  'references to objects and regions': 'references are printed as addresses',
  'dimension scales and labels': 'references too; and HDF5 2.0 writes unsigned axes and no text for an absent label',
}

describe('programs for h5wasm', () => {
  for (const [name, program] of Object.entries(programs)) {
    test(`a program for h5wasm gives the same results and the same file with this library: ${name}`, async () => {
      const run = (library: H5wasm) => {
        const path = scratch('made.h5')
        const { files, library: watched } = watchFiles(library)
        try {
          return { path, gave: plain(program(watched, path)) }
        } finally {
          for (const file of files) closed(file)
        }
      }
      const [our, their] = [run(ours), run(theirs)]
      expect(our.gave).toEqual(their.gave)
      if (!(name in otherwiseStored)) expect(await h5dumpText(our.path)).toBe(await h5dumpText(their.path))
      expectSameLines(await ourLines(their.path), (await walkWithH5py([their.path])).get(their.path)!)
    })
  }
})

/** The library with a File class that records the files that were opened. */
function watchFiles(library: H5wasm) {
  const files: InstanceType<H5wasm['File']>[] = []
  class File extends library.File {
    constructor(...args: ConstructorParameters<H5wasm['File']>) {
      super(...args)
      files.push(this)
    }
  }
  return { files, library: { ...library, File } as H5wasm }
}

/** Programs may have closed their files themselves; h5wasm throws on a second close, this library does not. */
function closed(file: { close: () => unknown }): void {
  try {
    file.close()
  } catch {}
}
