import { readFileSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { WriterOptions } from 'h5tracks'
import { type Finished, runNode } from '../process.js'
import { scratch } from '../scratch.js'
import { CAMERAS } from './frames.js'

/** The layout of the journal after docs/journal.md, independent of the implementation. */
const PAGE = 4096
const at = {
  crc: 12,
  bootId: 48,
  inode: 96,
  rows: 104,
  slots: 112,
  slotBytes: 120,
  slotsOffset: 128,
  columnsOffset: 144,
  columnsBytes: 152,
  skeletonOffset: 176,
  skeletonBytes: 184,
  columnsCrc: 208,
  skeletonCrc: 216,
} as const
const HEADER_BYTES = 224
export const STATE = { open: 0, closing: 0x676e6c63, closed: 0x64736c63 }

export const journalOf = (path: string) => `${path}.journal`

/** Changes the header of a journal and recomputes its checksum. */
export function rewriteHeader(journal: string, change: (header: Buffer) => void): void {
  const bytes = readFileSync(journal)
  const header = bytes.subarray(0, HEADER_BYTES)
  change(header)
  header.writeUInt32LE(0, at.crc)
  header.writeUInt32LE(crc32(header), at.crc)
  writeFileSync(journal, bytes)
}

/** Makes the journal look as if the machine had been rebooted since. */
export const pretendReboot = (journal: string) =>
  rewriteHeader(journal, (header) => header.write('00000000-0000-4000-8000-000000000000', at.bootId))

export const setInode = (journal: string, inode: number) =>
  rewriteHeader(journal, (header) => header.writeBigUInt64LE(BigInt(inode), at.inode))

/** Sets the fill value of every column and recomputes the checksums. */
export function setFill(journal: string, fill: number): void {
  const bytes = readFileSync(journal)
  const begin = Number(bytes.readBigUInt64LE(at.columnsOffset))
  const columns = bytes.subarray(begin, begin + Number(bytes.readBigUInt64LE(at.columnsBytes)))
  for (let head = 0; head < columns.length; head += 32 + columns.readUInt32LE(head + 4))
    columns.writeDoubleLE(fill, head + 16)
  writeFileSync(journal, bytes)
  rewriteHeader(journal, (header) => header.writeUInt32LE(crc32(columns), at.columnsCrc))
}

/** The range of the copy of the empty file in a journal's bytes. */
export function skeletonIn(bytes: Buffer): { begin: number; end: number } {
  const begin = Number(bytes.readBigUInt64LE(at.skeletonOffset))
  return { begin, end: begin + Number(bytes.readBigUInt64LE(at.skeletonBytes)) }
}

/** Sets a number in the copy of the empty file and recomputes the checksums. */
export function setInSkeleton(journal: string, offset: number, number: bigint): void {
  const bytes = readFileSync(journal)
  bytes.writeBigUInt64LE(number, offset)
  const { begin, end } = skeletonIn(bytes)
  writeFileSync(journal, bytes)
  rewriteHeader(journal, (header) => header.writeUInt32LE(crc32(bytes.subarray(begin, end)), at.skeletonCrc))
}

export function setState(journal: string, state: number): void {
  const bytes = readFileSync(journal)
  bytes.writeUInt32LE(state, PAGE)
  writeFileSync(journal, bytes)
}

/** Clears the journal's record of the file's run id, as it is before the file has its mark. */
export function clearMark(journal: string): void {
  const bytes = readFileSync(journal)
  bytes.fill(0, PAGE + 16, PAGE + 64)
  writeFileSync(journal, bytes)
}

/** The block slots that contain accepted rows, as parts of the journal's bytes. */
export function openSlots(bytes: Buffer): Buffer[] {
  const number = (offset: number) => Number(bytes.readBigUInt64LE(offset))
  const slots = Array.from({ length: number(at.slots) }, (_, i) => {
    const begin = number(at.slotsOffset) + i * number(at.slotBytes)
    return bytes.subarray(begin, begin + number(at.slotBytes))
  })
  return slots.filter((slot) => slot.readInt32LE(0) > 0)
}

/**
 * Runs a writer in a child process that accepts `count` frames of `school` from index `first` on, runs `then`, and kills
 * itself with SIGKILL. With `resume` it continues an existing file. `before` runs before the writer is opened.
 */
export async function killed(
  count: number,
  options: WriterOptions & { resume?: boolean; first?: number; cameras?: string[]; before?: string } = {},
  then = '',
  path = scratch(),
): Promise<string> {
  const { resume = false, first = 0, cameras = CAMERAS, before = '', ...rest } = options
  const given = { chunkFrames: 10, ...rest }
  const open = resume
    ? `await TrackingWriter.resume(path, ${JSON.stringify(rest)})`
    : `new TrackingWriter(path, ${JSON.stringify(cameras)}, ${JSON.stringify(given)})`
  const source = `
    import { TrackingWriter } from 'h5tracks'
    import { school } from 'frames'
    const path = process.argv[2]
    ${before}
    const writer = ${open}
    for (const { frameIndex, tracks } of school(${count}, 3, ${JSON.stringify(cameras)}, ${first})) {
      if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
    }
    ${then}
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})`
  mustBeKilled(await runNode(source, [path]))
  return path
}

export function mustBeKilled(child: Finished): void {
  // Windows has no signals: a process that ends itself so has the exit code 1, as one that fails has, which says why.
  const ended = process.platform === 'win32' && child.code === 1 && child.stderr === ''
  if (child.signal !== 'SIGKILL' && !ended) throw new Error(`the child was not killed: ${JSON.stringify(child)}`)
}
