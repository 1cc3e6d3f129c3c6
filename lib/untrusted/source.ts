/** Opens an untrusted file in a separate process, and reads its windows there. */
import { toPath } from '../base/path.js'
import { type GivenLayout, isLayout } from '../frames/file/choose.js'
import type { ColumnArray, SourceState, WindowSource } from '../frames/file/window-source.js'
import { newArray } from '../hdf5/objects/elements.js'
import type { ReadMetadata } from '../layout/infer.js'
import { type Column, columnsOf, type Layout, rowBytes } from '../layout/model.js'
import { decodeValue, expect, isStrings } from './json-values.js'
import { decodeLayout, encodeLayout, presentIn } from './layout-json.js'
import { checkLimits, limitReached, type UntrustedOptions } from './limits.js'
import { ReadingProcess } from './process.js'

/** Bytes per request: small against the smallest limit, large enough that the cost of a request does not matter. */
const windowBytes = 2 ** 22
/** A record as an object takes about this many times the memory that it takes in columns. */
const objectFactor = 32
/** A file of any use has far fewer. */
const mostColumns = 100_000

/** Options for opening an untrusted file. */
export type UntrustedOpening = UntrustedOptions & { acceptLoss?: boolean }

/** A file that is open in a separate process. */
export interface OpenedApart {
  source: WindowSource
  state: SourceState
  /** Ends the process. */
  close(): Promise<void>
}

/** Opens a file with this layout: itself, the name of its group, or undefined for the only one of the file. */
export async function openApart(
  path: string | URL,
  layout: GivenLayout,
  { limits, signal, acceptLoss = false }: UntrustedOpening,
): Promise<OpenedApart> {
  const process = new ReadingProcess(toPath(path), checkLimits(limits), signal)
  const wanted = isLayout(layout) ? encodeLayout(layout) : layout
  try {
    const request = { op: 'openFrames', path: process.path, layout: wanted, acceptLoss }
    const answer = await process.within(() => process.request(request))
    const { length, ...header } = process.checked(() => headerOf(answer, isLayout(layout) ? layout : null))
    const source = sourceIn(process, header)
    collected.register(source, process)
    const state = { length: () => length, isOpen: () => process.isAlive }
    return { source, state, close: () => process.close() }
  } catch (error) {
    await process.close()
    throw error
  }
}

/** The groups of an untrusted file that have a layout. */
export async function groupsApart(path: string | URL, { limits, signal }: UntrustedOptions): Promise<string[]> {
  const process = new ReadingProcess(toPath(path), checkLimits(limits), signal)
  try {
    const answer = await process.within(() => process.request({ op: 'groups', path: process.path }))
    return process.checked(() => {
      expect(isStrings(answer), 'groups')
      return answer
    })
  } finally {
    await process.close()
  }
}

const collected = new FinalizationRegistry((process: ReadingProcess) => process.abandon())

interface Header {
  layout: Layout
  cameraNames: string[]
  slots: number
  chunkFrames: number
  length: number
  closedCleanly: boolean
  metadata: ReadMetadata
  columns: Column[]
}

/** Checks what the process says of the file. `given`: the layout that the file was opened with; else the process sends it. */
function headerOf(answer: unknown, given: Layout | null): Header {
  const reply = Object(answer) as Record<string, unknown>
  const { cameraNames, slots, chunkFrames, length, closedCleanly, metadata } = reply
  const layout = given ? presentIn(reply.layout, given) : decodeLayout(reply.layout)
  expect(isStrings(cameraNames) && new Set(cameraNames).size === cameraNames.length, 'cameras')
  expect(cameraNames.length * layout.fields.length <= mostColumns, 'number of cameras')
  expect(isSize(slots) && isSize(chunkFrames) && isSize(length) && chunkFrames > 0, 'sizes')
  expect(typeof closedCleanly === 'boolean', 'closedCleanly')
  expect(Array.isArray(metadata), 'metadata')
  const values: ReadMetadata = Object.create(null)
  for (const [name, value] of metadata as [unknown, unknown][]) {
    expect(typeof name === 'string', 'metadata')
    values[name] = decodeValue(value)
  }
  const columns = columnsOf(layout, cameraNames, slots)
  expect(
    columns.every(({ width }) => Number.isSafeInteger(width)),
    'sizes',
  )
  return { layout, cameraNames, slots, chunkFrames, length, closedCleanly, metadata: values, columns }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function sourceIn(process: ReadingProcess, header: Omit<Header, 'length'>): WindowSource {
  const { path, limits } = process
  const { columns, chunkFrames } = header
  return {
    ...header,
    path,
    checkRoom(bytes) {
      if (bytes > limits.bytes) throw limitReached(path, limits, 'bytes', 'the result takes')
    },
    checkFrame(bytes) {
      if (objectFactor * bytes > limits.bytes) throw limitReached(path, limits, 'bytes', 'a frame takes')
    },
    within: (task) => process.within(task),
    readColumns: (wanted, start, stop) =>
      process.within(() => readInParts(process, chunkFrames, columns, wanted, start, stop)),
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
