// Corrects the checksums of HDF5's metadata after damage, as an attacker would: otherwise HDF5 would notice the damage before it
// uses the metadata. Plain JavaScript, for the programs that the runner starts.

/** The signatures of metadata blocks that have a checksum. */
export const SIGNATURES = [
  ...[
    '\x89HDF',
    'OHDR',
    'OCHK',
    'BTHD',
    'BTIN',
    'BTLF',
    'FRHP',
    'FHIB',
    'FHDB',
    'FAHD',
    'FADB',
    'EAHD',
    'EAIB',
    'EASB',
  ],
  ...['EADB', 'FSHD', 'FSSE', 'SMTB', 'SMLI', 'MDCI'],
]
const LONGEST = 2048
const DIRECT_BLOCKS = [512, 1024, 2048, 4096]

/**
 * The checksum at `at` covers the bytes from `from` to `to`; it counts as zero where it is among them.
 * @typedef {{ from: number, to: number, at: number }} Region
 */

/** The offsets of all occurrences of `text`. @param {Buffer} bytes @param {string | Buffer} text in latin1 */
export function places(bytes, text) {
  /** @type {number[]} */
  const found = []
  for (let at = bytes.indexOf(text, 0, 'latin1'); at >= 0; at = bytes.indexOf(text, at + 1, 'latin1')) found.push(at)
  return found
}

/** The offsets of all blocks with one of the signatures. @param {Buffer} bytes @param {readonly string[]} [signatures] */
export function blocksOf(bytes, signatures = SIGNATURES) {
  return signatures.flatMap((signature) => places(bytes, signature))
}

/**
 * Finds the length of each block by trying where its checksum fits, which needs no knowledge of the many kinds of blocks.
 * @param {Buffer} whole a file that is not damaged
 * @returns {Region[]}
 */
export function regionsOf(whole) {
  return blocksOf(whole).flatMap((from) => {
    const found = regionAt(whole, from)
    return found ? [found] : []
  })
}

/** @param {Buffer} whole @param {number} from @returns {Region | undefined} */
function regionAt(whole, from) {
  if (whole.toString('latin1', from, from + 4) === 'FHDB') {
    for (const length of DIRECT_BLOCKS) {
      for (let at = from + 14; at <= from + 21 && from + length <= whole.length; at++) {
        const region = { from, to: from + length, at }
        if (checksumOf(whole, region) === whole.readUInt32LE(at)) return region
      }
    }
    return undefined
  }
  for (let at = from + 8; at <= Math.min(from + LONGEST, whole.length - 4); at++) {
    if (lookup3(whole, from, at) === whole.readUInt32LE(at)) return { from, to: at, at }
  }
  return undefined
}

/** @param {Buffer} damaged changed in place @param {readonly Region[]} regions of the file before it was damaged */
export function correctChecksums(damaged, regions) {
  for (const region of regions) {
    if (Math.max(region.to, region.at + 4) <= damaged.length)
      damaged.writeUInt32LE(checksumOf(damaged, region), region.at)
  }
  // The length of the free-space sections is in their manager, which may be damaged.
  for (const at of blocksOf(damaged, ['FSHD'])) {
    if (at + 78 > damaged.length) continue
    const from = Number(damaged.readBigUInt64LE(at + 54))
    const to = from + Number(damaged.readBigUInt64LE(at + 62)) - 4
    if (to > from && to + 4 <= damaged.length) damaged.writeUInt32LE(lookup3(damaged, from, to), to)
  }
}

/** @param {Buffer} bytes @param {Region} region */
function checksumOf(bytes, { from, to, at }) {
  if (at >= to) return lookup3(bytes, from, to)
  const block = Buffer.from(bytes.subarray(from, to))
  block.writeUInt32LE(0, at - from)
  return lookup3(block, 0, block.length)
}

/** Bob Jenkins's hash lookup3, as HDF5 uses it. @param {Buffer} bytes @param {number} from @param {number} to */
export function lookup3(bytes, from, to) {
  const start = (0xdeadbeef + (to - from)) | 0
  let [a, b, c] = [start, start, start]
  let at = from
  for (; to - at > 12; at += 12) {
    a = (a + bytes.readInt32LE(at)) | 0
    b = (b + bytes.readInt32LE(at + 4)) | 0
    c = (c + bytes.readInt32LE(at + 8)) | 0
    a = (a - c) ^ rotate(c, 4)
    c = (c + b) | 0
    b = (b - a) ^ rotate(a, 6)
    a = (a + c) | 0
    c = (c - b) ^ rotate(b, 8)
    b = (b + a) | 0
    a = (a - c) ^ rotate(c, 16)
    c = (c + b) | 0
    b = (b - a) ^ rotate(a, 19)
    a = (a + c) | 0
    c = (c - b) ^ rotate(b, 4)
    b = (b + a) | 0
  }
  if (at === to) return c >>> 0
  const rest = Buffer.alloc(12)
  bytes.copy(rest, 0, at, to)
  a = (a + rest.readInt32LE(0)) | 0
  b = (b + rest.readInt32LE(4)) | 0
  c = (c + rest.readInt32LE(8)) | 0
  c = ((c ^ b) - rotate(b, 14)) | 0
  a = ((a ^ c) - rotate(c, 11)) | 0
  b = ((b ^ a) - rotate(a, 25)) | 0
  c = ((c ^ b) - rotate(b, 16)) | 0
  a = ((a ^ c) - rotate(c, 4)) | 0
  b = ((b ^ a) - rotate(a, 14)) | 0
  return ((c ^ b) - rotate(b, 24)) >>> 0
}

const rotate = (/** @type {number} */ x, /** @type {number} */ bits) => (x << bits) | (x >>> (32 - bits))
