import { dirname, join } from 'node:path'
import { convertToLibverString, h5wasm, Module } from 'h5tracks/h5wasm'
import { beforeAll, expect, test } from 'vitest'
import { h5wasmItself } from '../support/hdf5/both.js'
import { scratch } from '../support/scratch.js'

// The functions of h5wasm's module that take a file id and a path, as viewers use them, called in both libraries on the same file.

type Ours = typeof Module
let theirs: Ours
beforeAll(async () => {
  theirs = (await h5wasmItself()).Module
})

function made(): string {
  const path = scratch('made.h5')
  const file = new h5wasm.File(path, 'w', { libver: 'v108' })
  const data = file.create_dataset({ name: 'data', data: [1, 2, 3, 4], shape: [2, 2], chunks: [1, 2], compression: 3 })
  data.create_attribute('unit', 'mm')
  data.create_attribute('n', [1, 2])
  file.create_dataset({ name: 'x', data: [1, 2] }).make_scale('time')
  data.attach_scale(0, '/x')
  data.set_dimension_label(0, 'rows')
  file.create_group('group').create_group('deep')
  file.create_soft_link('/nothing', 'broken')
  file.create_external_link('other.h5', '/there', 'outside')
  file.close()
  return path
}

const paths = ['/', '/data', '/group', '/group/deep', '/broken', '/outside', '/x', '/none']

const questions: Record<string, (module: Ours, id: bigint) => unknown> = {
  'the kinds of objects': (module, id) => paths.map((path) => module.get_type(id, path)),
  'the names in a group': (module, id) => module.get_names(id, '/', false),
  'all names below a group': (module, id) => module.get_names(id, '/', true).sort(),
  'the names of attributes': (module, id) => [
    module.get_attribute_names(id, '/data'),
    module.get_attribute_names(id, '/group'),
  ],
  'the metadata of an attribute': (module, id) => module.get_attribute_metadata(id, '/data', 'n'),
  'the metadata of a dataset': (module, id) => module.get_dataset_metadata(id, '/data'),
  'the filters of a dataset': (module, id) => module.get_dataset_filters(id, '/data'),
  'symbolic and external links': (module, id) => [
    module.get_symbolic_link(id, '/broken'),
    module.get_external_link(id, '/outside'),
  ],
  'dimension scales': (module, id) => [
    module.get_scale_name(id, '/x'),
    module.get_scale_name(id, '/data'),
    module.get_attached_scales(id, '/data', 0),
    module.get_dimension_labels(id, '/data'),
  ],
  'object references': (module, id) => {
    const reference = module.create_object_reference(id, '/group/deep')
    return [[...reference], module.get_referenced_name(id, reference, true)]
  },
  'its constants': (module) =>
    Object.entries(Module)
      .filter(([name, value]) => typeof value === 'number' && name !== 'H5F_LIBVER_LATEST')
      .map(([name]) => [name, (module as Record<string, unknown>)[name]]),
  'its type classes': (module) =>
    Object.entries(Module.H5T_class_t).map(([name]) => module.H5T_class_t[name as keyof Ours['H5T_class_t']].value),
}

test.for(Object.keys(questions))("our Module gives the same answer as h5wasm's about %s", (name) => {
  const path = made()
  const [our, their] = [Module, theirs].map((module) => {
    const id = module.open(path, module.H5F_ACC_RDONLY, false, -1, -1)
    const answer = questions[name]!(module, id)
    module.close_file(id)
    return answer
  })
  expect(our).toEqual(their)
})

test("our Module creates the same groups and links as h5wasm's", () => {
  const [our, their] = [Module, theirs].map((module) => {
    const path = scratch('changed.h5')
    const id = module.open(path, module.H5F_ACC_TRUNC, true, -1, -1)
    module.create_group(id, '/a', false)
    module.create_group(id, '/a/b', true)
    module.create_soft_link(id, '/a', '/soft')
    module.create_hard_link(id, '/a', '/hard')
    module.create_external_link(id, 'other.h5', '/x', '/a/outside')
    module.flush(id)
    const names = module.get_names(id, '/', true)
    module.close_file(id)
    return names
  })
  expect(our).toEqual(their)
})

test('a file id of Module.open opens objects until it is closed, and its libver bounds are numbers', () => {
  const path = scratch('bounds.h5')
  const id = Module.open(path, Module.H5F_ACC_EXCL, false, Module.H5F_LIBVER_V110, Module.H5F_LIBVER_LATEST)
  expect(Module.get_libver_bounds(id)).toEqual({ low: Module.H5F_LIBVER_V110, high: Module.H5F_LIBVER_LATEST })
  expect(new h5wasm.Group(id, '/').keys()).toEqual([])
  expect(Module.close_file(id)).toBe(0)
  expect(() => Module.get_names(id, '/', false)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  expect(() => Module.open(path, 3)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
  expect(convertToLibverString(Module.H5F_LIBVER_V18)).toBe('v108')
  expect(convertToLibverString(Module.H5F_LIBVER_EARLIEST)).toBe('earliest')
  expect(convertToLibverString(Module.H5F_LIBVER_LATEST)).toMatch(/^v1/)
  expect(() => convertToLibverString(9)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }))
})

test('the Module has no WebAssembly memory, so that programs that check for it take another path', () => {
  for (const name of ['_malloc', '_free', 'HEAPU8', 'ccall', 'get_dataset_data']) expect(name in Module).toBe(false)
})

test('filter plugins come from one existing directory, which can be neither changed nor removed', () => {
  const directory = dirname(scratch('x'))
  expect(Module.remove_plugin_search_path(0)).toBe(0)
  expect(() => Module.insert_plugin_search_path(join(directory, 'none'), 0)).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  )
  expect(Module.get_plugin_search_paths()).toEqual([])
  expect(Module.insert_plugin_search_path(directory, 0)).toBe(0)
  expect(Module.insert_plugin_search_path(directory)).toBe(0)
  expect(Module.get_plugin_search_paths()).toEqual([directory])
  const refused = expect.objectContaining({ code: 'ERR_UNSUPPORTED' })
  expect(() => Module.insert_plugin_search_path(dirname(directory), 0)).toThrow(refused)
  expect(() => Module.remove_plugin_search_path(0)).toThrow(refused)
})
