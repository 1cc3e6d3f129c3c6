/** `FrameReader`: reads files of any layout. */
import { choiceOf, type GivenLayout, isLayout, nameOf } from '../frames/file/choose.js'
import { groupsIn } from '../frames/file/described.js'
import { type FrameFile, openRemoteFrameFile, type ReaderOptions, stateOf } from '../frames/file/open.js'
import type { LossOptions } from '../frames/file/unclosed.js'
import type { WindowOptions } from '../frames/read/base-reader.js'
import { type FollowOptions, follow } from '../frames/read/follow.js'
import { readWindowSync } from '../frames/read/window.js'
import { openForReader } from '../frames/sources/open.js'
import { File, type RemoteFileOptions } from '../hdf5/objects/file.js'
import type { FieldNameOf, FrameReading, ReadColumns } from '../layout/infer.js'
import type { Layout } from '../layout/model.js'
import type { LayoutSpec } from '../layout/spec.js'
import { remoteUrl } from '../remote/url.js'
import type { UntrustedOptions } from '../untrusted/limits.js'
import { isUntrusted, type TrustedOptions, trustedOf } from '../untrusted/options.js'
import { type FollowedFrame, type FollowedLayouts, followedByName, followedFrames, isByName } from './followed.js'
import { RecordReader } from './record-reader.js'
import type { UntrustedFrameReader } from './untrusted-frame-reader.js'

/**
 * Reads frames of any layout. Only the chunks that hold the part that is read are read, so memory depends on the part and not on the
 * file. After `close`, every other method throws or rejects with ERR_CLOSED.
 *
 * The types of columns and records follow from the layout. Without a layout, it is found out from the file, and fields have the types
 * of any layout.
 *
 * ```ts
 * using reader = new FrameReader('run.h5', poses)
 * const { keypoints } = await reader.read({ start: 0, stop: 600, fields: ['keypoints'] })
 * for await (const { frameIndex, records, perFrame } of reader.frames()) console.log(frameIndex, records.length, perFrame.time)
 * ```
 */
export class FrameReader<const S extends LayoutSpec = LayoutSpec> extends RecordReader<S> implements Disposable {
  readonly #opened: FrameFile

  /**
   * Opens a file and checks that it has the layout. For untrusted files, use {@link FrameReader.open}.
   *
   * Throws the errors of the constructor of TrackingReader. ERR_FORMAT names the dataset that is not as the layout says, or the layouts of
   * a file that does not have the named one; ERR_INVALID_ARGUMENT names the layouts of a file that has several, if none is given.
   *
   * @param layout the layout, the name of its group (`'poses'`), or nothing if the file has only one.
   */
  constructor(path: string | URL, layout: Layout<S> | string | undefined, options?: ReaderOptions)
  constructor(path: string | URL, options?: ReaderOptions)
  /** @internal Reads a file that is open. */
  constructor(opened: FrameFile)
  constructor(file: string | URL | FrameFile, ...given: Given<ReaderOptions>) {
    const [layout, options] = layoutAndOptions(given)
    const isOpen = typeof file === 'object' && file !== null && 'columns' in file
    const opened = isOpen ? file : openForReader('FrameReader', file, choiceOf(layout), options)
    super(opened, stateOf(opened))
    this.#opened = opened
  }

  /**
   * Opens a file. With `untrusted`, a separate process opens and reads it, so that a malicious or damaged file can cause nothing worse than
   * an error. Rejects with the errors of the constructor; with `untrusted`, also with ERR_LIMIT and ERR_CRASHED.
   */
  static open<const S extends LayoutSpec = LayoutSpec>(
    path: string | URL,
    layout: Layout<S> | string | undefined,
    options: UntrustedOptions & LossOptions,
  ): Promise<UntrustedFrameReader<S>>
  static open(path: string | URL, options: UntrustedOptions & LossOptions): Promise<UntrustedFrameReader>
  static open<const S extends LayoutSpec = LayoutSpec>(
    path: string | URL,
    layout: Layout<S> | string | undefined,
    options?: TrustedOptions,
  ): Promise<FrameReader<S>>
  static open(path: string | URL, options?: TrustedOptions): Promise<FrameReader>
  /** Opens a file by its http: or https: URL, as {@link TrackingReader.open} does. */
  static open<const S extends LayoutSpec = LayoutSpec>(
    url: string | URL,
    layout: Layout<S> | string | undefined,
    options: RemoteFileOptions,
  ): Promise<FrameReader<S>>
  static open(url: string | URL, options: RemoteFileOptions): Promise<FrameReader>
  static async open<const S extends LayoutSpec = LayoutSpec>(
    path: string | URL,
    ...given: Given<(UntrustedOptions & LossOptions) | TrustedOptions | RemoteFileOptions>
  ): Promise<FrameReader<S> | UntrustedFrameReader<S>> {
    const [layout, options] = layoutAndOptions(given)
    const url = remoteUrl(path)
    if (url) return new FrameReader<S>(await openRemoteFrameFile(url, choiceOf(layout), options))
    if (!isUntrusted(options))
      return new FrameReader<S>(path, layout as Layout<S> | string | undefined, trustedOf(options))
    choiceOf(layout) // checks it
    const { UntrustedFrameReader } = await import('./untrusted-frame-reader.js')
    return UntrustedFrameReader.open(path, layout, options)
  }

