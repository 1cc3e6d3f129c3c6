import type { Data, TypeSpec } from 'h5tracks/hdf5'

/** A type, its name in h5dump, and a function that gives its elements: element `i` is always the same. */
export interface TypeCase {
  name: string
  type: TypeSpec
  dump: string
  data: (indices: readonly number[]) => Data
  /** The values are stored in heaps of the file. */
  heap?: true
  /** Filters that only some types support. */
  filters?: readonly ('nbit' | 'scaleOffset')[]
}

const number = (i: number) => (i * 37) % 101
const signed = (i: number) => number(i) - 50
const fraction = (i: number) => (i === 3 ? Number.NaN : i === 4 ? Number.NEGATIVE_INFINITY : signed(i) / 8)
const words = ['', 'a', 'naïve', '東京', 'ab', ' x', 'seven77', 'z']
const word = (i: number) => words[i % words.length]!
const asciiWord = (i: number) => ['', 'a', 'ab', ' x', 'five5'][i % 5]!

type Make = TypeCase['data']
const int8: Make = (indices) => Int8Array.from(indices, signed)
const int32: Make = (indices) => Int32Array.from(indices, (i) => (i === 0 ? -(2 ** 31) : signed(i)))
const int64: Make = (indices) => BigInt64Array.from(indices, (i) => BigInt(signed(i)) * 10n ** 15n)
const float32: Make = (indices) => Float32Array.from(indices, fraction)
const float64: Make = (indices) => Float64Array.from(indices, fraction)
const text: Make = (indices) => indices.map(word)
const ascii: Make = (indices) => indices.map(asciiWord)
const point: Make = (indices) => ({ x: float64(indices), id: int64(indices) })
/** The `length` elements of the i-th array. */
const spread = (indices: readonly number[], length: number) =>
  indices.flatMap((i) => Array.from({ length }, (_, j) => (i + j) % 30))

const integers = ['nbit', 'scaleOffset'] as const
const string = (size: string, padding: string, charset: string) =>
  `H5T_STRING { STRSIZE ${size}; STRPAD H5T_STR_${padding}; CSET H5T_CSET_${charset}; CTYPE H5T_C_S1; }`
const pointDump = 'H5T_COMPOUND { H5T_IEEE_F64LE "x"; H5T_STD_I64BE "id"; }'
const pointType = { class: 'compound', members: { x: 'float64', id: '>i8' } } as const

