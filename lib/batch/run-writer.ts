/** `RunWriter`: one attempt at a run. */
import { H5TracksError, invalidArgument } from '../base/errors.js'
import { cut, indicesOf } from './batch.js'
import type { RunLog } from './log/log.js'
import { describeRun, type Run } from './log/read-run.js'
import { publishSeal } from './metrics/channels.js'
import type { CheckedRunOptions } from './options.js'
import { type FullShard, Publisher } from './publication.js'
import { Scratch } from './scratch.js'

/**
 * One attempt at a run, which `openRun` begins. Frames are written into a shard on the scratch disk. A shard that is complete is
 * published: from then on its frames count, whatever becomes of the attempt. The frames of the unfinished shard do not; the next
 * attempt writes them again.
 *
 * `Frame` is what `writeFrame` takes after the index of the frame, and `Batch` is what `writeFrames` takes.
 */
export class RunWriter<Frame extends readonly unknown[], Batch> implements AsyncDisposable {
  /** The path or URL of the run. */
  readonly name: string
  /** The number of this attempt, from 1. A later attempt fences it. */
  readonly epoch: number
  /** Number of frames in a shard. */
  readonly shardFrames: number
  /** Aborts when the attempt ends: with ERR_FENCED, with another error of publishing, or with the reason of the option `signal`. */
  readonly signal: AbortSignal

  readonly #log: RunLog
  readonly #options: CheckedRunOptions
  readonly #publisher: Publisher
  readonly #scratch: Scratch | null
  readonly #ended = new AbortController()
  readonly #detach: () => void
  #state: 'open' | 'sealing' | 'sealed' | 'closed'
  #frames: number
  #lastIndex: number | null
  #shard: FullShard | undefined
  #closing: FullShard | undefined
  #published: Promise<void> = Promise.resolve()
  #waiting = 0
  #failureReported = false
  #disposal: Promise<void> | undefined

  /** @internal */
  constructor(log: RunLog, epoch: number, options: CheckedRunOptions) {
    const { state, store } = log
    this.name = store.name
    this.epoch = epoch
    this.shardFrames = options.shardFrames
    this.signal = this.#ended.signal
    this.#log = log
    this.#options = options
    this.#publisher = new Publisher(log, epoch)
    this.#state = state.state === 'sealed' ? 'sealed' : 'open'
    this.#scratch = this.#state === 'sealed' ? null : new Scratch(store.name, epoch, options.scratch)
    this.#frames = state.frames
    this.#lastIndex = state.lastIndex
    const { signal } = options
    const abort = () => this.#ended.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    this.#detach = () => signal?.removeEventListener('abort', abort)
    if (signal?.aborted) abort()
  }

  /** Index of the first frame that is still to be written: 0, or one above the last frame. Begin there. */
  get nextFrame(): number {
    return this.#lastIndex === null ? 0 : this.#lastIndex + 1
  }

  /** Number of frames of the run: those that count, and those that this attempt has accepted since. */
  get length(): number {
    return this.#frames
  }

  /** Number of frames that count, which a later attempt does not write again. */
  get publishedFrames(): number {
    return this.#log.state.frames
  }

  /** True if the run is complete: there is nothing to write, and `seal` has nothing to do. */
  get sealed(): boolean {
    return this.#state === 'sealed'
  }

  /**
   * Writes a frame. It is accepted or refused as a whole, as by `writeFrame` of `TrackingWriter` or `FrameWriter`.
   *
   * @param frameIndex a safe integer above that of the frame before
   * @returns false for back-pressure, and at the end of a shard: await `drain()` before the next frame.
   * @throws the errors of that writer; the reason of `signal` after it aborted; ERR_FENCED and other errors of publishing; ERR_CLOSED after
   *   `seal`, or if the run was sealed before.
   */
  writeFrame(frameIndex: number, ...frame: Frame): boolean {
    this.#assertOpen('writeFrame')
    if (!Number.isSafeInteger(frameIndex)) throw invalidArgument('frameIndex', frameIndex, 'a safe integer')
    const shard = this.#shardFor(frameIndex)
    const more = shard.writer.writeFrame(frameIndex, ...(frame as unknown as never[]))
    return this.#count(shard, 1, frameIndex, more)
  }

