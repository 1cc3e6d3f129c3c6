import { defineLayout, H5TracksError } from 'h5tracks'
import { describe, expect, test } from 'vitest'

// `defineLayout` refuses what a file cannot hold, and says which part of the description is wrong.

function refusal(spec: unknown): H5TracksError {
  try {
    defineLayout(spec as never)
  } catch (error) {
    expect(error).toBeInstanceOf(H5TracksError)
    return error as H5TracksError
  }
  throw new Error('the layout was accepted')
}

function refuses(spec: unknown, field: string, message: string) {
  const error = refusal(spec)
  expect({ code: error.code, field: error.field, message: error.message }).toEqual({
    code: 'ERR_INVALID_ARGUMENT',
    field,
    message,
  })
}

const types =
  'a type (int8, uint8, int16, uint16, int32, uint32, int64, uint64, float16, float32, float64, bool, enum, string) ' +
  'or an object with a type'
const properties = 'type, shape, axes, optional, inFile, dataset, unit, description'
const name = "a non-empty string other than '.', without '/' and NUL"
const group = "a path such as 'poses' or 'rig/poses', without a leading '/' and NUL"
const shape = 'a list of at most 30 integers from 1, with a product of at most 2147483647'
const axes = 'a list of distinct names, as many as the shape has numbers'
const members = "an object of names with distinct integers from -128 to 127 (base: 'int8')"
const int8Range = 'two integers from -128 to 127, the smallest and the largest allowed value'
const labels = 'a non-empty list of strings without NUL or of numbers'
const int32 = 'an integer from 1 to 2147483647'

describe('a layout', () => {
  test.each([
    [undefined, 'layout', 'layout must be an object; got undefined'],
    [[], 'layout', 'layout must be an object; got []'],
    [{}, 'layout.group', `layout.group must be ${group}; got undefined`],
    [{ group: '' }, 'layout.group', `layout.group must be ${group}; got ''`],
    [{ group: '/g' }, 'layout.group', `layout.group must be ${group}; got '/g'`],
    [{ group: 'a//b' }, 'layout.group', `layout.group must be ${group}; got 'a//b'`],
    [{ group: 'a/./b' }, 'layout.group', `layout.group must be ${group}; got 'a/./b'`],
    [{ group: 'a\0' }, 'layout.group', `layout.group must be ${group}; got 'a\\x00'`],
    [{ group: '\ud800' }, 'layout.group', `layout.group must be ${group}; got '\\ud800'`],
    [
      { group: 'g', feilds: {} },
      'layout.feilds',
      "layout has no property 'feilds'; there are group, slots, perFrame, fields, perCamera, cameras, drops, axes, attributes",
    ],
    [{ group: 'g', drops: 1 }, 'layout.drops', 'layout.drops must be true or false; got 1'],
    [{ group: 'g', cameras: 'top' }, 'layout.cameras', "layout.cameras must be a list of names; got 'top'"],
    [{ group: 'g', cameras: [1] }, 'layout.cameras', 'layout.cameras must be a list of names; got [ 1 ]'],
    ...['fields', 'perFrame', 'perCamera'].map((part) => [
      { group: 'g', [part]: 'int8' },
      `layout.${part}`,
      `layout.${part} must be an object with a field for each name; got 'int8'`,
    ]),
    [
      { group: 'g', fields: null },
      'layout.fields',
      'layout.fields must be an object with a field for each name; got null',
    ],
    [{ group: 'g', axes: 3 }, 'layout.axes', 'layout.axes must be an object; got 3'],
    [{ group: 'g', axes: { node: [] } }, 'layout.axes.node', `layout.axes.node must be ${labels}; got []`],
    [
      { group: 'g', axes: { node: ['a', 1] } },
      'layout.axes.node',
      `layout.axes.node must be ${labels}; got [ 'a', 1 ]`,
    ],
    [{ group: 'g', axes: { node: ['\0'] } }, 'layout.axes.node', `layout.axes.node must be ${labels}; got [ '\\x00' ]`],
    [
      { group: 'g', attributes: [1] },
      'layout.attributes',
      'layout.attributes must be an object with a value for each name; got [ 1 ]',
    ],
    [
      { group: 'g', attributes: { '': 1 } },
      'layout.attributes',
      "layout.attributes has the name ''; names are non-empty, well-formed strings without NUL",
    ],
  ] as [unknown, string, string][])('%o is no layout', refuses)

  test('a layout with an attribute that needs a type is refused', () => {
    const error = refusal({ group: 'g', attributes: { edges: [[0, 1], [2]] } })
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'layout.attributes.edges' })
    expect(error.message).toContain('layout.attributes.edges must be a string')
  })
})

