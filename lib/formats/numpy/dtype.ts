/** The types of the elements of NumPy's arrays. */

/** The type of an element, as `dtype.str` spells it: '<f8', '|b1', '<U12'. */
export interface Dtype {
  readonly text: string
  readonly kind: 'f' | 'i' | 'u' | 'b' | 'U' | 'S' | 'O' | 'V' | 'c' | 'M' | 'm'
  /** Bytes of an element. */
  readonly size: number
  readonly little: boolean
}

/** Undefined for a type that NumPy does not have. */
export function dtypeOf(text: string): Dtype | undefined {
  const [, order, kind, digits] = /^([<>|=]?)([fiubUSOVcMm?])(\d*)(?:\[.*\])?$/.exec(text) ?? []
  if (kind === undefined) return undefined
  const count = Number(digits || (kind === '?' || kind === 'b' ? 1 : 8))
  const size = kind === 'U' ? 4 * count : count
  return { text, kind: (kind === '?' ? 'b' : kind) as Dtype['kind'], size, little: order !== '>' }
}

/** Reads numbers of a type from bytes; undefined if its elements are not numbers. */
export function numberReader({ kind, size, little }: Dtype): ((view: DataView, at: number) => number) | undefined {
  switch (`${kind}${size}`) {
    case 'f8':
      return (view, at) => view.getFloat64(at, little)
    case 'f4':
      return (view, at) => view.getFloat32(at, little)
    case 'f2':
      return (view, at) => half(view.getUint16(at, little))
    case 'i8':
      return (view, at) => Number(view.getBigInt64(at, little))
    case 'u8':
      return (view, at) => Number(view.getBigUint64(at, little))
    case 'i4':
      return (view, at) => view.getInt32(at, little)
    case 'u4':
      return (view, at) => view.getUint32(at, little)
    case 'i2':
      return (view, at) => view.getInt16(at, little)
    case 'u2':
      return (view, at) => view.getUint16(at, little)
    case 'i1':
      return (view, at) => view.getInt8(at)
    case 'u1':
    case 'b1':
      return (view, at) => view.getUint8(at)
    default:
      return undefined
  }
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The texts of bytes; undefined if the elements are not texts. */
export function textsIn(bytes: Uint8Array, { kind, size, little }: Dtype): string[] | undefined {
  if (kind !== 'U' && kind !== 'S') return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: size === 0 ? 0 : Math.floor(bytes.length / size) }, (_, i) => {
    let text = ''
    for (let at = i * size; at < (i + 1) * size; at += kind === 'U' ? 4 : 1) {
      const code = kind === 'U' ? view.getUint32(at, little) : view.getUint8(at)
      text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
    }
    return text.replace(/\0+$/, '')
  })
}
