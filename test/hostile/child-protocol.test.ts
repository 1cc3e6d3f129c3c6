import { describe, expect, test } from 'vitest'
import { decodeError, decodeValue, encodeValue, ProtocolError } from '../../dist/untrusted/json-values.js'
import { Replies } from '../../dist/untrusted/replies.js'

// A file that takes over the child process can make it send anything. The replies are decoded here below the public interface,
// which cannot send wrong ones: they end in data or an error, and allocate what was asked for, not what they claim.

const longest = 1000

function reply(value: unknown, data: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(JSON.stringify(value))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, data])
}

/** Decodes the pieces, for requests that want three and no bytes in turn. */
function taken(pieces: Uint8Array[]) {
  const replies: { value: unknown; memory: Uint8Array; ended: boolean }[] = []
  const begin = (value: unknown) => {
    const memory = new Uint8Array(replies.length % 2 === 0 ? 3 : 0)
    replies.push({ value, memory, ended: false })
    return [memory.subarray(0, 1), memory.subarray(1)]
  }
  const take = new Replies(longest, begin, () => {
    replies.at(-1)!.ended = true
  })
  for (const piece of pieces) take.push(piece)
  return replies.map(({ value, memory, ended }) => ({ value, bytes: [...memory], ended }))
}

describe('replies of the child process', () => {
  const stream = Buffer.concat([reply({ ok: 'ä' }, Buffer.from([1, 2, 3])), reply({ ok: 2 }), reply({ ok: 3 })])
  const expected = [
    { value: { ok: 'ä' }, bytes: [1, 2, 3], ended: true },
    { value: { ok: 2 }, bytes: [], ended: true },
    { value: { ok: 3 }, bytes: [0, 0, 0], ended: false },
  ]

  test('replies of the child process are the same wherever the pipe cuts them', () => {
    expect(taken([stream])).toEqual(expected)
    expect(taken([...stream].map((byte) => Buffer.from([byte])))).toEqual(expected)
    for (let at = 0; at < stream.length; at++) {
      expect(taken([stream.subarray(0, at), stream.subarray(at)])).toEqual(expected)
    }
  })

  test.each([
    ['no text', Buffer.alloc(4)],
    ['more text than is allowed', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a little more text than is allowed', reply('x'.repeat(longest))],
    ['text that is not JSON', Buffer.from([3, 0, 0, 0, 0x7b, 0x7b, 0x7b])],
  ])('a reply of the child process that claims %s is refused before anything is allocated', (_, bytes) => {
    const before = process.memoryUsage().arrayBuffers
    expect(() => taken([bytes])).toThrow()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
  })
})

describe('values from the child process', () => {
  test.each([
    ['text', 'ä'],
    ['numbers that JSON lacks', [Number.NaN, -0, Number.NEGATIVE_INFINITY, 2 ** 53]],
    ['large integers', [2n ** 63n, -1n]],
    ['a matrix', { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }],
    ['a matrix of text', { data: ['a', 'b'], shape: [1, 2] }],
    ['null', null],
  ])('encodeValue and decodeValue keep %s unchanged', (_, value) => {
    expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(value as never))))).toEqual(value)
  })

  test.each([
    ['an empty object', {}],
    ['a bigint of a million digits', { bigint: '9'.repeat(1_000_000) }],
    ['a hexadecimal bigint', { bigint: '0xff' }],
    ['an array without the bytes of its shape', { array: 'Float32Array', bytes: '', shape: [2 ** 40] }],
    ['an array of the type Function', { array: 'Function', bytes: '', shape: [0] }],
    ['an array of the type constructor', { array: 'constructor', bytes: '', shape: [0] }],
    ['fewer strings than its shape', { strings: ['a'], shape: [2] }],
    ['a number among strings', { strings: [1], shape: [1] }],
    ['strings of a negative shape', { strings: ['a'], shape: [-1] }],
    ['undefined', undefined],
  ])('decodeValue refuses %s', (_, nonsense) => {
    expect(() => decodeValue(nonsense)).toThrow(ProtocolError)
  })

  test.each([[null], ['text'], [{ message: 1, code: 'X' }], [{ message: 'x' }]])(
    'decodeError refuses %o',
    (nonsense) => {
      expect(() => decodeError(nonsense)).toThrow(ProtocolError)
    },
  )

  test('decodeError keeps the fields of an error and drops all others', () => {
    const error = decodeError({ message: 'm', code: 'ENOENT', errno: -2, path: 5, name: 'x', stack: 'x', hdf5: [null] })
    expect({ ...error }).toEqual({
      code: 'ENOENT',
      errno: -2,
      hdf5: [{ function: 'undefined', major: 'undefined', minor: 'undefined', text: 'undefined' }],
    })
  })
})
