/** `openRun`: claims a run for an attempt. */
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { H5TracksError } from '../base/errors.js'
import type { TrackRecord } from '../base/track-record.js'
import type { BatchOf, FrameArguments, LayoutsByName } from '../frames/write/frame-writer.js'
import type { Layout } from '../layout/model.js'
import type { FrameColumns } from '../tracking/types.js'
import { checkContents } from './contents.js'
import { entryOf } from './log/entry.js'
import { RunLog, Superseded } from './log/log.js'
import { publishClaim } from './metrics/channels.js'
import { type CheckedRunOptions, checkRunOptions, type FrameRunOptions, type TrackingRunOptions } from './options.js'
import { RunWriter } from './run-writer.js'
import { probe } from './store/probe.js'
import type { Store } from './store/store.js'
import { type RunTarget, storeOf } from './store/target.js'

/** An attempt at a run of tracking files: `writeFrame(index, tracks)`. */
export type TrackingRunWriter = RunWriter<[tracks: Iterable<TrackRecord>], FrameColumns>

/** An attempt at a run of files of the layout `L`: `writeFrame(index, records, perFrame)`. */
export type FrameRunWriter<L extends Layout | LayoutsByName> = RunWriter<FrameArguments<L>, BatchOf<L>>

/**
 * Claims a run for an attempt that continues after the shards that count, and fences every earlier attempt: these get ERR_FENCED when they
 * publish, seal or check their claim, and nothing that they write counts any more. Creates the run if there is none. An attempt at a run that
 * is sealed has nothing to write: `nextFrame` is behind its last frame, and `seal()` resolves.
 *
 * ```ts
 * await using run = await openRun('runs/tank-7', { cameras: ['top', 'front'], maxFish: 10, signal })
 * for await (const { index, tracks } of track(video, { from: run.nextFrame })) {
 *   if (!run.writeFrame(index, tracks)) await run.drain()
 * }
 * await run.seal()
 * ```
 *
 * Rejects with ERR_INVALID_ARGUMENT for options; ERR_UNSAFE_STORE if the store cannot exclude a second writer, which is tried out;
 * ERR_FORMAT if the shards that count have another layout, other cameras or sizes, or if the log is damaged; the reason of `signal`; and
 * errors of the store.
 */
export async function openRun(target: RunTarget, options: TrackingRunOptions): Promise<TrackingRunWriter>
export async function openRun<const L extends Layout | LayoutsByName>(
  target: RunTarget,
  options: FrameRunOptions<L>,
): Promise<FrameRunWriter<L>>
export async function openRun(
  target: RunTarget,
  options: TrackingRunOptions | FrameRunOptions<Layout | LayoutsByName>,
): Promise<unknown> {
  const checked = checkRunOptions(options)
  checked.signal?.throwIfAborted()
  const store = storeOf(target, checked.durability)
  await probe(store)
  const log = new RunLog(store)
  await log.refresh()
  const epoch = await claim(log, checked)
  if (log.state.state !== 'sealed') await removeOrphans(log, epoch)
  return new RunWriter(log, epoch, checked)
}

// Each round that is lost was won by another attempt; so many at once are a mistake of the caller.
const rounds = 100

/** Appends a claim, unless the run is sealed. Returns the epoch of the attempt. */
async function claim(log: RunLog, { opening, signal }: CheckedRunOptions): Promise<number> {
  for (let round = 0; round < rounds; round++) {
    signal?.throwIfAborted()
    const { contents, state, epoch, attempts, frames } = log.state
    if (contents !== null) checkContents(log.store.name, contents, opening.contents)
    if (state === 'sealed') return epoch
    const worker = `${hostname()}:${process.pid}`
    try {
      await log.append(entryOf(epoch + 1, { type: 'claim', contents: opening.contents, worker }))
      const run = log.store.name
      publishClaim({ run, recording: basename(run), epoch: epoch + 1, frames, recovered: attempts > 0 })
      return epoch + 1
    } catch (error) {
      if (!(error instanceof Superseded)) throw error
    }
  }
  throw new H5TracksError(`${log.store.name} was claimed by ${rounds} other attempts while this one tried to`, {
    code: 'ERR_FENCED',
    path: log.store.name,
  })
}

/** Removes shards that earlier attempts put without an entry: no entry can name them any more. Without success, they only take space. */
async function removeOrphans({ store, state }: RunLog, epoch: number): Promise<void> {
  const counted = new Set(state.shards.map(({ name }) => name))
  const orphans = (await shardKeys(store)).filter((key) => {
    const [, name = '', of] = /^shards\/(\d+-e(\d+)-.+)$/.exec(key) ?? []
    return of !== undefined && Number(of) < epoch && !counted.has(name)
  })
  await Promise.all(orphans.map((key) => store.remove(key).catch(() => {})))
}

const shardKeys = (store: Store) => store.keys('shards/').catch((): string[] => [])
