/** `FrameWriter`: writes the frames of any layout. */
import type { Writable } from 'node:stream'
import { invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { recordTerms } from '../../base/terms.js'
import type { ColumnsInput, PerFrameInput, PerFrameParameter, RecordInput } from '../../layout/infer.js'
import type { Layout } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'
import { runAsync, runSync } from '../../native/operation.js'
import { BaseWriter, type Fillers } from './base-writer.js'
import { ColumnFiller } from './columns/column-filler.js'
import { camerasFor, namedLayouts } from './frame-contents.js'
import {
  checkFrameOptions,
  checkFrameResumeOptions,
  type FrameResumeOptions,
  type FrameWriterOptions,
} from './frame-options.js'
import { createFile, type OpenFile, type OpenStream, type Part } from './open/create.js'
import { type Resumption, resuming } from './open/resume.js'
import { RecordFiller } from './records/record-filler.js'
import { StepFiller } from './records/step-filler.js'
import { writableOf } from './writable.js'

/** Layouts that are written in step, by names that the caller chooses. */
export type LayoutsByName = Readonly<Record<string, Layout>>

/** The description of a layout. */
export type SpecOf<L> = L extends Layout<infer S> ? S : LayoutSpec

/** The records of a frame: a list if the layout has slots, else one record; either if the compiler does not know the layout. */
export type RecordsOf<S extends LayoutSpec> = S extends { readonly slots: object }
  ? Iterable<RecordInput<S>>
  : LayoutSpec extends S
    ? Iterable<RecordInput<S>> | RecordInput<S>
    : RecordInput<S>

/** The arguments of {@link FrameWriter.writeFrame} after the index of the frame. */
export type FrameArguments<L extends Layout | LayoutsByName> =
  L extends Layout<infer S>
    ? [records: RecordsOf<S>, ...perFrame: PerFrameParameter<S>]
    : [
        records: { readonly [K in keyof L]: RecordsOf<SpecOf<L[K]>> },
        perFrame?: { readonly [K in keyof L]?: PerFrameInput<SpecOf<L[K]>> },
      ]

/** The argument of {@link FrameWriter.writeFrames}. */
export type BatchOf<L extends Layout | LayoutsByName> =
  L extends Layout<infer S> ? ColumnsInput<S> : { readonly [K in keyof L]: ColumnsInput<SpecOf<L[K]>> }

/** A frame of the stream that {@link FrameWriter.writable} makes. */
export interface StreamedFrame {
  frameIndex: number | bigint
  /** What `writeFrame` takes as its second argument: `records`, or `record` if a frame is one record. */
  records?: unknown
  record?: unknown
  perFrame?: unknown
}

/**
 * Writes frames of a layout to an HDF5 file, with the promises of `TrackingWriter`: a frame that was accepted is not lost, whatever kills
 * the process; chunks are encoded in parallel; memory is bounded. `docs/layouts.md` describes the file.
 *
 * ```ts
 * const poses = defineLayout({
 *   group: 'poses',
 *   slots: { name: 'animalId', max: 5 },
 *   perFrame: { time: { type: 'float64', unit: 's' } },
 *   fields: { keypoints: { type: 'float32', shape: [17, 2], unit: 'px' } },
 * })
 * await using writer = new FrameWriter('run.h5', poses)
 * for await (const { index, time, animals } of tracker) {
 *   if (!writer.writeFrame(index, animals, { time })) await writer.drain()
 * }
 * ```
 *
 * With several layouts, `new FrameWriter('run.h5', { poses, midlines })`, a frame belongs to all of them or to none:
 * `writeFrame(index, { poses: [...], midlines: [...] })`.
 */
export class FrameWriter<const L extends Layout | LayoutsByName = Layout> extends BaseWriter<unknown, unknown> {
  /** The layout, or the layouts by name. */
  readonly layout: L
  readonly #parts: readonly RecordFiller[]
  /** No other writer shares the file. */
  readonly #isAlone: boolean

  /**
   * Creates a file. Throws as the constructor of `TrackingWriter` does.
   *
   * @param layout a layout, or several by name, which are written in step
   */
  constructor(path: string | URL, layout: L, options?: FrameWriterOptions)
  /** @internal Writes to an open file, for `resume` and `FrameFileWriter`. */
  constructor(opened: Opened)
  constructor(given: string | URL | Opened, layout?: L, options: FrameWriterOptions = {}) {
    const { file, stream, dropExcessRecords } = isOpened(given) ? given : create(given, layout, options)
    const { cameraNames } = file
    const { parts } = stream
    const ignoreUnknownCameras = file.options.unknownCameras === 'ignore'
    const rules = { cameraNames, dropExcessRecords, ignoreUnknownCameras }
    const fillers: RecordFiller[] = []
    super(file, stream, (block, blocks): Fillers<unknown, unknown> => {
      const worded = parts.map((part) => ({ ...part, terms: recordTerms(part.layout.key?.name ?? 'record') }))
      for (const part of worded) fillers.push(new RecordFiller(block, part, rules))
      const [only] = fillers as [RecordFiller]
      const named = new Map(parts.map(({ name }, i) => [name ?? '', fillers[i] as RecordFiller]))
      return {
        rows: parts[0]?.name === null ? only : new StepFiller(block, named),
        columns: new ColumnFiller(blocks, block, { parts: worded, cameraNames, ignoreUnknownCameras }),
      }
    })
    this.#parts = fillers
    this.#isAlone = file.streams.length === 1
    const [only] = parts as [Part]
    this.layout = (
      only.name === null ? only.layout : Object.fromEntries(parts.map(({ name, layout }) => [name, layout]))
    ) as L
  }

  /**
   * Opens a file to write after its last frame, whose index is `lastFrameIndex`. A file whose writer died is recovered first. Without a
   * layout, those of the file are used. Rejects as `TrackingWriter.resume` does; ERR_FORMAT if the file has another layout.
   */
  static async resume<const L extends Layout | LayoutsByName = Layout>(
    path: string | URL,
    layout?: L,
    options: FrameResumeOptions = {},
  ): Promise<FrameWriter<L>> {
    const { how, dropExcessRecords } = resumption(layout, options)
    return new FrameWriter<L>(opened(await runAsync(resuming(path, how)), dropExcessRecords))
  }

  /** The blocking form of {@link resume}. */
  static resumeSync<const L extends Layout | LayoutsByName = Layout>(
    path: string | URL,
    layout?: L,
    options: FrameResumeOptions = {},
  ): FrameWriter<L> {
    const { how, dropExcessRecords } = resumption(layout, options)
    return new FrameWriter<L>(opened(runSync(resuming(path, how)), dropExcessRecords))
  }

  /** @internal */
  protected override get resumeMethod(): string {
    return this.#isAlone ? 'FrameWriter.resume' : 'FrameFileWriter.resume'
  }

  /** Number of records that were dropped from frames with more than slots, with `excessRecords: 'drop'`. */
  get recordsDropped(): number {
    return this.#parts.reduce((sum, { recordsDropped }) => sum + recordsDropped, 0)
  }

  /** Number of values of unknown cameras that were ignored, with `unknownCameras: 'ignore'`. */
  get valuesIgnored(): number {
    return this.#parts.reduce((sum, { valuesIgnored }) => sum + valuesIgnored, this.ignoredInBatches)
  }

  /**
   * Writes a frame. It is accepted or refused as a whole. For a refused frame, the method throws an error that names the frame, the
   * key of the record, the camera and the field; nothing of the frame is written, and writing can continue with the next one.
   *
   * @param frameIndex greater than that of the frame before, unless `frameOrder: 'any'`. A safe integer, or a bigint within int64.
   * @param given the records in any order (or the one record, without slots), then the values of the frame. With several layouts, an
   *   object with the records of each, then one with the values of the frame.
   * @returns false if no block is free (back-pressure): await `drain()` before the next frame. Otherwise the next call blocks until a
   *   block is free.
   * @throws ERR_INVALID_RECORD, ERR_OUT_OF_RANGE, ERR_DUPLICATE_KEY, ERR_TOO_MANY_RECORDS, ERR_UNKNOWN_CAMERA or ERR_FRAME_ORDER for a
   *   refused frame; ERR_CLOSED; and, in this and every later call, the error with which an earlier block could not be written (e.g.
   *   ENOSPC).
   */
  writeFrame(frameIndex: number | bigint, ...given: FrameArguments<L>): boolean {
    return this.take(frameIndex, given[0], given[1])
  }

  /**
   * Writes a batch of n frames in the layout of the file, for callers with typed arrays. If one of the frames would be refused, none is
   * written. The values are copied, so the arrays can be reused when the call returns.
   *
   * @param batch the columns by field; with several layouts, those of each by its name, with equal `frameIndex`
   * @returns as `writeFrame`. The call blocks if the batch needs more blocks than are free.
   * @throws as `writeFrame`; ERR_INVALID_ARGUMENT for a column that is missing or has another type or length.
   */
  writeFrames(batch: BatchOf<L>): boolean {
    return this.takeBatch(batch)
  }

  /**
   * Makes a stream that takes frames as {@link StreamedFrame}, which are those that `FrameReader.frames` yields, for `stream.pipeline`. It
   * exerts back-pressure. The writer is closed when the stream ends or is destroyed; frames accepted before an error are kept.
   */
  writable(): Writable {
    this.assertOpen('writable')
    return writableOf(this, ({ frameIndex, records, record, perFrame }: StreamedFrame) =>
      this.take(frameIndex, records ?? record, perFrame),
    )
  }
}

/** An open file, with the part that a writer fills, and the rules for its frames. */
export interface Opened {
  file: OpenFile
  stream: OpenStream
  dropExcessRecords: boolean
}

function isOpened(given: unknown): given is Opened {
  return typeof given === 'object' && given !== null && 'dropExcessRecords' in given
}

const opened = (file: OpenFile, dropExcessRecords: boolean): Opened => ({
  file,
  stream: file.streams[0] as OpenStream,
  dropExcessRecords,
})

function create(path: string | URL, layout: unknown, options: FrameWriterOptions): Opened {
  const name = toPath(path)
  const named = namedLayouts(layout)
  const { excessRecords, slots, cameras, ...checked } = checkFrameOptions(options)
  if (slots !== undefined && (named.length > 1 || !named[0]?.layout.key)) {
    throw invalidArgument('slots', slots, 'left out, unless the file has one layout, with slots')
  }
  const parts = named.map((part) => ({ ...part, slots: slots ?? part.layout.slots }))
  const cameraNames = camerasFor(named, cameras)
  const streams = [{ parts, chunkFrames: checked.chunkFrames }]
  return opened(createFile(name, { streams, cameraNames }, checked), excessRecords === 'drop')
}

function resumption(layout: unknown, options: FrameResumeOptions): { how: Resumption; dropExcessRecords: boolean } {
  const { acceptLoss, wanted, options: checked } = checkFrameResumeOptions(options)
  const how = { streams: layout === undefined ? [] : [namedLayouts(layout)], acceptLoss, wanted, options: checked }
  return { how, dropExcessRecords: checked.excessRecords === 'drop' }
}
