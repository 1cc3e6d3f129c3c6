/** Imports JSON lines: one frame a line, after an optional header line. */
import { isUtf8 } from 'node:buffer'
import { frameNumber } from '../../formats/csv/numbers.js'
import { BadJson, parseExactJson, parseJson } from '../../formats/jsonl/json.js'
import { columnOf, type JsonPath } from '../../formats/jsonl/locate.js'
import { metadataOf } from '../../formats/jsonl/metadata.js'
import { Failure } from '../shared/exit.js'
import type { Import } from './job.js'
import { LineSplitter } from './lines.js'
import { InputProblem, isRefusal, refusalText } from './problem.js'
import { RecordReader } from './records.js'
import type { Sink } from './sink.js'

const FRAME_KEYS = new Set(['frame', 'tracks'])
const HEADER_KEYS = new Set(['cameras', 'maxFish', 'chunkFrames', 'metadata'])
const TRACK_KEYS = new Set([
  'fishId',
  'centroid3d',
  'confidence',
  'reprojectionResidual',
  'nCameras',
  'isConfirmed',
  'cameraDetections',
  'bboxes',
])

export async function importJsonLines(job: Import): Promise<void> {
  const reader = new FrameLines(job)
  const splitter = new LineSplitter()
  for await (const chunk of await job.source()) {
    for (const line of splitter.push(chunk)) {
      const wait = reader.line(line)
      if (wait !== undefined) await wait
    }
  }
  const last = splitter.end()
  if (last !== null) await reader.line(last)
  reader.end()
}

interface Line {
  number: number
  text: string
  value: Record<string, unknown>
}

/** At most so many lines without a fish are held back at the beginning. */
const MOST_WAITING = 100_000

class FrameLines {
  readonly #job: Import
  readonly #records: RecordReader
  /** Lines without a fish, held back until a line with a fish shows whether there are cameras. Only if none were named. */
  #waiting: Line[] = []
  #sink: Sink | undefined
  #number = 0

  constructor(job: Import) {
    this.#job = job
    this.#records = new RecordReader(job.options.confirmed)
  }

  /** Imports a line. If it returns a promise, await it before the next line. */
  line(bytes: Buffer): Promise<void> | undefined {
    this.#number++
    if (!isUtf8(bytes)) throw this.#problem('', undefined, 'is not valid UTF-8')
    const text = this.#number === 1 ? bytes.toString().replace(/^\ufeff/, '') : bytes.toString()
    const value = this.#parse(text)
    if (value === undefined) return undefined
    if (this.#sink === undefined && !('frame' in value) && Object.keys(value).some((key) => HEADER_KEYS.has(key))) {
      this.#header(text)
      return undefined
    }
    return this.#frame(value, text)
  }