describe('slots and frame index', () => {
  test.each([
    [{ slots: null }, 'layout.slots', 'layout.slots must be an object; got null'],
    [{ slots: { max: 3 } }, 'layout.slots.name', `layout.slots.name must be ${name}; got undefined`],
    [{ slots: { name: 'a/b', max: 3 } }, 'layout.slots.name', `layout.slots.name must be ${name}; got 'a/b'`],
    [{ slots: { name: 'a' } }, 'layout.slots.max', `layout.slots.max must be ${int32}; got undefined`],
    [{ slots: { name: 'a', max: 0 } }, 'layout.slots.max', `layout.slots.max must be ${int32}; got 0`],
    [{ slots: { name: 'a', max: 2 ** 31 } }, 'layout.slots.max', `layout.slots.max must be ${int32}; got 2147483648`],
    [
      { slots: { name: 'a', max: 1, maximum: 3 } },
      'layout.slots.maximum',
      "layout.slots has no property 'maximum'; there are name, max, dataset",
    ],
    [
      { slots: { name: 'a', max: 1, dataset: 'a/b' } },
      'layout.slots.dataset',
      `layout.slots.dataset must be ${name}; got 'a/b'`,
    ],
    [
      { perFrame: { frameIndex: 'int32' } },
      'layout.perFrame.frameIndex',
      "layout.perFrame.frameIndex must be 'int64', a single value; got 'int32'",
    ],
    [
      { perFrame: { frameIndex: { type: 'int64', shape: [2] } } },
      'layout.perFrame.frameIndex',
      "layout.perFrame.frameIndex must be 'int64', a single value; got { type: 'int64', shape: [Array] }",
    ],
  ] as const)('%o is refused', (part, field, message) => refuses({ group: 'g', ...part }, field, message))
})

