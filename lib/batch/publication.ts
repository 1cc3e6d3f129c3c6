/** Publishes complete shards one after the other, each with its entry in the log. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { H5TracksError } from '../base/errors.js'
import type { ShardWriter } from './contents.js'
import { type EntryBody, entryOf, type ShardEntry } from './log/entry.js'
import { type RunLog, Superseded } from './log/log.js'
import { shardKey } from './log/read-run.js'
import { publishFenced, publishShard } from './metrics/channels.js'

/** A shard whose last frame was written. */
export interface FullShard {
  writer: ShardWriter
  path: string
  firstFrame: number
  frames: number
  firstIndex: number
  lastIndex: number
}

export class Publisher {
  readonly #log: RunLog
  readonly epoch: number
  #fenced: H5TracksError | undefined

  constructor(log: RunLog, epoch: number) {
    this.#log = log
    this.epoch = epoch
  }

  /** Closes and publishes a shard, and appends its entry. `waiting`: the number of complete shards behind it. */
  async publish(shard: FullShard, waiting: number, seals = false): Promise<void> {
    await this.#orFenced(async () => {
      await shard.writer.close()
      const begun = performance.now()
      const entry = await this.#put(shard)
      await this.#count(entry, seals)
      const { encodeSeconds, commitSeconds, longestWaitSeconds } = shard.writer.stats()
      publishShard({
        ...this.#where(),
        epoch: this.epoch,
        frames: entry.frames,
        bytes: entry.bytes,
        ...{ encodeSeconds, commitSeconds, publishSeconds: (performance.now() - begun) / 1000 },
        queueDepth: waiting,
        longestWaitSeconds,
        totalFrames: this.#log.state.frames,
      })
    })
  }

  /** Appends the entry that seals a run whose shards are all published. */
  async seal(): Promise<void> {
    await this.#orFenced(() => this.#append({ type: 'seal' }))
  }

  /** Throws ERR_FENCED if a later attempt has claimed the run, or if it was marked dead. */
  async checkClaim(): Promise<void> {
    await this.#orFenced(async () => {
      await this.#log.readOn()
      if (this.#log.state.epoch !== this.epoch) throw new Superseded()
    })
  }

  async #put({ path, firstFrame, frames, firstIndex, lastIndex }: FullShard): Promise<ShardEntry> {
    const hash = createHash('sha256')
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
    const { size } = await stat(path)
    const place = String(firstFrame).padStart(12, '0')
    const name = `${place}-e${this.epoch}-${randomUUID().slice(0, 8)}.h5`
    const { etag } = await this.#log.store.putFile(shardKey(name), path)
    const sha256 = hash.digest('hex')
    return { name, firstFrame, frames, firstIndex, lastIndex, bytes: size, sha256, ...(etag !== undefined && { etag }) }
  }

  async #count(shard: ShardEntry, seals: boolean): Promise<void> {
    try {
      await this.#append({ type: seals ? 'seal' : 'shard', shard })
    } catch (error) {
      // After another error the entry may exist, and name the shard.
      if (error instanceof Superseded) await this.#log.store.remove(shardKey(shard.name)).catch(() => {})
      throw error
    }
  }

  async #append(body: EntryBody): Promise<void> {
    for (;;) {
      const { epoch, number } = this.#log.state
      if (epoch !== this.epoch) throw new Superseded(`attempt ${this.epoch} is followed by attempt ${epoch}`)
      try {
        return await this.#log.append(entryOf(this.epoch, body))
      } catch (error) {
        // Late entries of attempts that were fenced take a number, and count for nothing.
        if (!(error instanceof Superseded) || this.#log.state.counted > number) throw error
      }
    }
  }

  /** Turns every failure of a superseded attempt into ERR_FENCED: a later one may have removed its files. */
  async #orFenced(work: () => Promise<void>): Promise<void> {
    if (this.#fenced) throw this.#fenced
    try {
      await work()
    } catch (error) {
      await this.#log.readOn().catch(() => {})
      const { state, store } = this.#log
      if (state.epoch === this.epoch) throw error
      const reason =
        state.state === 'dead'
          ? `was marked dead ("${state.lastError?.message}") while attempt ${this.epoch} went on`
          : `was claimed by a later attempt (number ${state.epoch}, after this one, number ${this.epoch})`
      const message = `the run ${store.name} ${reason}; nothing of this attempt counts from there on. End it`
      this.#fenced = Object.assign(new H5TracksError(message, { code: 'ERR_FENCED', path: store.name }), {
        cause: error,
      })
      publishFenced({ ...this.#where(), epoch: this.epoch, frames: state.frames })
      throw this.#fenced
    }
  }

  #where() {
    const { name } = this.#log.store
    return { run: name, recording: basename(name) }
  }
}