  /**
   * The names of the layouts of a file: of the groups that describe themselves, and `tracking` and `midlines` of AquaPose. With
   * `untrusted`, a separate process reads the file. Rejects with the errors of `new File` of `h5tracks/hdf5`.
   */
  static async layouts(path: string | URL, options: UntrustedOptions | { untrusted?: false } = {}): Promise<string[]> {
    if (!isUntrusted(options)) return FrameReader.layoutsSync(path)
    const { groupsApart } = await import('../untrusted/source.js')
    return (await groupsApart(path, options)).map(nameOf)
  }

  /** The blocking form of {@link layouts}. It reads in this process, so use it only for trusted files. */
  static layoutsSync(path: string | URL): string[] {
    using file = new File(path)
    return groupsIn(file).map(nameOf)
  }

  /**
   * Yields the frames of a file while another process (or this one) writes it: in the order of the file, each exactly once and within
   * 50 ms after it was accepted. A slow reader reads older frames from the file and catches up. Ends when the writer closes the file.
   * For a file without a writer, yields its frames and ends. The writer is not slowed down.
   *
   * With an object of layouts by name, yields the frames of all these layouts, `{ layout: 'video', ...frame }`: of layouts that are
   * written in step, those of one row after another.
   *
   * `next()` rejects with the errors that {@link TrackingReader.follow} lists, and with those of the constructor.
   *
   * ```ts
   * for await (const { frameIndex, records } of FrameReader.follow('run.h5', poses, { from: 'end' })) show(frameIndex, records)
   * ```
   */
  static follow<const S extends LayoutSpec = LayoutSpec>(
    path: string | URL,
    layout: Layout<S> | string | undefined,
    options?: FollowOptions,
  ): AsyncGenerator<FrameReading<S>, void, void>
  static follow<const L extends FollowedLayouts>(
    path: string | URL,
    layouts: L,
    options?: FollowOptions,
  ): AsyncGenerator<FollowedFrame<L>, void, void>
  static follow(path: string | URL, options?: FollowOptions): AsyncGenerator<FrameReading<LayoutSpec>, void, void>
  static follow(path: string | URL, ...given: unknown[]): AsyncGenerator<unknown, void, void> {
    const [first, second] = given
    if (isByName(first)) return follow(path, followedByName(first), second as FollowOptions | undefined)
    const [layout, options] = layoutAndOptions<FollowOptions>(given as Given<FollowOptions>)
    return follow(path, [followedFrames(layout)], options)
  }

  /** The blocking form of {@link read}. */
  readSync<const F extends FieldNameOf<S> = FieldNameOf<S>>(options: WindowOptions<F> = {}): ReadColumns<S, F> {
    return readWindowSync(this.#opened, this.selection(options)) as unknown as ReadColumns<S, F>
  }

  close(): void {
    this.#opened.file.closeSync()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** A layout and options, or only options. */
type Given<Options> = [layoutOrOptions?: object | string | undefined, options?: Options | undefined]

function layoutAndOptions<Options extends object>(given: Given<Options>): [GivenLayout, Options] {
  const [first, second] = given
  const onlyOptions = typeof first === 'object' && first !== null && !isLayout(first) && second === undefined
  return onlyOptions ? [undefined, first as Options] : [first as GivenLayout, second ?? ({} as Options)]
}