describe('a field', () => {
  const at = 'layout.fields.x'

  test.each([
    ['float', '', types, "'float'"],
    [null, '', types, 'null'],
    [{}, '', types, '{}'],
    [{ type: 'toString' }, '', types, "{ type: 'toString' }"],
    [{ type: 'int8', shape: 3 }, '.shape', shape, '3'],
    [{ type: 'int8', shape: [0] }, '.shape', shape, '[ 0 ]'],
    [{ type: 'int8', shape: [1.5] }, '.shape', shape, '[ 1.5 ]'],
    [{ type: 'int8', shape: Array(31).fill(1) }, '.shape', shape, '[ 1, 1, 1, 1, 1, 1, ... 25 more items ]'],
    [{ type: 'int8', shape: [65536, 65536] }, '.shape', shape, '[ 65536, 65536 ]'],
    [{ type: 'int8', shape: [2], axes: ['a', 'b'] }, '.axes', axes, "[ 'a', 'b' ]"],
    [{ type: 'int8', shape: [2, 2], axes: ['a', 'a'] }, '.axes', axes, "[ 'a', 'a' ]"],
    [{ type: 'int8', shape: [2], axes: 'a' }, '.axes', axes, "'a'"],
    [{ type: 'int8', shape: [2], axes: [''] }, '.axes[0]', name, "''"],
    [{ type: 'int8', dataset: '' }, '.dataset', name, "''"],
    [{ type: 'int8', dataset: 'a/b' }, '.dataset', name, "'a/b'"],
    [{ type: 'int8', optional: 'yes' }, '.optional', 'true or false', "'yes'"],
    [{ type: 'int8', inFile: 'no' }, '.inFile', "'required' or 'optional'", "'no'"],
    [{ type: 'int8', inFile: 'optional', optional: false }, '.optional', "true, since inFile is 'optional'", 'false'],
    [{ type: 'int8', unit: 3 }, '.unit', 'a well-formed string without NUL', '3'],
    [{ type: 'int8', description: 'a\0' }, '.description', 'a well-formed string without NUL', "'a\\x00'"],
    [{ type: 'float32', partial: 'drop' }, '.partial', "'keep' or 'refuse'", "'drop'"],
    [
      { type: 'float16', shape: [3], fill: Number.NEGATIVE_INFINITY, partial: 'refuse' },
      '.fill',
      "finite or NaN, because partial is 'refuse'",
      '-Infinity',
    ],
    [{ type: 'string' }, '.length', 'a number of bytes from 1 to 65535', 'undefined'],
    [{ type: 'string', length: 65536 }, '.length', 'a number of bytes from 1 to 65535', '65536'],
    [{ type: 'enum' }, '.members', members, 'undefined'],
    [{ type: 'enum', members: {} }, '.members', members, '{}'],
    [{ type: 'enum', members: { a: 200 } }, '.members', members, '{ a: 200 }'],
    [{ type: 'enum', members: { a: 0, b: 0 } }, '.members', members, '{ a: 0, b: 0 }'],
    [{ type: 'enum', members: { '': 0 } }, '.members', members, "{ '': 0 }"],
    [{ type: 'enum', members: { 'a\0b': 0 } }, '.members', members, "{ 'a\\x00b': 0 }"],
    [{ type: 'enum', members: { a: 0.5 } }, '.members', members, '{ a: 0.5 }'],
    [
      { type: 'enum', members: { a: 0 }, base: 'int64' },
      '.base',
      'one of int8, uint8, int16, uint16, int32, uint32',
      "'int64'",
    ],
    [
      { type: 'enum', members: { FALSE: 0, TRUE: 1 } },
      '.type',
      "'bool', which is stored as this enum of FALSE and TRUE",
      "'enum'",
    ],
    [{ type: 'enum', members: { a: 0, b: 1 }, fill: 1 }, '.fill', "one of 'a', 'b'", '1'],
    [{ type: 'bool', fill: 1 }, '.fill', 'true or false', '1'],
    [{ type: 'float32', fill: '0' }, '.fill', 'a number', "'0'"],
    [{ type: 'float32', fill: 0.1 }, '.fill', 'a number that a float32 holds exactly', '0.1'],
    [{ type: 'float16', fill: 2049 }, '.fill', 'a number that a float16 holds exactly', '2049'],
    [{ type: 'int8', fill: 128 }, '.fill', 'an integer from -128 to 127', '128'],
    [{ type: 'uint8', fill: -1 }, '.fill', 'an integer from 0 to 255', '-1'],
    [{ type: 'int32', fill: 0.5 }, '.fill', 'an integer from -2147483648 to 2147483647', '0.5'],
    [
      { type: 'int64', fill: 2n ** 63n },
      '.fill',
      'an integer from -9223372036854775808 to 9223372036854775807',
      '9223372036854775808n',
    ],
    [{ type: 'int64', fill: 2n ** 53n + 1n }, '.fill', 'an integer that a float64 holds exactly', '9007199254740993n'],
    [{ type: 'uint64', fill: -1 }, '.fill', 'an integer from 0 to 18446744073709551615', '-1'],
    [{ type: 'int8', range: 3 }, '.range', int8Range, '3'],
    [{ type: 'int8', range: [1, 0] }, '.range', int8Range, '[ 1, 0 ]'],
    [{ type: 'int8', range: [0, 0.5] }, '.range', int8Range, '[ 0, 0.5 ]'],
    [{ type: 'int8', range: [0, 128] }, '.range', int8Range, '[ 0, 128 ]'],
    [{ type: 'int8', range: [0, 1, 2] }, '.range', int8Range, '[ 0, 1, 2 ]'],
    [
      { type: 'uint64', range: [0, 2 ** 53] },
      '.range',
      'two integers from 0 to 9007199254740991, the smallest and the largest allowed value',
      '[ 0, 9007199254740992 ]',
    ],
    [
      { type: 'float32', range: [0, Number.NaN] },
      '.range',
      'two numbers, the smallest and the largest allowed value',
      '[ 0, NaN ]',
    ],
  ])('%o is refused', (x, part, allowed, got) => {
    refuses({ group: 'g', fields: { x } }, `${at}${part}`, `${at}${part} must be ${allowed}; got ${got}`)
  })

  test.each([
    [{ type: 'int8', units: 'px' }, 'units', `${properties}, fill, range`],
    [{ type: 'int8', partial: 'keep' }, 'partial', `${properties}, fill, range`],
    [{ type: 'bool', range: [0, 1] }, 'range', `${properties}, fill`],
    [{ type: 'string', length: 3, fill: '' }, 'fill', `${properties}, length`],
    [{ type: 'float32', members: {} }, 'members', `${properties}, fill, range, partial`],
    [{ type: 'enum', members: { a: 0 }, range: [0, 0] }, 'range', `${properties}, fill, members, base`],
  ])('%o has a property that its type does not have', (x, odd, known) => {
    const message = `${at} has no property '${odd}'; there are ${known}`
    refuses({ group: 'g', fields: { x } }, `${at}.${odd}`, message)
  })

  test.each(['', '.', 'a/b', 'a\0', '__proto__'])('the name %o of a field is refused', (odd) => {
    const error = refusal({ group: 'g', fields: Object.fromEntries([[odd, 'int8']]) })
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'layout.fields' })
    expect(error.message).toMatch(
      /^layout.fields has a field with the name '.*'; a field has a non-empty name other than/,
    )
  })
})

