/** Follows a file while it is written. */
import { statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { checkOptions, H5TracksError, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { CameraRecords } from '../file/cameras.js'
import { needsRecovery } from '../file/journal.js'
import { type FrameFile, lengthOf, openFrameFile } from '../file/open.js'
import type { FileFacts, Frame } from '../file/types.js'
import type { LossOptions } from '../file/unclosed.js'
import { readFrames } from './frames.js'
import { LiveRows } from './live-rows.js'

/** Options of {@link TrackingReader.follow}. */
export interface FollowOptions extends LossOptions {
  /**
   * Row of the first frame, from 0; if it is not written yet, it is waited for. Negative: begin with so many frames at the end of the
   * file. 'end': begin with the next frame that is written. Default: 0.
   */
  from?: number | 'end'
  /** When it aborts, `next()` rejects with an AbortError, whose cause is the signal's reason. */
  signal?: AbortSignal
}

/** Interval at which an idle follower looks for new frames, ms: a small part of the 50 ms that are promised. */
const pollMs = 5
/** How long a file may be locked without a journal, ms: a writer that begins creates the journal right after locking the file. */
const beginMs = 1000

interface Ways {
  /** End with the last frame that was accepted when following began. */
  untilNow?: boolean
  /** Called once the file is open. */
  opened?: (facts: FileFacts) => void
}

/** Yields the frames for TrackingReader.follow. */
export function follow(
  path: string | URL,
  options: FollowOptions = {},
  ways: Ways = {},
): AsyncGenerator<Frame, void, void> {
  checkOptions('follow', options, ['from', 'signal', 'acceptLoss'])
  const { from = 0, signal, acceptLoss = false } = options
  if (typeof acceptLoss !== 'boolean') throw invalidArgument('acceptLoss', acceptLoss, 'true or false')
  if (from !== 'end' && !Number.isSafeInteger(from)) throw invalidArgument('from', from, "an integer or 'end'")
  // The same check as Node's, because AbortSignals of other realms have another class.
  if (signal !== undefined && !(typeof signal === 'object' && signal !== null && 'aborted' in signal)) {
    throw invalidArgument('signal', signal, 'an AbortSignal')
  }
  return framesFrom(toPath(path), from, signal, ways, acceptLoss)
}

async function* framesFrom(
  path: string,
  from: number | 'end',
  signal: AbortSignal | undefined,
  { untilNow = false, opened: onOpened }: Ways,
  acceptLoss: boolean,
): AsyncGenerator<Frame, void, void> {
  const opened = await openBegun(path, signal, acceptLoss)
  try {
    onOpened?.(opened instanceof LiveRows ? opened.facts() : { ...opened, maxFish: opened.slots })
    if (opened instanceof LiveRows) yield* framesOfLive(path, opened, { from, signal, untilNow })
    else yield* framesOfFile(opened, from, signal)
  } finally {
    if (opened instanceof LiveRows) opened.close()
    else opened.file.closeSync()
  }
}

async function* framesOfLive(
  path: string,
  live: LiveRows,
  { from, signal, untilNow }: { from: number | 'end'; signal: AbortSignal | undefined; untilNow: boolean },
): AsyncGenerator<Frame, void, void> {
  let now = live.look()
  if (!now.alive && !now.closed) throw needsRecovery(path)
  for (let place = placeOf(from, now.rows); ; now = live.look()) {
    const looked = performance.now()
    while (place < now.rows) {
      const { frames, stop } = await live.read(place, now.rows)
      for (const frame of frames) {
        if (signal?.aborted) await rejectAborted(signal)
        yield frame
      }
      place = stop
    }
    if (now.closed || untilNow) return
    if (!now.alive) throw needsRecovery(path)
    await pause(pollMs - (performance.now() - looked), signal)
  }
}

async function* framesOfFile(
  tracking: FrameFile,
  from: number | 'end',
  signal: AbortSignal | undefined,
): AsyncGenerator<Frame, void, void> {
  const length = lengthOf(tracking)
  const start = Math.min(placeOf(from, length), length)
  for await (const frame of readFrames(tracking, new CameraRecords(tracking.cameraNames), start, length)) {
    if (signal?.aborted) await rejectAborted(signal)
    yield frame
  }
}

function placeOf(from: number | 'end', rows: number): number {
  if (from === 'end') return rows
  return from < 0 ? Math.max(0, rows + from) : from
}

/** Opens a file that is being written or is finished. Waits up to a second for a writer that is just beginning. */
async function openBegun(
  path: string,
  signal: AbortSignal | undefined,
  acceptLoss: boolean,
): Promise<LiveRows | FrameFile> {
  for (const began = performance.now(); ; await pause(pollMs, signal)) {
    if (signal?.aborted) await rejectAborted(signal)
    try {
      return openLive(path) ?? openFinished(path, acceptLoss)
    } catch (error) {
      if (performance.now() - began > beginMs || !mayBeBeginning(path, error)) throw error
    }
  }
}

function openLive(path: string): LiveRows | null {
  try {
    return new LiveRows(path)
  } catch (error) {
    if (error instanceof H5TracksError && error.code === 'ENOENT') return null
    throw error
  }
}

function openFinished(path: string, acceptLoss: boolean): FrameFile {
  try {
    const tracking = openFrameFile(path, trackingLayout, { acceptLoss })
    if (!tracking.file.native.writtenHere) return tracking
    tracking.file.closeSync()
    throw new H5TracksError(`${path} is being written by this process`, { code: 'ERR_LOCKED', path })
  } catch (error) {
    if (!(error instanceof H5TracksError) || error.code !== 'ERR_LOCKED') throw error
    const why = "it cannot be followed, because its writer keeps no journal (durability: 'none')"
    throw new H5TracksError(`${error.message}; ${why}`, { ...error, path })
  }
}

// A writer creates an empty file, locks it, creates the journal and writes its first page: a follower may see any of these states.
function mayBeBeginning(path: string, error: unknown): boolean {
  if (!(error instanceof H5TracksError)) return false
  if (error.code === 'ERR_NOT_HDF5') return statSync(path, { throwIfNoEntry: false })?.size === 0
  return error.code === 'ERR_LOCKED' || error.code === 'ERR_JOURNAL'
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(Math.max(1, ms), undefined, signal && { signal })
}

/** Rejects with the same AbortError as Node's own functions. */
async function rejectAborted(signal: AbortSignal): Promise<void> {
  await setTimeout(0, undefined, { signal })
}
