/** Reads the windows, frames and trajectories of an untrusted tracking file in a separate process. */

import { toPath } from '../base/path.js'
import type { Frame, ReadMetadata, Trajectory } from '../frames/file/types.js'
import type { ColumnArray, WindowSource } from '../frames/file/window-source.js'
import { type FrameRange, WindowReader } from '../frames/read/window-reader.js'
import { newArray } from '../hdf5/objects/elements.js'
import { type Column, columnsOf, rowBytes } from '../layout/model.js'
import { trackingLayout } from '../layouts/tracking.js'
import { decodeValue, expect, isStrings } from './json-values.js'
import { checkLimits, limitReached, type UntrustedOptions } from './limits.js'
import { ReadingProcess } from './process.js'

/** Bytes per request: small against the smallest limit, large enough that the cost of a request does not matter. */
const windowBytes = 2 ** 22
/** A track as an object takes about this many times the memory that it takes in columns. */
const objectFactor = 32

/**
 * Reads a tracking file in a separate process; made by `TrackingReader.open(path, { untrusted: true })`. It has the methods of
 * `TrackingReader`, except the synchronous ones. Calls also reject with
 *
 * - ERR_LIMIT when they exceed the time or memory that `limits` allow,
 * - ERR_CRASHED when the process dies because of the file.
 *
 * After the process has ended (`isOpen` is false), every call rejects with the same error. A reader that is not closed does not
 * keep the event loop alive; its process ends when the reader is garbage-collected.
 */
export class UntrustedReader extends WindowReader {
  readonly #process: ReadingProcess
  readonly #length: number

  private constructor(process: ReadingProcess, source: WindowSource, length: number) {
    super(source)
    this.#process = process
    this.#length = length
    collected.register(this, process)
  }

  /** @internal */
  static async open(
    path: string | URL,
    { limits, signal, acceptLoss = false }: UntrustedOptions & { acceptLoss?: boolean },
  ): Promise<UntrustedReader> {
    const process = new ReadingProcess(toPath(path), checkLimits(limits), signal)
    try {
      const answer = await process.within(() => process.request({ op: 'openTracking', path: process.path, acceptLoss }))
      const { length, ...header } = process.checked(() => headerOf(answer))
      return new UntrustedReader(process, sourceIn(process, header), length)
    } catch (error) {
      await process.close()
      throw error
    }
  }

  /** Number of frames in the file when it was opened. */
  get length(): number {
    return this.#length
  }

  /** True until the reader is closed or the process ends. */
  get isOpen(): boolean {
    return this.#process.isAlive
  }

  override frames(range: FrameRange = {}): AsyncGenerator<Frame, void, void> {
    const { limits, path } = this.#process
    const bytes =
      objectFactor * columnsOf(trackingLayout, this.cameraNames, this.maxFish).reduce((sum, c) => sum + rowBytes(c), 0)
    if (bytes > limits.bytes) throw limitReached(path, limits, 'bytes', 'a frame takes')
    return super.frames(range)
  }

  override trajectory(fishId: number): Promise<Trajectory> {
    return this.#process.within(() => super.trajectory(fishId))
  }

  /** Ends the process. Pending calls reject with ERR_CLOSED. Resolves when the process has ended. */
  override close(): Promise<void> {
    return this.#process.close()
  }
}

const collected = new FinalizationRegistry((process: ReadingProcess) => process.abandon())

interface Header {
  cameraNames: string[]
  maxFish: number
  chunkFrames: number
  length: number
  closedCleanly: boolean
  metadata: ReadMetadata
}

function headerOf(answer: unknown): Header {
  const { cameraNames, maxFish, chunkFrames, length, closedCleanly, metadata } = Object(answer) as Record<
    string,
    unknown
  >
  expect(isStrings(cameraNames) && new Set(cameraNames).size === cameraNames.length, 'cameras')
  expect(isSize(maxFish) && isSize(chunkFrames) && isSize(length) && chunkFrames > 0, 'sizes')
  expect(typeof closedCleanly === 'boolean', 'closedCleanly')
  expect(Array.isArray(metadata), 'metadata')
  const values: ReadMetadata = Object.create(null)
  for (const [name, value] of metadata as [unknown, unknown][]) {
    expect(typeof name === 'string', 'metadata')
    values[name] = decodeValue(value)
  }
  return { cameraNames, maxFish, chunkFrames, length, closedCleanly, metadata: values }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function sourceIn(process: ReadingProcess, header: Omit<Header, 'length'>): WindowSource {
  const { path, limits } = process
  const columns = columnsOf(trackingLayout, header.cameraNames, header.maxFish)
  return {
    ...header,
    layout: trackingLayout,
    slots: header.maxFish,
    path,
    columns,
    checkRoom(bytes) {
      if (bytes > limits.bytes) throw limitReached(path, limits, 'bytes', 'the result takes')
    },
    readColumns: (wanted, start, stop) =>
      process.within(() => readInParts(process, header.chunkFrames, columns, wanted, start, stop)),
  }
}

/** Reads rows part by part, directly into the result. While one part is transferred, the process reads the next. */
async function readInParts(
  process: ReadingProcess,
  chunkFrames: number,
  all: readonly Column[],
  wanted: readonly Column[],
  start: number,
  stop: number,
): Promise<ColumnArray[]> {
  const indices = wanted.map((column) => all.indexOf(column))
  const arrays = wanted.map(({ type, width }) => newArray(type, width * (stop - start)))
  const bytes = arrays.map(({ buffer }) => new Uint8Array(buffer))
  const affordable = Math.max(1, Math.floor(windowBytes / wanted.reduce((sum, column) => sum + rowBytes(column), 1)))
  // Parts of whole chunks if they fit: a chunk that two parts share is decoded twice.
  const rows = affordable > chunkFrames ? affordable - (affordable % chunkFrames) : affordable
  let before: Promise<unknown> = Promise.resolve()
  for (let from = start; from < stop; ) {
    const to = Math.min(stop, from + rows - (from % Math.min(rows, chunkFrames)))
    const into = bytes.map((all, i) => {
      const size = rowBytes(wanted[i]!)
      return all.subarray((from - start) * size, (to - start) * size)
    })
    const part = process.request({ op: 'readColumns', columns: indices, start: from, stop: to }, into)
    part.catch(() => {}) // awaited below, unless the part before it fails
    await before
    before = part
    from = to
  }
  await before
  return arrays.map((data, i) => ({ data, shape: [stop - start, ...wanted[i]!.rowShape] })) as ColumnArray[]
}
