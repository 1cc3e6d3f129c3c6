/** Reads JSON lines, as `h5tracks tail --json` writes them: a header that describes the layout, or one of tracks, then a frame on each line. */
import { H5TracksError } from '../../base/errors.js'
import type { Field, Layout } from '../../layout/model.js'
import { BatchBuilder, type BatchRecord, type CellValue } from '../core/batches.js'
import type { Batch, FormatCode, ReadOptions, Recording } from '../core/format.js'
import type { Probe } from '../core/probe.js'
import { formatProblem } from '../core/problem.js'
import { withSlots } from '../core/recordings.js'
import { BadJson, parseExactJson, parseJson } from './json.js'
import { type Line, linesOf } from './lines.js'
import { metadataOf } from './metadata.js'
import { layoutFromJson } from './spec.js'
import { isTracksHeader, isTracksLine, layoutFor, TrackLines, TrackSurvey } from './tracks.js'
import { BadValue, valueFrom } from './values.js'

type Json = Record<string, unknown>

export function detectLines(probe: Probe): number {
  const text = probe.text()
  const first = text?.trimStart().split('\n', 1)[0] ?? ''
  if (!first.startsWith('{')) return 0
  if (/"spec"\s*:\s*\{/.test(first) && /"slots"\s*:/.test(first)) return 1
  return /"tracks"\s*:\s*\[/.test(first) || /^\{\s*"(?:cameras|maxFish)"\s*:/.test(first) ? 0.9 : 0
}

interface Header {
  readonly layout: Layout
  readonly cameras: readonly string[]
  readonly metadata: Recording['metadata']
  readonly chunkFrames?: number | undefined
  /** The name of the list of records in a frame. */
  readonly list: 'records' | 'tracks'
  /** True if the first line is the header. */
  readonly hasLine: boolean
}

export const readLines: NonNullable<FormatCode['read']> = async (path, options) => {
  const header = await readHeader(path, options)
  const { layout, cameras, metadata, chunkFrames } = header
  let passes = 0
  const recording: Recording = {
    ...{ layout, cameras, metadata, chunkFrames },
    frames: undefined,
    batches: () => frames(path, header, options, passes++ === 0),
  }
  return { recordings: [recording], [Symbol.asyncDispose]: async () => {} }
}

async function readHeader(path: string, options: ReadOptions): Promise<Header> {
  for await (const lines of linesOf(path, options)) {
    for (const { number, text } of lines) {
      if (text.trim() === '') continue
      const first = parsed(path, number, text, parseExactJson)
      return isTracksLine(first) ? tracksHeader(path, number, first, options) : headerOf(path, number, first)
    }
  }
  throw formatProblem(path, undefined, 'is empty', 'h5tracks tail --json writes such files')
}

const remedy = 'h5tracks tail --json writes the header'

/** What both kinds of header have. */
function commonOf(path: string, line: number, { cameras = [], metadata = {}, chunkFrames }: Json) {
  const isList = Array.isArray(cameras) && cameras.every((name) => typeof name === 'string')
  if (!isList) throw formatProblem(path, `line ${line}, cameras`, 'is not a list of names', remedy)
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw formatProblem(path, `line ${line}, metadata`, 'is not an object', remedy)
  }
  return {
    cameras: cameras as string[],
    metadata: metadataOf(metadata as Json),
    chunkFrames: isCount(chunkFrames) ? chunkFrames : undefined,
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1

/** The header of lines of tracks. What it does not say is found out by reading all lines. */
async function tracksHeader(path: string, line: number, first: Json, options: ReadOptions): Promise<Header> {
  const hasLine = isTracksHeader(first)
  const given = hasLine ? withoutNull(first) : {}
  const common = commonOf(path, line, given)
  const { maxFish } = given
  if (maxFish !== undefined && !isCount(maxFish))
    throw formatProblem(path, `line ${line}, maxFish`, 'is not an integer from 1', remedy)
  const known = { cameras: given.cameras !== undefined, slots: maxFish !== undefined }
  let slots = options.max ?? (maxFish as number | undefined)
  let { cameras } = common
  if (!known.cameras || slots === undefined) {
    const survey = new TrackSurvey()
    for await (const { number, text } of linesIn(path, options)) survey.add(parsed(path, number, text, parseJson))
    survey.report(options, known)
    slots ??= survey.slots
    if (!known.cameras) cameras = [...survey.cameras]
  }
  return { ...common, cameras, layout: layoutFor(slots), list: 'tracks', hasLine }
}

const withoutNull = (given: Json): Json =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))

async function* linesIn(path: string, { signal }: ReadOptions): AsyncGenerator<Line, void, void> {
  for await (const lines of linesOf(path, { ...(signal && { signal }) })) {
    for (const line of lines) if (line.text.trim() !== '') yield line
  }
}

function headerOf(path: string, line: number, header: Json): Header {
  const { spec, slots } = header
  const common = commonOf(path, line, header)
  let layout: Layout
  try {
    layout = layoutFromJson(spec)
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    throw formatProblem(path, `line ${line}, spec`, error.message, remedy)
  }
  if (slots !== undefined && !isCount(slots))
    throw formatProblem(path, `line ${line}, slots`, 'is not an integer from 1', remedy)
  return { ...common, layout: isCount(slots) ? withSlots(layout, slots) : layout, list: 'records', hasLine: true }
}

function parsed(path: string, line: number, text: string, parse: (text: string) => unknown): Json {
  try {
    const value = parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  } catch (error) {
    if (!(error instanceof BadJson)) throw error
    const column = error.column === undefined ? '' : `, column ${error.column}`
    throw formatProblem(path, `line ${line}${column}`, error.message)
  }
  throw formatProblem(path, `line ${line}`, 'is not an object')
}

async function* frames(
  path: string,
  { layout, cameras, list, hasLine }: Header,
  options: ReadOptions,
  isFirst: boolean,
): AsyncGenerator<Batch, void, void> {
  const builder = new BatchBuilder(layout, cameras)
  const reader = new FrameLines(path, layout, cameras, list)
  const tracks = list === 'tracks' ? new TrackLines() : undefined
  let header = hasLine
  for await (const lines of linesOf(path, { ...(options.signal && { signal: options.signal }) })) {
    for (const { number, text } of lines) {
      if (text.trim() === '') continue
      if (header) {
        header = false
        continue
      }
      const line = parsed(path, number, text, parseJson)
      const { index, records, perFrame, dropped } = reader.frame(number, tracks ? tracks.records(line) : line)
      builder.add(index, records, perFrame)
      const drops = layout.drops?.name
      if (drops) for (const camera of dropped) (builder.column(drops, camera) as Uint8Array)[builder.rows - 1] = 1
      if (builder.isFull) yield builder.take()
    }
  }
  if (builder.rows > 0) yield builder.take()
  if (isFirst) tracks?.report(options.report)
}

interface FrameLine {
  readonly index: number | bigint
  readonly records: BatchRecord[]
  readonly perFrame: Record<string, CellValue>
  readonly dropped: readonly string[]
}

class FrameLines {
  readonly #path: string
  readonly #layout: Layout
  readonly #cameras: readonly string[]
  readonly #fields: ReadonlyMap<string, Field>
  readonly #list: 'records' | 'tracks'
  #line = 0

  constructor(path: string, layout: Layout, cameras: readonly string[], list: 'records' | 'tracks') {
    this.#list = list
    this.#path = path
    this.#layout = layout
    this.#cameras = cameras
    this.#fields = new Map(layout.fields.map((field) => [field.name, field]))
  }

  frame(line: number, given: Json): FrameLine {
    this.#line = line
    const { key, drops, slots } = this.#layout
    const { frame, [this.#list]: records, record, perFrame = {} } = given
    const odd = Object.keys(given).find((name) => !['frame', this.#list, 'record', 'perFrame'].includes(name))
    if (odd !== undefined) throw this.#problem(odd, 'is not known: a frame has frame, perFrame, and records or record')
    const list = key ? records : [record ?? {}]
    if (!Array.isArray(list)) throw this.#problem(this.#list, 'is not a list')
    if (list.length > slots) throw this.#problem(this.#list, `there are ${list.length}, and a frame holds ${slots}`)
    const { [drops?.name ?? '']: dropped = [], ...ofFrame } = this.#object('perFrame', perFrame)
    return {
      index: this.#index(frame),
      records: list.map((one, i) => this.#record(`${this.#list}[${i}]`, this.#object(`${this.#list}[${i}]`, one))),
      perFrame: Object.fromEntries(
        Object.entries(ofFrame).map(([name, value]) => [name, this.#value(`perFrame.${name}`, name, value, true)]),
      ),
      dropped: this.#camerasIn(drops?.name ?? '', dropped),
    }
  }

  #index(frame: unknown): number | bigint {
    if (Number.isSafeInteger(frame)) return frame as number
    if (typeof frame === 'string' && /^-?\d{1,19}$/.test(frame)) {
      const index = BigInt(frame)
      if (BigInt.asIntN(64, index) === index) return index
    }
    throw this.#problem('frame', 'is not an integer within int64')
  }

  #record(place: string, given: Json): BatchRecord {
    const values: Record<string, CellValue | Record<string, CellValue>> = {}
    const { key } = this.#layout
    for (const [name, value] of Object.entries(given)) {
      if (name === key?.name) {
        if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 2 ** 31 - 1) {
          throw this.#problem(`${place}.${name}`, 'is not an integer from 0 to 2147483647')
        }
        values.key = value as number
      } else values[name] = this.#cells(`${place}.${name}`, name, value)
    }
    if (key && !('key' in values)) throw this.#problem(place, `has no ${key.name}`)
    return values as BatchRecord
  }

  #cells(place: string, name: string, value: unknown): CellValue | Record<string, CellValue> {
    if (!this.#fields.get(name)?.perCamera) return this.#value(place, name, value, false)
    const entries = Object.entries(this.#object(place, value)).map(([camera, one]) => {
      if (!this.#cameras.includes(camera))
        throw this.#problem(`${place}.${camera}`, 'is none of the cameras of the header')
      return [camera, this.#value(`${place}.${camera}`, name, one, false)] as const
    })
    return Object.fromEntries(entries)
  }

  #value(place: string, name: string, value: unknown, perFrame: boolean): CellValue {
    const field = this.#fields.get(name)
    if (!field || field.perFrame !== perFrame || field === this.#layout.index)
      throw this.#problem(place, 'is not a field of the layout')
    try {
      return valueFrom(field, value)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      throw this.#problem(place, error.message)
    }
  }

  #camerasIn(name: string, given: unknown): readonly string[] {
    if (Array.isArray(given) && given.every((camera) => this.#cameras.includes(camera))) return given as string[]
    throw this.#problem(`perFrame.${name}`, 'is not a list of cameras')
  }

  #object(place: string, value: unknown): Json {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
    throw this.#problem(place, 'is not an object')
  }

  #problem(place: string, what: string): Error {
    return formatProblem(this.#path, `line ${this.#line}, ${place}`, what)
  }
}