export const typeCases: readonly TypeCase[] = [
  { name: 'int8', type: 'int8', dump: 'H5T_STD_I8LE', data: int8, filters: integers },
  { name: 'uint8', type: '|u1', dump: 'H5T_STD_U8LE', data: (of) => Uint8Array.from(of, number), filters: integers },
  {
    name: 'int16 big',
    type: '>i2',
    dump: 'H5T_STD_I16BE',
    data: (of) => Int16Array.from(of, signed),
    filters: integers,
  },
  { name: 'uint16', type: 'u2', dump: 'H5T_STD_U16LE', data: (of) => Uint16Array.from(of, number), filters: integers },
  // HDF5 1.14.5 cannot read back integers over their whole range that it wrote with scale-offset.
  { name: 'int32', type: '<i4', dump: 'H5T_STD_I32LE', data: int32, filters: ['nbit'] },
  {
    name: 'uint32 big',
    type: '>u4',
    dump: 'H5T_STD_U32BE',
    data: (of) => Uint32Array.from(of, (i) => 2 ** 32 - 1 - i),
  },
  { name: 'int64', type: 'int64', dump: 'H5T_STD_I64LE', data: int64 },
  {
    name: 'uint64',
    type: 'uint64',
    dump: 'H5T_STD_U64LE',
    data: (of) => BigUint64Array.from(of, (i) => 2n ** 64n - 1n - BigInt(i)),
  },
  { name: 'float16', type: 'float16', dump: '16-bit little-endian floating-point 16-bit precision', data: float32 },
  { name: 'float32', type: 'f4', dump: 'H5T_IEEE_F32LE', data: float32 },
  { name: 'float32 big', type: '>f4', dump: 'H5T_IEEE_F32BE', data: float32 },
  { name: 'float64', type: '<f8', dump: 'H5T_IEEE_F64LE', data: float64 },
  { name: 'float64 big', type: '>f8', dump: 'H5T_IEEE_F64BE', data: float64 },
  {
    name: '3 bytes',
    type: { class: 'integer', size: 3, signed: true },
    dump: '24-bit little-endian integer 24-bit precision',
    data: int32Within(2 ** 23),
  },
  {
    name: '12 bits of 16',
    type: { class: 'integer', size: 2, signed: true, precision: 12, offset: 2 },
    dump: '16-bit little-endian integer 12-bit precision',
    data: (of) => Int16Array.from(of, signed),
    filters: ['nbit'],
  },
  {
    name: 'bool',
    type: 'bool',
    dump: 'H5T_ENUM { H5T_STD_I8LE; "FALSE" 0; "TRUE" 1; }',
    data: (of) => Uint8Array.from(of, (i) => i % 2),
  },
  {
    name: 'enum',
    type: {
      class: 'enum',
      base: { class: 'integer', size: 2, signed: true, order: 'big' },
      members: { cold: -50, warm: 0, hot: 50 },
    },
    dump: 'H5T_ENUM { H5T_STD_I16BE; "cold" -50; "warm" 0; "hot" 50; }',
    data: (of) => Int16Array.from(of, (i) => ((i % 3) - 1) * 50),
  },
  { name: 'text', heap: true, type: 'string', dump: string('H5T_VARIABLE', 'NULLTERM', 'UTF8'), data: text },
  {
    name: 'ascii text',
    heap: true,
    type: { class: 'string', charset: 'ascii', padding: 'space-padded' },
    dump: string('H5T_VARIABLE', 'SPACEPAD', 'ASCII'),
    data: ascii,
  },
  {
    name: 'S6',
    type: { class: 'string', size: 6, charset: 'ascii', padding: 'null-padded' },
    dump: string('6', 'NULLPAD', 'ASCII'),
    data: ascii,
  },
  {
    name: 'space padded',
    type: { class: 'string', size: 9, charset: 'utf-8', padding: 'space-padded' },
    dump: string('9', 'SPACEPAD', 'UTF8'),
    data: text,
  },
  {
    name: 'terminated',
    type: { class: 'string', size: 9, charset: 'utf-8', padding: 'null-terminated' },
    dump: string('9', 'NULLTERM', 'UTF8'),
    data: text,
  },
  {
    name: 'complex64',
    type: 'complex64',
    dump: complexDump('F32LE'),
    data: (of) => ({ r: float32(of), i: Float32Array.from(of, signed) }),
  },
  {
    name: 'complex128 big',
    type: '>c16',
    dump: complexDump('F64BE'),
    data: (of) => ({ r: float64(of), i: Float64Array.from(of, signed) }),
  },
  { name: 'point', type: pointType, dump: pointDump, data: point },
  {
    name: 'nested',
    heap: true,
    type: {
      class: 'compound',
      members: {
        at: pointType,
        name: 'string',
        grid: { class: 'array', base: '<i4', shape: [2, 3] },
        tag: { class: 'string', size: 6 },
      },
    },
    dump: `H5T_COMPOUND { ${pointDump} "at"; ${string('H5T_VARIABLE', 'NULLTERM', 'UTF8')} "name"; H5T_ARRAY { [2][3] H5T_STD_I32LE } "grid"; ${string('6', 'NULLPAD', 'UTF8')} "tag"; }`,
    data: (of) => ({ at: point(of), name: text(of), grid: int32(spread(of, 6)), tag: ascii(of) }),
  },
  {
    name: 'gaps',
    type: {
      class: 'compound',
      size: 24,
      members: [
        { name: 'a', type: 'int8', offset: 2 },
        { name: 'b', type: 'float64', offset: 8 },
      ],
    },
    dump: 'H5T_COMPOUND { H5T_STD_I8LE "a"; H5T_IEEE_F64LE "b"; }',
    data: (of) => ({ a: int8(of), b: float64(of) }),
  },
  {
    name: 'array',
    type: { class: 'array', base: '>f4', shape: [3, 2] },
    dump: 'H5T_ARRAY { [3][2] H5T_IEEE_F32BE }',
    data: (of) => float32(spread(of, 6)),
  },
  {
    name: 'vlen',
    heap: true,
    type: { class: 'vlen', base: '<i4' },
    dump: 'H5T_VLEN { H5T_STD_I32LE}',
    data: lists(int32),
  },
  {
    name: 'vlen of text',
    heap: true,
    type: { class: 'vlen', base: 'string' },
    dump: `H5T_VLEN { ${string('H5T_VARIABLE', 'NULLTERM', 'UTF8')}}`,
    data: lists(text),
  },
  {
    name: 'vlen of points',
    heap: true,
    type: { class: 'vlen', base: pointType },
    dump: `H5T_VLEN { ${pointDump}}`,
    data: lists(point, 1),
  },
  {
    name: 'vlen of vlen',
    heap: true,
    type: { class: 'vlen', base: { class: 'vlen', base: 'int8' } },
    dump: 'H5T_VLEN { H5T_VLEN { H5T_STD_I8LE}}',
    data: lists(lists(int8)),
  },
  {
    name: 'opaque',
    type: { class: 'opaque', size: 3, tag: 'three' },
    dump: 'H5T_OPAQUE { OPAQUE_TAG "three"; }',
    data: bytes(3),
  },
  {
    name: 'bits',
    type: { class: 'bitfield', size: 2, order: 'big' },
    dump: 'H5T_STD_B16BE',
    data: (of) => Uint16Array.from(of, (i) => number(i) * 600),
  },
]

function int32Within(limit: number): Make {
  return (indices) => Int32Array.from(indices, (i) => (i === 0 ? -limit : i === 1 ? limit - 1 : signed(i)))
}

function complexDump(base: string): string {
  return `H5T_COMPOUND { H5T_IEEE_${base} "r"; H5T_IEEE_${base} "i"; }`
}

/** Sequences of `least` to `least` + 4 elements; `least` is 1 for compounds, of which h5py reads no empty sequences. */
function lists(make: Make, least = 0): Make {
  return (indices) => indices.map((i) => make(Array.from({ length: least + (i % 5) }, (_, j) => (i + j) % 30)))
}

function bytes(size: number): Make {
  return (indices) => Uint8Array.from(indices.flatMap((i) => Array.from({ length: size }, (_, j) => number(i + j))))
}