describe('names that collide', () => {
  const vector = (length: number, axis: string) => ({ type: 'int8', shape: [length], axes: [axis] })

  test.each([
    [{ fields: { frameIndex: 'int8' } }, 'frameIndex', "two fields have the name 'frameIndex'"],
    [{ fields: { a: 'int8' }, perCamera: { a: { type: 'int8', dataset: 'b' } } }, 'a', "two fields have the name 'a'"],
    [{ slots: { name: 'a', max: 2 }, perFrame: { a: 'int8' } }, 'a', "two fields have the name 'a'"],
    [{ perFrame: { dropped: 'bool' }, drops: true }, 'dropped', "two fields have the name 'dropped'"],
    [{ fields: { aB: 'int8', a_b: 'int8' } }, 'a_b', "the field 'a_b' and the field 'aB' are both stored as 'a_b'"],
    [{ fields: { frame: 'int8' } }, 'frame', "the field 'frame' and the axis 'frame' are both stored as 'frame'"],
    [{ fields: { a: { type: 'int8', dataset: 'slot' } } }, 'a', "the field 'a' and the axis 'slot' are both stored as"],
    [
      { fields: { a: { type: 'int8', shape: [2] }, a_0: 'int8' } },
      'a_0',
      "the field 'a_0' and the axis 'a_0' are both",
    ],
    [
      { fields: { a: vector(2, 'frame') } },
      'a',
      "the field 'a' has an axis 'frame', which is the name of an axis of every",
    ],
    [{ fields: { a: vector(2, 'q'), b: vector(3, 'q') } }, 'b', "the axis 'q' has the length 2 in 'a' and 3 in 'b'"],
    [{ axes: { nodes: ['a'] } }, 'nodes', "axes has labels for 'nodes', but no field has an axis of that name"],
    [{ fields: { metadata: 'int8' } }, 'metadata', "a field cannot have the name 'metadata'"],
    [{ fields: { cameraNames: 'int8' } }, 'cameraNames', "a field cannot have the name 'cameraNames'"],
    [{ slots: { name: 'a', max: 2 }, fields: { key: 'int8' } }, 'key', "a field cannot have the name 'key'"],
  ])('%o is refused', (part, field, message) => {
    const error = refusal({ group: 'g', ...part })
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field })
    expect(error.message).toContain(`layout: ${message}`)
  })

  test('a shape that does not match the labels of its axis is refused', () => {
    const spec = { group: 'g', fields: { a: vector(2, 'node') }, axes: { node: ['x', 'y', 'z'] } }
    const at = 'layout.fields.a.shape[0]'
    refuses(spec, at, `${at} must be 3, as many as the axis 'node' has labels; got 2`)
  })

  test('names are free where nothing else has them', () => {
    const accepted = {
      group: 'g',
      slots: { name: 'key', max: 2 },
      fields: { constructor: { type: 'int8', shape: [2], axes: ['toString'] }, dropped: 'bool' },
    } as const
    expect(defineLayout(accepted).fields.map(({ dataset }) => dataset)).toContain('constructor')
    expect(defineLayout({ group: 'g', fields: { key: 'int8' } }).key).toBeNull()
  })
})