  /**
   * Writes a batch of frames, as `writeFrames` of `TrackingWriter` or `FrameWriter`. A batch that crosses the end of a shard is written
   * in parts, each of which is accepted or refused as a whole; `nextFrame` tells how far it came.
   */
  writeFrames(batch: Batch): boolean {
    this.#assertOpen('writeFrames')
    const indices = indicesOf(batch)
    const frames = indices?.length ?? 0
    let more = true
    let from = 0
    do {
      const first = Number(indices?.[from] ?? 0)
      const shard = this.#shardFor(first)
      const to = Math.min(frames, from + this.shardFrames - shard.frames)
      const last = Number(indices?.[to - 1] ?? 0)
      if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
        throw invalidArgument('batch.frameIndex', last, 'safe integers')
      }
      const part = frames === 0 || to - from === frames ? batch : cut(batch, frames, from, to)
      more = shard.writer.writeFrames(part as never)
      if (to > from) more = this.#count(shard, to - from, last, more, first)
      from = to
    } while (from < frames)
    return more
  }

  /** Resolves when every complete shard counts, and frames can be written without waiting. Rejects with ERR_FENCED and the other errors of publishing. */
  async drain(): Promise<void> {
    this.#assertOpen('drain')
    await this.#shard?.writer.drain()
    // A caller that waits for each complete shard never has more than one shard to write again.
    await this.#published
    this.#throwIfEnded()
  }

  /** Throws ERR_FENCED if a later attempt has claimed the run, or if it was marked dead. One read of the log; `signal` aborts as well. */
  async checkClaim(): Promise<void> {
    this.#assertOpen('checkClaim')
    await this.#publisher.checkClaim().catch((error) => this.#fail(error))
  }

  /**
   * Publishes the last shard and seals the run: it is complete, and never changes again. Resolves with the run. A second call, and
   * that of an attempt at a run that was sealed before, only resolve.
   *
   * Rejects with ERR_FENCED if a later attempt has claimed the run or if it was marked dead, with the reason of `signal`, and with errors of publishing.
   */
  async seal(): Promise<Run> {
    if (this.#state === 'sealed') return describeRun(this.#log)
    this.#assertOpen('seal')
    this.#state = 'sealing'
    try {
      await this.#published
      this.#throwIfEnded()
      const shard = this.#shard
      if (shard && shard.frames > 0) await this.#publisher.publish(shard, 0, true)
      else await this.#publisher.seal()
    } catch (error) {
      this.#state = 'open'
      this.#fail(error)
    }
    this.#state = 'sealed'
    if (this.#shard?.frames === 0) await this.#shard.writer.close()
    this.#shard = undefined
    this.#release()
    publishSeal({
      run: this.name,
      recording: describeRun(this.#log).recording,
      epoch: this.epoch,
      frames: this.#frames,
    })
    return describeRun(this.#log)
  }

  /**
   * Ends the attempt. Complete shards are still published; the frames of the unfinished one are given up. After `seal`, does nothing.
   * Does not reject with an error that an earlier call has already thrown.
   */
  async close(): Promise<void> {
    this.#disposal ??= this.#close()
    return this.#disposal
  }

  async #close(): Promise<void> {
    if (this.#state === 'sealed') return
    this.#state = 'closed'
    const reported = this.#failureReported || this.#options.signal?.aborted
    await this.#published
    const failed = this.#ended.signal.aborted
    await this.#shard?.writer.close().catch(() => {})
    this.#release()
    if (failed && !reported) throw this.#ended.signal.reason
  }

  /** Calls {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #release(): void {
    this.#detach()
    this.#scratch?.remove()
  }

  /** The unfinished shard, or a new one. The writer of a new one does not know the frames before. */
  #shardFor(frameIndex: number): FullShard {
    const last = this.#lastIndex
    if ((this.#shard?.frames ?? 0) === 0 && last !== null && frameIndex <= last) {
      const range = `frameIndex must be above ${last}, the frame before; got ${frameIndex}`
      const message = `frame ${frameIndex}: ${range}; the frame was not written. The run continues at nextFrame, ${last + 1}`
      throw new H5TracksError(message, { code: 'ERR_FRAME_ORDER', frame: frameIndex, field: 'frameIndex' })
    }
    this.#shard ??= this.#begin()
    return this.#shard
  }

  #begin(): FullShard {
    // Only a caller that never waits for the event loop comes here before the last shard is closed.
    this.#closing?.writer.closeSync()
    const path = (this.#scratch as Scratch).next()
    const writer = this.#options.opening.open(path)
    return { writer, path, firstFrame: this.#frames, frames: 0, firstIndex: 0, lastIndex: 0 }
  }

  #count(shard: FullShard, frames: number, lastIndex: number, more: boolean, firstIndex = lastIndex): boolean {
    if (shard.frames === 0) shard.firstIndex = firstIndex
    shard.frames += frames
    shard.lastIndex = lastIndex
    this.#frames += frames
    this.#lastIndex = lastIndex
    if (shard.frames === this.shardFrames) this.#enqueue(shard)
    return more && this.#waiting === 0
  }

  #enqueue(shard: FullShard): void {
    this.#shard = undefined
    this.#closing = shard
    this.#waiting++
    this.#published = this.#published.then(async () => {
      try {
        if (this.#hasFailed) await shard.writer.close()
        else await this.#publisher.publish(shard, this.#waiting - 1)
      } catch (error) {
        this.#hasFailed = true
        this.#ended.abort(error)
      } finally {
        if (this.#closing === shard) this.#closing = undefined
        this.#waiting--
      }
    })
  }

  /** True after an error of publishing: a gap must not follow. */
  #hasFailed = false

  #fail(error: unknown): never {
    this.#failureReported = true
    this.#hasFailed = true
    this.#ended.abort(error)
    throw error
  }

  #throwIfEnded(): void {
    if (!this.#ended.signal.aborted) return
    this.#failureReported = true
    throw this.#ended.signal.reason
  }

  #assertOpen(method: string): void {
    if (this.#state !== 'open') {
      const state = this.#state === 'sealed' ? 'sealed: it is complete' : 'closed'
      throw new H5TracksError(`${method}: the run ${this.name} is ${state}`, { code: 'ERR_CLOSED', path: this.name })
    }
    this.#throwIfEnded()
  }
}
