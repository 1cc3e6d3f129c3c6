import type { CompoundType, Type } from 'h5tracks/hdf5'

const ieee = {
  2: { fields: [15, 10, 5, 0, 10], bias: 15 },
  4: { fields: [31, 23, 8, 0, 23], bias: 127 },
  8: { fields: [63, 52, 11, 0, 52], bias: 1023 },
} as const

const int8 = { class: 'integer', signed: true, size: 1, order: 'little', precision: 8, offset: 0 } as const

type Described = Record<string, unknown>

/** Describes a type of ours in the words of test/python/walk.py, with every default spelled out. */
export function describe(type: Type): Described {
  switch (type.class) {
    case 'integer': {
      const { size, signed, order, precision = 8 * size, offset = 0 } = type
      return { class: 'integer', signed, size, order, precision, offset }
    }
    case 'float': {
      const { size, order, layout } = type
      if (!layout) return { class: 'float', size, order, precision: 8 * size, offset: 0, ...ieee[size as 2 | 4 | 8] }
      const { precision, offset, sign, exponent, mantissa, bias } = layout
      const fields = [sign, exponent.at, exponent.bits, mantissa.at, mantissa.bits]
      return { class: 'float', size, order, precision, offset, fields, bias }
    }
    case 'bool':
      return {
        class: 'enum',
        base: describe(int8),
        members: [
          ['FALSE', '0'],
          ['TRUE', '1'],
        ],
      }
    case 'enum': {
      const members = Object.entries(type.members).map(([name, value]) => [name, String(value)] as [string, string])
      return { class: 'enum', base: describe(type.base), members: members.sort(byCodePoint) }
    }
    case 'string':
      return { ...type, size: type.size === 'variable' ? null : type.size }
    case 'compound':
      return {
        class: 'compound',
        size: type.size,
        members: byOffset(type).map((member) => [member.name, member.offset, describe(member.type)]),
      }
    case 'complex': {
      const base = describe(type.base)
      const members = [
        ['r', 0, base],
        ['i', type.base.size, base],
      ]
      return { class: 'compound', size: 2 * type.base.size, members }
    }
    case 'array':
      return { class: 'array', base: describe(type.base), shape: type.shape }
    case 'vlen':
      return { class: 'vlen', base: describe(type.base) }
    case 'bitfield':
      return { class: 'bitfield', size: type.size, order: type.order }
    case 'time':
      return { class: 'time', size: type.size }
    default:
      return { ...type }
  }
}

/** Sorts by code point, as Python does. */
export function byCodePoint([a]: [string, unknown], [b]: [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** The members by offset; files may list them in another order. */
export function byOffset({ members }: CompoundType): CompoundType['members'] {
  return [...members].sort((a, b) => a.offset - b.offset)
}
