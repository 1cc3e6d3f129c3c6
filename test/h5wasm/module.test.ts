import { dirname, join } from 'node:path'
import { convertToLibverString, h5wasm, Module } from 'h5tracks/h5wasm'
import { beforeAll, expect, test } from 'vitest'
import { h5wasmItself } from '../support/hdf5/both.js'
import { scratch } from '../support/scratch.js'

// The calls of h5wasm's module that take a file's number and a path, as viewers use them: asked of both of the same file.

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
  kinds: (module, id) => paths.map((path) => module.get_type(id, path)),
  names: (module, id) => module.get_names(id, '/', false),
  'names below': (module, id) => module.get_names(id, '/', true).sort(),
  attributes: (module, id) => [module.get_attribute_names(id, '/data'), module.get_attribute_names(id, '/group')],
  'metadata of attributes': (module, id) => module.get_attribute_metadata(id, '/data', 'n'),
  metadata: (module, id) => module.get_dataset_metadata(id, '/data'),
  filters: (module, id) => module.get_dataset_filters(id, '/data'),
  links: (module, id) => [module.get_symbolic_link(id, '/broken'), module.get_external_link(id, '/outside')],
  scales: (module, id) => [
    module.get_scale_name(id, '/x'),
    module.get_scale_name(id, '/data'),
    module.get_attached_scales(id, '/data', 0),
    module.get_dimension_labels(id, '/data'),
  ],
  references: (module, id) => {
    const reference = module.create_object_reference(id, '/group/deep')
    return [[...reference], module.get_referenced_name(id, reference, true)]
  },
  constants: (module) =>
    Object.entries(Module)
      .filter(([name, value]) => typeof value === 'number' && name !== 'H5F_LIBVER_LATEST')
      .map(([name]) => [name, (module as Record<string, unknown>)[name]]),
  classes: (module) =>
    Object.entries(Module.H5T_class_t).map(([name]) => module.H5T_class_t[name as keyof Ours['H5T_class_t']].value),
}

test.for(Object.keys(questions))('%s', (name) => {
  const path = made()
  const [our, their] = [Module, theirs].map((module) => {
    const id = module.open(path, module.H5F_ACC_RDONLY, false, -1, -1)
    const answer = questions[name]!(module, id)
    module.close_file(id)
    return answer
  })
  expect(our).toEqual(their)
})

test('what changes a file', () => {
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

test('a number opens what its name opens; bounds are numbers', () => {
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

test('there is no memory of WebAssembly, so that programs that ask for it take their other way', () => {
  for (const name of ['_malloc', '_free', 'HEAPU8', 'ccall', 'get_dataset_data']) expect(name in Module).toBe(false)
})

test('filters come from one directory, which is there and stays', () => {
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