  /** Ends the input. An input that holds only a header makes a file without frames. */
  end(): void {
    const [first] = this.#waiting
    if (first !== undefined) {
      this.#number = first.number
      throw this.#camerasUnknown(first.text)
    }
    if (this.#sink === undefined) throw new Failure(`${this.#job.name} is empty: there is nothing to import`)
    this.#job.notes.guessed += this.#records.guessed
  }

  #parse(text: string): Record<string, unknown> | undefined {
    const value = this.#json(text, parseJson)
    if (value === undefined) return undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#problem(text, [], `expected one frame as an object, found ${brief(value)}`)
    }
    return value as Record<string, unknown>
  }

  #json(text: string, parse: (text: string) => unknown): unknown {
    if (text.trim() === '') return undefined
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof BadJson)) throw error
      throw new InputProblem({ file: this.#job.name, line: this.#number, column: error.column }, error.message)
    }
  }

  #header(text: string): void {
    const header = this.#json(text, parseExactJson) as Record<string, unknown>
    const { cameras, maxFish, chunkFrames, metadata } = withoutNull(header)
    if (cameras !== undefined && !(Array.isArray(cameras) && cameras.every((name) => typeof name === 'string'))) {
      throw this.#problem(text, ['cameras'], `expected an array of names, found ${brief(cameras)}`)
    }
    for (const [key, value] of Object.entries({ maxFish, chunkFrames })) {
      if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1)) continue
      throw this.#problem(text, [key], `expected an integer of 1 or more, found ${brief(value)}`)
    }
    if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))) {
      throw this.#problem(text, ['metadata'], `expected an object, found ${brief(metadata)}`)
    }
    this.#noteOthers(header, HEADER_KEYS)
    // The cameras must be known before the first frame.
    if (cameras === undefined && this.#job.options.cameras === undefined) throw this.#camerasUnknown(text)
    this.#sink = this.#job.open({
      ...(cameras !== undefined && { cameras: cameras as string[] }),
      ...(maxFish !== undefined && { maxFish: maxFish as number }),
      ...(chunkFrames !== undefined && { chunkFrames: chunkFrames as number }),
      ...(metadata !== undefined && { metadata: metadataOf(metadata as Record<string, unknown>) }),
    })
  }

  #camerasUnknown(text: string): InputProblem {
    const known = 'a first line {"cameras": ["cam01", ...]} or --cameras names them'
    return this.#problem(text, undefined, `the cameras are not known: ${known}`)
  }

  /** Takes the first frames of an input without a header. If their fish name no camera, the file has no cameras. */
  #begin(line: Line, tracks: readonly unknown[]): Promise<void> | undefined {
    if (this.#job.options.cameras === undefined) {
      if (tracks.some(namesCameras) || this.#waiting.length === MOST_WAITING) throw this.#camerasUnknown(line.text)
      this.#waiting.push(line)
      if (tracks.length === 0) return undefined
    }
    this.#sink = this.#job.open({})
    return this.#waiting.length === 0 ? this.#frame(line.value, line.text) : this.#takeWaiting()
  }

  async #takeWaiting(): Promise<void> {
    for (const { number, value, text } of this.#waiting.splice(0)) {
      this.#number = number
      await this.#frame(value, text)
    }
  }

  #frame(value: Record<string, unknown>, text: string): Promise<void> | undefined {
    const frame = frameNumber(value.frame)
    if (frame === null) {
      const found = value.frame === undefined ? 'none' : brief(value.frame)
      throw this.#problem(text, ['frame'], `expected an integer (beyond 2^53 as a string), found ${found}`)
    }
    const tracks = value.tracks
    if (!Array.isArray(tracks)) {
      throw this.#problem(text, ['tracks'], `expected an array, found ${tracks === undefined ? 'none' : brief(tracks)}`)
    }
    this.#noteOthers(value, FRAME_KEYS)
    for (const track of tracks) this.#noteOthers(track, TRACK_KEYS)
    const sink = this.#sink
    if (sink === undefined) return this.#begin({ number: this.#number, text, value }, tracks)
    try {
      return sink.write(
        frame,
        tracks.map((track) => this.#records.track(track)),
      )
    } catch (error) {
      if (!isRefusal(error)) throw error
      // If a fish occurs twice, the second one is the duplicate.
      const fish = tracks.findLastIndex((track) => track?.fishId === error.fish)
      const path = ['tracks', fish, error.field, error.camera].filter((part) => part !== undefined)
      const inFrame = error.code === 'ERR_FRAME_ORDER' ? ['frame'] : path
      throw this.#problem(text, this.#deepest(text, inFrame), refusalText(error))
    }
  }

  /** The longest prefix of a path that exists in the text: the error for a missing field points at its record. */
  #deepest(text: string, path: JsonPath): JsonPath {
    let known = path.length
    while (known > 0 && columnOf(text, path.slice(0, known)) === undefined) known--
    return path.slice(0, known)
  }

  #noteOthers(value: unknown, known: ReadonlySet<string>): void {
    if (typeof value !== 'object' || value === null) return
    for (const key in value) if (!known.has(key)) this.#job.ignored.add(key)
  }

  #problem(text: string, path: JsonPath | undefined, what: string): InputProblem {
    const field = path
      ?.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .slice(1)
    const column = path && columnOf(text, path)
    return new InputProblem({ file: this.#job.name, line: this.#number, column, field: field || undefined }, what)
  }
}

/** Removes keys whose value is null: Python's None means that there is no value. */
function withoutNull(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null))
}

function namesCameras(track: unknown): boolean {
  const { cameraDetections, bboxes } = (track ?? {}) as { cameraDetections?: unknown; bboxes?: unknown }
  return Object.keys({ ...(cameraDetections as object), ...(bboxes as object) }).length > 0
}

/** A value shortened for a message. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}
