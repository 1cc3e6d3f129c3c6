/** Follows a file while it is written. */
import { statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { needsRecovery } from '../file/journal.js'
import { type FrameFile, type LayoutChoice, lengthOf, openFrameFile } from '../file/open.js'
import type { FileFacts } from '../file/types.js'
import type { LossOptions } from '../file/unclosed.js'
import { type FrameDecoder, readFrames } from './frames.js'
import { type Followed, LiveRows } from './live-rows.js'

export type { Followed }

/** Options of {@link TrackingReader.follow} and {@link FrameReader.follow}. */
export interface FollowOptions extends LossOptions {
  /**
   * Row of the first frame, from 0; if it is not written yet, it is waited for. Negative: begin with so many frames at the end of the
   * file. 'end': begin with the next frame that is written. Default: 0.
   */
  from?: number | 'end'
  /** When it aborts, `next()` rejects with an AbortError, whose cause is the signal's reason. */
  signal?: AbortSignal
}

/** The names of {@link FollowOptions}. */
export const followOptions: readonly string[] = ['from', 'signal', 'acceptLoss'] satisfies (keyof FollowOptions)[]

/** Interval at which an idle follower looks for new frames, ms: a small part of the 50 ms that are promised. */
const pollMs = 5
/** How long a file may be locked without a journal, ms: a writer that begins creates the journal right after locking the file. */
const beginMs = 1000

/** What the command line adds to following. */
interface Ways {
  /** End with the last frame that was accepted when following began. */
  untilNow?: boolean
  /** Called for each layout once the file is open. */
  opened?: (facts: FileFacts) => void
}

interface Place {
  from: number | 'end'
  signal: AbortSignal | undefined
}

/** Yields the frames of these layouts, of each row in their order. */
export function follow<F>(
  path: string | URL,
  followed: readonly Followed<F>[],
  options: FollowOptions = {},
  ways: Ways = {},
): AsyncGenerator<F, void, void> {
  checkOptions('follow', options, followOptions)
  const { from = 0, signal, acceptLoss = false } = options
  if (typeof acceptLoss !== 'boolean') throw invalidArgument('acceptLoss', acceptLoss, 'true or false')
  if (from !== 'end' && !Number.isSafeInteger(from)) throw invalidArgument('from', from, "an integer or 'end'")
  // The same check as Node's, because AbortSignals of other realms have another class.
  if (signal !== undefined && !(typeof signal === 'object' && signal !== null && 'aborted' in signal)) {
    throw invalidArgument('signal', signal, 'an AbortSignal')
  }
  return framesFrom(new Opening(toPath(path), followed, acceptLoss), { from, signal }, ways)
}

async function* framesFrom<F>(
  opening: Opening<F>,
  place: Place,
  { untilNow = false, opened: onOpened }: Ways,
): AsyncGenerator<F, void, void> {
  const opened = await opening.open(place.signal)
  try {
    const facts = opened instanceof LiveRows ? opened.facts : opened.map(({ file }) => file)
    if (onOpened) for (const one of facts) onOpened(one)
    if (opened instanceof LiveRows) yield* framesOfLive(opening.path, opened, { ...place, untilNow })
    else yield* framesOfFile(opened, place)
  } finally {
    if (opened instanceof LiveRows) opened.close()
    else closeAll(opened)
  }
}

async function* framesOfLive<F>(
  path: string,
  live: LiveRows<F>,
  { from, signal, untilNow }: Place & { untilNow: boolean },
): AsyncGenerator<F, void, void> {
  let now = live.look()
  if (!now.alive && !now.closed) throw needsRecovery(path)
  const places = now.rows.map((rows) => placeOf(from, rows))
  for (; ; now = live.look()) {
    const looked = performance.now()
    yield* acceptedFrames(live, places, now.rows, signal)
    if (now.closed || untilNow) return
    if (!now.alive) throw needsRecovery(path)
    await pause(pollMs - (performance.now() - looked), signal)
  }
}

/** Yields the frames that were accepted. The streams take turns, so that none waits for one that is far behind. Moves `places` on. */
async function* acceptedFrames<F>(
  { streams }: LiveRows<F>,
  places: number[],
  rows: readonly number[],
  signal: AbortSignal | undefined,
): AsyncGenerator<F, void, void> {
  const isBehind = (_: unknown, i: number) => (places[i] as number) < (rows[i] as number)
  while (streams.some(isBehind)) {
    for (const [i, stream] of streams.entries()) {
      if (!isBehind(stream, i)) continue
      const { frames, stop } = await stream.read(places[i] as number, rows[i] as number)
      for (const frame of frames) {
        if (signal?.aborted) await rejectAborted(signal)
        yield frame
      }
      places[i] = stop
    }
  }
}

async function* framesOfFile<F>(
  opened: readonly OpenedFile<F>[],
  { from, signal }: Place,
): AsyncGenerator<F, void, void> {
  const streams = opened.map(({ file, decoder }) => {
    const length = lengthOf(file)
    return readFrames(file, decoder, Math.min(placeOf(from, length), length), length)
  })
  for await (const frame of streams.length === 1 ? (streams[0] as (typeof streams)[number]) : inTurn(streams)) {
    if (signal?.aborted) await rejectAborted(signal)
    yield frame
  }
}

/** Yields from the streams in turn until all have ended. */
async function* inTurn<F>(streams: readonly AsyncGenerator<F, void, void>[]): AsyncGenerator<F, void, void> {
  for (let left = streams; left.length > 0; ) {
    const ended = new Set<unknown>()
    for (const stream of left) {
      const next = await stream.next()
      if (next.done) ended.add(stream)
      else yield next.value
    }
    if (ended.size > 0) left = left.filter((stream) => !ended.has(stream))
  }
}

function placeOf(from: number | 'end', rows: number): number {
  if (from === 'end') return rows
  return from < 0 ? Math.max(0, rows + from) : from
}

/**
 * Opens a file for following: the rows of its writer, or the finished file. Waits up to a second for a writer that is just beginning.
 * The caller closes it.
 */
export async function openToFollow<F>(
  path: string | URL,
  followed: Followed<F>,
  acceptLoss: boolean,
): Promise<LiveRows<F> | FrameFile> {
  const opened = await new Opening(toPath(path), [followed], acceptLoss).open(undefined)
  return opened instanceof LiveRows ? opened : (opened[0] as OpenedFile<F>).file
}

/** A finished file with one of its layouts. */
interface OpenedFile<F> {
  file: FrameFile
  decoder: FrameDecoder<F>
}

/** Opens a file that is being written or is finished. */
class Opening<F> {
  readonly path: string
  readonly #followed: readonly Followed<F>[]
  readonly #acceptLoss: boolean

  constructor(path: string, followed: readonly Followed<F>[], acceptLoss: boolean) {
    this.path = path
    this.#followed = followed
    this.#acceptLoss = acceptLoss
  }

  /** Waits up to a second for a writer that is just beginning. */
  async open(signal: AbortSignal | undefined): Promise<LiveRows<F> | OpenedFile<F>[]> {
    for (const began = performance.now(); ; await pause(pollMs, signal)) {
      if (signal?.aborted) await rejectAborted(signal)
      const late = performance.now() - began > beginMs
      // To open an empty file would lock it, which its writer is about to do.
      if (!late && isEmpty(this.path)) continue
      try {
        return this.#live() ?? this.#finished()
      } catch (error) {
        if (late || !mayBeBeginning(error)) throw error
      }
    }
  }

  #live(): LiveRows<F> | null {
    try {
      return new LiveRows(this.path, this.#followed)
    } catch (error) {
      if (error instanceof H5TracksError && error.code === 'ENOENT') return null
      throw error
    }
  }

  #finished(): OpenedFile<F>[] {
    const opened: OpenedFile<F>[] = []
    try {
      for (const { layout, makeDecoder } of this.#followed) {
        const file = openFinished(this.path, layout, this.#acceptLoss)
        opened.push({ file, decoder: makeDecoder(file) })
      }
      return opened
    } catch (error) {
      closeAll(opened)
      throw error
    }
  }
}

function closeAll(opened: readonly OpenedFile<unknown>[]): void {
  for (const { file } of opened) file.file.closeSync()
}

function openFinished(path: string, layout: LayoutChoice, acceptLoss: boolean): FrameFile {
  try {
    const opened = openFrameFile(path, layout, { acceptLoss })
    if (!opened.file.native.writtenHere) return opened
    opened.file.closeSync()
    throw new H5TracksError(`${path} is being written by this process`, { code: 'ERR_LOCKED', path })
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'ERR_LOCKED') throw error
    const why = "it cannot be followed, because its writer keeps no journal (durability: 'none')"
    throw new H5TracksError(`${error.message}; ${why}`, { ...error, path })
  }
}

function isEmpty(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.size === 0
}

// A writer creates an empty file, locks it, creates the journal and writes its first page: a follower may see any of these states.
function mayBeBeginning(error: unknown): boolean {
  return error instanceof H5TracksError && (error.code === 'ERR_LOCKED' || error.code === 'ERR_JOURNAL')
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(Math.max(1, ms), undefined, signal && { signal })
}

/** Rejects with the same AbortError as Node's own functions. */
async function rejectAborted(signal: AbortSignal): Promise<void> {
  await setTimeout(0, undefined, { signal })
}
