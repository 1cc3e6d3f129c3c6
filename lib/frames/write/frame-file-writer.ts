/** `FrameFileWriter`: writes several layouts into one file, each at its own pace. */
import { checkInteger, invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { runAsync, runSync } from '../../native/operation.js'
import { camerasFor, namedLayouts } from './frame-contents.js'
import {
  checkFrameOptions,
  checkFrameResumeOptions,
  type FrameResumeOptions,
  type FrameWriterOptions,
} from './frame-options.js'
import { FrameWriter, type LayoutsByName } from './frame-writer.js'
import { createFile, type OpenFile } from './open/create.js'
import { int32Max } from './open/options.js'
import { type NamedLayout, type Resumption, resuming } from './open/resume.js'

/** Options of a {@link FrameFileWriter}: those of `FrameWriter` but `slots`, for all layouts of the file. */
export interface FrameFileOptions<Name extends string = string>
  extends Omit<FrameWriterOptions, 'slots' | 'chunkFrames'> {
  /** Number of frames that are compressed and stored together, 1 to 2^31 - 1, for all layouts or by the name of each. Default: 1000. */
  chunkFrames?: number | { readonly [K in Name]?: number }
}

/**
 * Writes several layouts into one file, each at its own pace, such as poses at 30 frames a second and a sensor at 1 kHz. They share one
 * journal, so that one recovery restores all of them.
 *
 * ```ts
 * await using file = new FrameFileWriter('run.h5', { video: poses, imu }, { chunkFrames: { imu: 10_000 } })
 * file.writers.video.writeFrame(frame, animals)
 * file.writers.imu.writeFrames(samples)
 * ```
 *
 * Each of `writers` is a `FrameWriter` for its layout. `flush` and `drain` of any of them concern the whole file; the file is closed with
 * the last of them, or by `close` here. An error that ends one of them ends all.
 */
export class FrameFileWriter<const L extends LayoutsByName = LayoutsByName> implements Disposable, AsyncDisposable {
  /** The path of the file as it was given. */
  readonly path: string
  /** The writers by the names of the layouts. */
  readonly writers: { readonly [K in keyof L]: FrameWriter<L[K]> }
  readonly #all: readonly FrameWriter[]

  /**
   * Creates a file. Throws as the constructor of `TrackingWriter` does.
   *
   * @param layouts the layouts by names that you choose; each has a group of its own
   */
  constructor(path: string | URL, layouts: L, options?: FrameFileOptions<keyof L & string>)
  /** @internal Writes to an open file, for `resume`. */
  constructor(opened: OpenedFile)
  constructor(given: string | URL | OpenedFile, layouts?: L, options: FrameFileOptions = {}) {
    const { file, names, dropExcessRecords } = isOpened(given) ? given : create(given, layouts, options)
    this.path = file.path
    this.#all = file.streams.map((stream) => new FrameWriter({ file, stream, dropExcessRecords }))
    this.writers = Object.fromEntries(names.map((name, i) => [name, this.#all[i]])) as typeof this.writers
  }

  /**
   * Opens a file to write after the last frames of its layouts. A file whose writer died is recovered first. Rejects as
   * `FrameWriter.resume` does.
   */
  static async resume<const L extends LayoutsByName>(
    path: string | URL,
    layouts: L,
    options: Omit<FrameResumeOptions, 'slots' | 'chunkFrames'> = {},
  ): Promise<FrameFileWriter<L>> {
    const { how, ...rest } = resumption(layouts, options)
    return new FrameFileWriter<L>({ file: await runAsync(resuming(path, how)), ...rest })
  }

  /** The blocking form of {@link resume}. */
  static resumeSync<const L extends LayoutsByName>(
    path: string | URL,
    layouts: L,
    options: Omit<FrameResumeOptions, 'slots' | 'chunkFrames'> = {},
  ): FrameFileWriter<L> {
    const { how, ...rest } = resumption(layouts, options)
    return new FrameFileWriter<L>({ file: runSync(resuming(path, how)), ...rest })
  }

  /** Commits the remaining frames of all layouts and closes the file. Rejects as `FrameWriter.close` does. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(this.#all.map((writer) => writer.close()))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  /** The blocking form of {@link close}. */
  closeSync(): void {
    let failure: { error: unknown } | undefined
    for (const writer of this.#all) {
      try {
        writer.closeSync()
      } catch (error) {
        failure ??= { error }
      }
    }
    if (failure) throw failure.error
  }

  /** Calls `closeSync`. */
  [Symbol.dispose](): void {
    for (const writer of this.#all) writer[Symbol.dispose]()
  }

  /** Calls `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const writer of this.#all) await writer[Symbol.asyncDispose]()
  }
}

interface OpenedFile {
  file: OpenFile
  names: readonly string[]
  dropExcessRecords: boolean
}

function isOpened(given: unknown): given is OpenedFile {
  return typeof given === 'object' && given !== null && 'names' in given
}

function create(path: string | URL, layouts: unknown, { chunkFrames, ...options }: FrameFileOptions): OpenedFile {
  const name = toPath(path)
  const named = severalLayouts(layouts)
  const { excessRecords, slots: _, cameras, ...checked } = checkFrameOptions(options)
  const streams = named.map(({ name: own, layout }) => ({
    parts: [{ name: null, layout, slots: layout.slots }],
    chunkFrames: chunkFramesOf(own as string, chunkFrames, named) ?? checked.chunkFrames,
  }))
  const file = createFile(name, { streams, cameraNames: camerasFor(named, cameras) }, checked)
  return { file, names: named.map((part) => part.name as string), dropExcessRecords: excessRecords === 'drop' }
}

function chunkFramesOf(
  name: string,
  given: FrameFileOptions['chunkFrames'],
  named: readonly NamedLayout[],
): number | undefined {
  if (typeof given !== 'object' || given === null) {
    return given === undefined ? undefined : checkInteger('chunkFrames', given, 1, int32Max)
  }
  const names = named.map((part) => part.name)
  const odd = Object.keys(given).find((key) => !names.includes(key))
  if (odd !== undefined)
    throw invalidArgument('chunkFrames', odd, `a number, or an object with the layouts ${names.join(', ')}`)
  const own = given[name]
  return own === undefined ? undefined : checkInteger(`chunkFrames.${name}`, own, 1, int32Max)
}

function resumption(
  layouts: unknown,
  options: FrameResumeOptions,
): { how: Resumption; names: string[]; dropExcessRecords: boolean } {
  const named = severalLayouts(layouts)
  const { acceptLoss, wanted, options: checked } = checkFrameResumeOptions(options)
  const streams = named.map(({ layout }) => [{ name: null, layout }])
  return {
    how: { streams, acceptLoss, wanted, options: checked },
    names: named.map(({ name }) => name as string),
    dropExcessRecords: checked.excessRecords === 'drop',
  }
}

function severalLayouts(layouts: unknown): NamedLayout[] {
  const named = namedLayouts(layouts)
  if (named[0]?.name !== null) return named
  throw invalidArgument('layouts', layouts, 'an object of layouts by name; FrameWriter writes a single one')
}
