// How small a file of ours could be, by other measures than our codec. Bytes of all chunks:
//   raw: the values   stored: in the file   entropy: if each shuffled byte were coded by its frequency in its chunk alone (order 0)
//   zlib: by zlib's level 9   brotli: by the strongest codec in Node, quality 11, from the same shuffled bytes
import { brotliCompressSync, constants, deflateSync } from 'node:zlib'
import { File } from '../../dist/library/hdf5.js'
import { parameters, report } from '../support/child.mjs'

/** The bytes of elements of `size` bytes, the first byte of all of them first. */
function shuffled(bytes, size) {
  const count = bytes.length / size
  const out = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) out[(i % size) * count + Math.floor(i / size)] = bytes[i]
  return out
}

/** Bytes for these, by the frequency of each value in each of `planes` equal parts. */
function orderZero(bytes, planes) {
  const length = bytes.length / planes
  let bits = 0
  for (let plane = 0; plane < planes; plane++) {
    const counts = new Uint32Array(256)
    for (let i = plane * length; i < (plane + 1) * length; i++) counts[bytes[i]]++
    for (const count of counts) if (count > 0) bits += count * Math.log2(length / count)
  }
  return bits / 8
}

/** All datasets of a group and of those below it. */
const datasetsIn = (group) =>
  group
    .keysSync()
    .flatMap((name) => (group.kindSync(name) === 'group' ? datasetsIn(group.getSync(name)) : group.getSync(name)))

const { path } = parameters()
const file = new File(path)
const total = { raw: 0, stored: 0, entropy: 0, zlib: 0, brotli: 0 }
for (const dataset of datasetsIn(file)) {
  const { chunks, shape, storageSize } = dataset.detailsSync()
  if (chunks === null) continue
  total.stored += storageSize
  for (let first = 0; first < shape[0]; first += chunks[0]) {
    const { data } = dataset.readSync([{ start: first, stop: first + chunks[0] }])
    const size = data.BYTES_PER_ELEMENT
    const bytes = shuffled(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), size)
    total.raw += bytes.length
    total.entropy += orderZero(bytes, size)
    total.zlib += deflateSync(bytes, { level: 9 }).length
    total.brotli += brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
    }).length
  }
}
file.closeSync()
report(total)
