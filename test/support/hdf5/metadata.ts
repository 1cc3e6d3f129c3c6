// HDF5's metadata as bytes. A test that damages metadata recomputes the checksum, as an attacker would; otherwise HDF5 would
// stop at the wrong checksum.
import { readFileSync, writeFileSync } from 'node:fs'
import { lookup3, places } from '../../hostile/checksums.js'

/** Changes a file's bytes. */
export function rewrite(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path)
  change(bytes)
  writeFileSync(path, bytes)
}

/** Changes the bytes from `from` to `to` and recomputes the checksum that follows them. */
export function checked(bytes: Buffer, from: number, to: number, change: (part: Buffer) => void): void {
  const part = bytes.subarray(from, to)
  if (bytes.readUInt32LE(to) !== lookup3(bytes, from, to))
    throw new Error(`no checksum at ${to} of what begins at ${from}`)
  change(part)
  bytes.writeUInt32LE(lookup3(bytes, from, to), to)
}

/** The ranges of the first chunks of a file's version-2 object headers, without their checksums. */
export function headers(bytes: Buffer): [from: number, to: number][] {
  return places(bytes, 'OHDR').map((at) => {
    const flags = bytes.readUInt8(at + 5)
    const size = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0)
    const width = 1 << (flags & 3)
    return [at, size + width + bytes.readUIntLE(size, Math.min(width, 6))]
  })
}
