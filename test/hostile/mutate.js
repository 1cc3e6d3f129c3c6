// Random damage from a seed: the same source and seed give the same bytes on every machine. Plain JavaScript, for the programs
// that the runner starts.
import { Random } from '../../dist/simulate/random.js'

/** Values for sizes, counts and addresses in a damaged file. */
const EXTREMES = [
  0n,
  1n,
  2n,
  0xffn,
  0xffffn,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 40n,
  2n ** 60n,
  2n ** 63n,
]

/**
 * A damaged copy of `source` with one to four changes: a few flipped bits, a number overwritten with an extreme one, blocks
 * swapped, copied or zeroed, or the end cut off.
 * @param {Buffer} source
 * @param {number} seed
 * @param {readonly { from: number, to: number }[]} [regions] that get two changes in three
 * @returns {Buffer}
 */
export function mutate(source, seed, regions = []) {
  const random = new Random(seed)
  /** @type {Below} */
  const below = (n) => Math.floor(random.uniform() * n)
  below.regions = regions
  let bytes = Buffer.from(source)
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const kind = below(20)
    if (kind < 8) flip(bytes, below)
    else if (kind < 14) overwrite(bytes, below)
    else if (kind < 16) swap(bytes, below)
    else if (kind < 18) copy(bytes, below)
    else if (kind < 19) zero(bytes, below)
    else bytes = bytes.subarray(0, 1 + below(bytes.length))
  }
  return bytes
}

/** @typedef {{ (n: number): number, regions?: readonly { from: number, to: number }[] }} Below An integer from 0 to n - 1. */

/**
 * Three times in four a place in the file's metadata, recognized by its many zeros: most of a file is compressed values, where
 * damage reaches only the decoder.
 * @param {Buffer} bytes @param {Below} below
 */
function place(bytes, below) {
  if (below.regions?.length && below(3) > 0) {
    const region = below.regions[below(below.regions.length)]
    if (region && region.to <= bytes.length) return region.from + below(region.to - region.from)
  }
  const anywhere = below(4) === 0
  for (let attempt = 0; attempt < 30; attempt++) {
    const at = below(bytes.length)
    if (anywhere) return at
    const around = bytes.subarray(at & ~31, (at & ~31) + 32)
    const zeros = around.filter((byte) => byte === 0).length
    if (zeros >= 8 && zeros < around.length) return at
  }
  return below(bytes.length)
}

/** @param {Buffer} bytes @param {Below} below */
function flip(bytes, below) {
  const at = place(bytes, below)
  for (let bits = 1 + below(8); bits > 0; bits--) {
    const byte = Math.min(bytes.length - 1, at + below(16))
    bytes[byte] = /** @type {number} */ (bytes[byte]) ^ (1 << below(8))
  }
}

/** @param {Buffer} bytes @param {Below} below */
function overwrite(bytes, below) {
  const width = /** @type {number} */ ([1, 2, 4, 8, 8][below(5)])
  const size = BigInt(bytes.length)
  const claims = [
    ...EXTREMES,
    2n ** 64n - 1n,
    2n ** 64n - 2n,
    size,
    size - 1n,
    size * 1032n,
    BigInt(place(bytes, below)),
  ]
  const claim = Buffer.alloc(8)
  claim.writeBigUInt64LE(/** @type {bigint} */ (claims[below(claims.length)]))
  // Most numbers are aligned to their width.
  const at = below(3) === 0 ? place(bytes, below) : place(bytes, below) & ~(width - 1)
  claim.copy(bytes, at, 0, width)
}

/** @param {Buffer} bytes @param {Below} below */
function swap(bytes, below) {
  const [a, b, length] = [place(bytes, below), place(bytes, below), 1 << below(10)]
  const saved = Buffer.from(bytes.subarray(a, a + length))
  bytes.copy(bytes, a, b, b + length)
  saved.copy(bytes, b)
}

/** @param {Buffer} bytes @param {Below} below */
function copy(bytes, below) {
  const from = place(bytes, below)
  bytes.copy(bytes, place(bytes, below), from, from + (1 << below(12)))
}

/** @param {Buffer} bytes @param {Below} below */
function zero(bytes, below) {
  const at = place(bytes, below)
  bytes.fill(0, at, Math.min(bytes.length, at + (1 << below(10))))
}
