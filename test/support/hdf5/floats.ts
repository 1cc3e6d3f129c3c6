/** Float types of all kinds, and values that are hard to round to them. */
import type { Type } from 'h5tracks/hdf5'

export type LaidOut = Extract<Type, { class: 'float' }> & { layout: object }

interface Fields {
  size: number
  order?: 'little' | 'big' | 'vax'
  exponent: number
  mantissa: number
  bias?: number
  at?: number
  normalization?: 'implied' | 'msbset' | 'none'
  pad?: 'zero' | 'one'
}

/** A float type with sign, exponent and mantissa from the most significant bit down, and padding in the rest of its bytes. */
function float({
  size,
  order = 'little',
  exponent,
  mantissa,
  bias,
  at = 0,
  normalization,
  pad = 'zero',
}: Fields): LaidOut {
  return {
    class: 'float',
    size,
    order,
    layout: {
      precision: 1 + exponent + mantissa,
      offset: at,
      sign: at + mantissa + exponent,
      exponent: { at: at + mantissa, bits: exponent },
      mantissa: { at, bits: mantissa },
      bias: bias ?? 2 ** (exponent - 1) - 1,
      normalization: normalization ?? 'implied',
      inner: pad,
      padding: [pad, pad],
    },
  }
}

const apart = float({ size: 4, order: 'big', exponent: 6, mantissa: 13 })

/** Float types that numpy does not have. */
export const oddFloats: Readonly<Record<string, LaidOut>> = {
  bfloat16: float({ size: 2, exponent: 8, mantissa: 7 }),
  'big-endian bfloat16': float({ size: 2, order: 'big', exponent: 8, mantissa: 7 }),
  'e5m2 of 8 bits': float({ size: 1, exponent: 5, mantissa: 2 }),
  'e4m3 of 8 bits': float({ size: 1, exponent: 4, mantissa: 3 }),
  'e2m1 of 4 bits': float({ size: 1, exponent: 2, mantissa: 1, at: 2 }),
  '24 bits': float({ size: 3, order: 'big', exponent: 8, mantissa: 15 }),
  '19 bits in 32': float({ size: 4, exponent: 8, mantissa: 10, at: 13 }),
  '31 bits': float({ size: 4, exponent: 8, mantissa: 22, at: 1, pad: 'one' }),
  '24 bits of precision, a small exponent': float({ size: 4, exponent: 7, mantissa: 23 }),
  '40 bits': float({ size: 5, exponent: 11, mantissa: 28 }),
  'a small bias': float({ size: 4, exponent: 8, mantissa: 23, bias: 100 }),
  'a large bias': float({ size: 4, order: 'big', exponent: 8, mantissa: 23, bias: 160 }),
  'a bias of 0': float({ size: 2, exponent: 5, mantissa: 10, bias: 0 }),
  'an explicit leading bit': float({ size: 4, exponent: 7, mantissa: 24, normalization: 'none' }),
  'an explicit leading bit in 8 bytes': float({
    size: 8,
    order: 'big',
    exponent: 10,
    mantissa: 50,
    at: 2,
    normalization: 'none',
  }),
  'a leading bit that is always set': float({
    size: 2,
    exponent: 5,
    mantissa: 10,
    normalization: 'msbset',
    pad: 'one',
  }),
  'words as a VAX has them': float({ size: 4, order: 'vax', exponent: 8, mantissa: 23, bias: 129 }),
  'gaps between the fields': {
    ...apart,
    layout: {
      ...apart.layout,
      precision: 24,
      offset: 3,
      sign: 26,
      exponent: { at: 18, bits: 6 },
      mantissa: { at: 3, bits: 12 },
      inner: 'one',
    },
  } as LaidOut,
}

/** `count` random float64, with all exponents and NaN among them. */
export function randomBits(count: number, random: () => number): Float64Array {
  return new Float64Array(Uint32Array.from({ length: 2 * count }, () => random() * 2 ** 32).buffer)
}

/**
 * Numbers halfway between two neighbours of a float type with the given fraction bits, exponents and bias: the ties, and the
 * float64 just below and above each. They span from its smallest subnormal number to beyond its largest.
 */
export function nearTies(
  fraction: number,
  exponentBits: number,
  bias: number,
  count: number,
  random: () => number,
): number[] {
  const least = Math.max(1 - bias - fraction - 2, -1074)
  const largest = Math.min(2 ** exponentBits - bias, 1023)
  const numbers: number[] = []
  while (numbers.length < count) {
    const bits = Math.min(1 + Math.floor(random() * (fraction + 2)), 51)
    const steps = Math.floor(random() * 2 ** bits) + 0.5
    const power =
      random() < 0.4
        ? least + Math.floor(random() * 6)
        : least + Math.floor(random() * (largest - least - fraction + 2))
    const tie = steps * 2 ** Math.min(power, 1000)
    const beside = tie * (1 + [0, 2 ** -52, -(2 ** -53), 2 ** -30, -(2 ** -30), 2 ** -24][Math.floor(random() * 6)]!)
    numbers.push(random() < 0.5 ? beside : -beside)
  }
  return numbers
}

export const specials = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MAX_VALUE,
  -Number.MIN_VALUE,
  1,
  -1,
]
