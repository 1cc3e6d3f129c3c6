/** Converts between numbers and the bits of IEEE 754 half-precision floats, which Node 20 has no array for. */
import type { Field } from './model.js'

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The largest number that does not round to infinity as a half: halfway between 65504 and 65536, excluded. */
export const halfLimit = 65520

/** The bits of the half nearest to a number; ties go to the even one, from the number itself and not from a float32. */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (size >= halfLimit) return sign | 0x7c00
  // Below 2^-14 the spacing is 2^-24; above, it is 2^-10 of the power of two below the number.
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24)
  float[0] = size
  let exponent = ((bits[0] as number) >>> 23) - 127
  if (2 ** exponent > size) exponent--
  const scaled = roundEven(size * 2 ** (10 - exponent))
  // Rounding up to the next power of two carries into the exponent by itself.
  return sign | ((((exponent + 15) << 10) + scaled - 1024) & 0x7fff)
}

/** The number that these bits stand for. */
export function fromHalfBits(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

// The argument is below 2^12, so that its fraction is exact.
function roundEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}

/** True if the stored values are the bits of half-precision floats. */
export function isHalf({ value }: Pick<Field, 'value'>): boolean {
  return value.kind === 'float' && value.type === 'float16'
}

/** The number that the fill value of a number or enum stands for. */
export function fillNumber(field: Pick<Field, 'value' | 'fill'>): number {
  return isHalf(field) ? fromHalfBits(field.fill) : field.fill
}
