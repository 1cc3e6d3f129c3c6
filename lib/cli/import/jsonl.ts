/** JSON lines: one frame a line, after an optional header line. */
import { isUtf8 } from 'node:buffer'
import type { TrackRecord } from '../../index.js'
import { Failure } from '../exit.js'
import { LineSplitter } from './lines.js'
import { columnOf, type JsonPath, syntaxError } from './locate.js'
import { InputProblem, isRefusal, refusalText } from './problem.js'
import type { Import } from './run.js'
import { frameNumber, type Sink } from './sink.js'

const FRAME_KEYS = new Set(['frame', 'tracks'])
const HEADER_KEYS = new Set(['cameras', 'maxFish', 'metadata'])
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
  for await (const chunk of job.source) {
    for (const line of splitter.push(chunk)) {
      const wait = reader.line(line)
      if (wait !== undefined) await wait
    }
  }
  const last = splitter.end()
  if (last !== null) await reader.line(last)
  reader.end()
}

class FrameLines {
  readonly #job: Import
  #sink: Sink | undefined
  #number = 0

  constructor(job: Import) {
    this.#job = job
  }

  /** Takes the next line. A promise: await it before the next. */
  line(bytes: Buffer): Promise<void> | undefined {
    this.#number++
    if (!isUtf8(bytes)) throw this.#problem('', undefined, 'is not valid UTF-8')
    const text = this.#number === 1 ? bytes.toString().replace(/^\ufeff/, '') : bytes.toString()
    const value = this.#parse(text)
    if (value === undefined) return undefined
    if (this.#sink === undefined && !('frame' in value) && Object.keys(value).some((key) => HEADER_KEYS.has(key))) {
      this.#header(value, text)
      return undefined
    }
    return this.#frame(value, text)
  }

  /** An input that holds only a header makes a file without frames. */
  end(): void {
    if (this.#sink === undefined) throw new Failure(`${this.#job.source.name} is empty: there is nothing to import`)
  }

  #parse(text: string): Record<string, unknown> | undefined {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      if (text.trim() === '') return undefined
      const { column, what } = syntaxError(text) ?? { column: undefined, what: (error as Error).message }
      throw new InputProblem({ file: this.#job.source.name, line: this.#number, column }, `not JSON: ${what}`)
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#problem(text, [], `expected one frame as an object, found ${brief(value)}`)
    }
    return value as Record<string, unknown>
  }

  #header(header: Record<string, unknown>, text: string): void {
    const { cameras, maxFish, metadata } = header
    if (cameras !== undefined && !(Array.isArray(cameras) && cameras.every((name) => typeof name === 'string'))) {
      throw this.#problem(text, ['cameras'], `expected an array of names, found ${brief(cameras)}`)
    }
    if (maxFish !== undefined && !(Number.isSafeInteger(maxFish) && (maxFish as number) >= 1)) {
      throw this.#problem(text, ['maxFish'], `expected an integer of 1 or more, found ${brief(maxFish)}`)
    }
    if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))) {
      throw this.#problem(text, ['metadata'], `expected an object, found ${brief(metadata)}`)
    }
    this.#noteOthers(header, HEADER_KEYS)
    this.#open(text, {
      ...(cameras !== undefined && { cameras: cameras as string[] }),
      ...(maxFish !== undefined && { maxFish: maxFish as number }),
      ...(metadata !== undefined && { metadata: metadata as Record<string, string> }),
    })
  }

  #open(text: string, header: Parameters<Import['open']>[0]): Sink {
    if (header.cameras === undefined && this.#job.options.cameras === undefined) {
      const known = 'a first line {"cameras": ["cam01", ...]} or --cameras names them'
      throw this.#problem(text, undefined, `the cameras are not known: ${known}`)
    }
    this.#sink = this.#job.open(header)
    return this.#sink
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
    const sink = this.#sink ?? this.#open(text, {})
    try {
      return sink.write(frame, tracks as TrackRecord[])
    } catch (error) {
      if (!isRefusal(error)) throw error
      // Of a fish that occurs twice, the second is the one too many.
      const fish = tracks.findLastIndex((track) => track?.fishId === error.fish)
      const path = ['tracks', fish, error.field, error.camera].filter((part) => part !== undefined)
      const inFrame = error.code === 'ERR_FRAME_ORDER' ? ['frame'] : path
      throw this.#problem(text, this.#deepest(text, inFrame), refusalText(error))
    }
  }

  /** The longest beginning of a path that the text has: a field that is missing is shown at its record. */
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
    return new InputProblem(
      { file: this.#job.source.name, line: this.#number, column, field: field || undefined },
      what,
    )
  }
}

/** A value in a message: short, however long it is. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}
