/** Passes frames to the writer, adds the offset to their numbers and fills in missing frames. */
import type { TrackRecord } from '../../base/track-record.js'
import type { FrameNumber } from '../../formats/csv/numbers.js'
import type { TrackingWriter } from '../../tracking/writer.js'
import { checkInterruption, Failure } from '../shared/exit.js'
import { Batch, type BatchCamera } from './batch.js'

/** More missing frames are refused: they mean, for instance, that a column holds time stamps instead of frame numbers. */
const MOST_MISSING = 10_000_000n

/** At most so many frame numbers are remembered to find repeated ones. */
const MOST_SEEN = 4_000_000

export class Sink {
  readonly writer: TrackingWriter
  first: FrameNumber | null = null
  last: FrameNumber | null = null
  /** Number of frames whose number is not greater than the one before (`turns`) or is that of an earlier frame (`repeated`). */
  turns = 0
  repeated = 0
  readonly #seen: Set<FrameNumber> | undefined
  /** Number of empty rows written for missing frames. */
  filled = 0
  readonly #offset: number
  readonly #fillMissing: boolean
  #batch: Batch | undefined

  constructor(writer: TrackingWriter, options: { offset: number; fillMissing: boolean; anyOrder: boolean }) {
    this.writer = writer
    this.#offset = options.offset
    this.#fillMissing = options.fillMissing
    if (options.anyOrder) this.#seen = new Set()
  }

  /** Makes a batch, for frames as columns. */
  makeBatch(cameras: readonly BatchCamera[]): Batch {
    this.#batch = new Batch(cameras, this.writer.maxFish)
    return this.#batch
  }

  /** Adds a frame without fish to the batch. Returns its place, or -1 if only `write` can take the frame. */
  place(frame: number): number {
    const batch = this.#batch!
    const index = frame + this.#offset
    const { last } = this
    if (this.#seen !== undefined || !Number.isSafeInteger(index) || typeof last === 'bigint') return -1
    if (last !== null && index <= last) return -1
    const missing = this.#fillMissing && last !== null ? index - last - 1 : 0
    if (batch.frames + missing >= this.#room(batch)) return -1
    for (let filled = index - missing; filled < index; filled++) batch.add(filled)
    this.filled += missing
    this.first ??= index
    this.last = index
    return batch.add(index)
  }

  /** True if no other frame can be placed before the batch is written. */
  get isFull(): boolean {
    return this.#batch !== undefined && this.#batch.frames >= this.#room(this.#batch)
  }

  /** Number of frames of a batch. All of them go into one chunk, so that they are accepted together. */
  #room(batch: Batch): number {
    const { framesWritten, chunkFrames } = this.writer
    return Math.min(batch.capacity, chunkFrames - (framesWritten % chunkFrames))
  }

  /** Writes the frames of the batch. If it returns a promise, await it before the next frame. */
  flush(): Promise<void> | undefined {
    const batch = this.#batch
    if (batch === undefined || batch.frames === 0) return undefined
    const goOn = this.writer.writeTruncated(batch.columns(), batch.truncated)
    batch.clear()
    return goOn ? undefined : this.writer.drain()
  }

  /**
   * Passes a frame to the writer, after those of the batch. If it returns a promise, await it before the next frame.
   *
   * @throws H5TracksError if the writer refuses the frame
   */
  write(frame: FrameNumber, tracks: readonly TrackRecord[]): Promise<void> | undefined {
    const flushed = this.flush()
    if (flushed) return flushed.then(() => this.write(frame, tracks))
    const index = this.#offset === 0 ? frame : exact(BigInt(frame) + BigInt(this.#offset))
    if (this.#fillMissing && this.last !== null && index > nextOf(this.last)) {
      return this.#fill(index).then(() => this.#write(index, tracks))
    }
    return this.#write(index, tracks)
  }

  #write(index: FrameNumber, tracks: readonly TrackRecord[]): Promise<void> | undefined {
    const goOn = this.writer.writeFrame(index, tracks)
    this.first ??= index
    if (this.last !== null && index <= this.last) this.turns++
    if (this.#seen !== undefined) this.#look(this.#seen, index)
    this.last = index
    return goOn ? undefined : this.writer.drain()
  }

  #look(seen: Set<FrameNumber>, index: FrameNumber): void {
    if (seen.has(index)) this.repeated++
    else if (seen.size < MOST_SEEN) seen.add(index)
  }

  async #fill(stop: FrameNumber): Promise<void> {
    const start = BigInt(this.last!) + 1n
    const missing = BigInt(stop) - start
    if (missing > MOST_MISSING) {
      throw new Failure(
        `frame ${this.last} is followed by frame ${stop}: ${missing} frames are missing, too many to fill with empty rows (--skip-missing leaves them out)`,
      )
    }
    for (let index = start; index < stop; index++) {
      await this.#write(exact(index), [])
      this.filled++
      if (this.filled % 4096 === 0) await checkInterruption()
    }
  }
}

function nextOf(frame: FrameNumber): FrameNumber {
  return typeof frame === 'number' ? frame + 1 : frame + 1n
}

function exact(frame: bigint): FrameNumber {
  const number = Number(frame)
  return Number.isSafeInteger(number) ? number : frame
}
