/** Opens a file and checks that it has a layout. */
import { H5TracksError } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { canHold } from '../../hdf5/objects/dataset-io.js'
import { File, type RemoteFileOptions } from '../../hdf5/objects/file.js'
import { type Layout, rowBytes } from '../../layout/model.js'
import { native } from '../../native/native.js'
import { shownUrl } from '../../remote/url.js'
import { refuseJournal } from './journal.js'
import { type FrameFile, formatError, layOut } from './lay-out.js'
import type { OpenColumn } from './open-columns.js'
import { explainDamage, explained, type LossOptions, notClosed, wasClosed } from './unclosed.js'
import { wholeRows } from './whole-rows.js'
import type { SourceState } from './window-source.js'

export type { FrameFile }

/** A layout, or a function that finds it out from the open file. */
export type LayoutChoice = Layout | ((file: File) => Layout)

/** How a file is opened for reading. */
export interface ReaderOptions extends LossOptions {
  /**
   * Read values that lie in other files: the sources of virtual datasets, as `writeVirtual` of `h5tracks/batch` makes them, which are
   * checked first. Trust the file: it may name any file of this machine. Default: false.
   */
  external?: boolean
}

/** Opens a file. ERR_FORMAT names the invalid dataset, what was expected and what was found. */
export function openFrameFile(path: string | URL, layout: LayoutChoice, options: ReaderOptions = {}): FrameFile {
  const file = openReadable(path, options)
  try {
    return verify(
      file,
      explained(file, () => chosen(file, layout)),
      options,
    )
  } catch (error) {
    file.closeSync()
    throw error
  }
}

/** Opens a file by its URL as {@link openFrameFile} does. */
export async function openRemoteFrameFile(
  url: URL,
  layout: LayoutChoice,
  options: RemoteFileOptions & { untrusted?: boolean },
): Promise<FrameFile> {
  const { untrusted, ...rest } = options
  if (untrusted) {
    const message = `${shownUrl(url)} cannot be read in a process of its own; download it, and read the copy with untrusted: true`
    throw new H5TracksError(message, { code: 'ERR_UNSUPPORTED', path: shownUrl(url), field: 'untrusted' })
  }
  const file = await File.open(url, rest)
  const open = () =>
    verify(
      file,
      explained(file, () => chosen(file, layout)),
      rest,
    )
  try {
    const opened = file.remote ? await file.remote.run(open) : open()
    await opened.columns[0]?.rows.lookAhead()
    return opened
  } catch (error) {
    file.closeSync()
    throw error
  }
}

/** The layout that was chosen for a file. */
export function chosen(file: File, layout: LayoutChoice): Layout {
  return typeof layout === 'function' ? layout(file) : layout
}

/**
 * Opens a file that needs no recovery: a file whose writer died may lack frames, or have rows that were never written. The process of the
 * writer may read its own file.
 */
export function openReadable(path: string | URL, options: ReaderOptions): File {
  try {
    return openUnwritten(path, options)
  } catch (error) {
    throw error instanceof H5TracksError ? explainDamage(toPath(path), namingFollow(toPath(path), error)) : error
  }
}

function openUnwritten(path: string | URL, { acceptLoss = false, external = false }: ReaderOptions): File {
  const file = new File(path, 'r', { acceptLoss, external })
  try {
    if (!file.native.writtenHere) refuseJournal(file.filename)
    return file
  } catch (error) {
    file.closeSync()
    throw error
  }
}

/** Adds to the error of a locked file that it can be followed while it is written. */
export function namingFollow(path: string, error: H5TracksError): H5TracksError {
  if (error.code !== 'ERR_LOCKED' || native.journalState(path) !== 'in use') return error
  const way =
    'use TrackingReader.follow or h5tracks tail -f to read it while it is written (other layouts: FrameReader.follow)'
  return new H5TracksError(`${error.message}; ${way}`, { ...error, path })
}

/** Checks that an open file has a layout, and that it was closed, unless losses are accepted. */
export function verify(file: File, layout: Layout, { acceptLoss = false }: LossOptions = {}): FrameFile {
  const tracking = explained(file, () => layOut(file, layout))
  // While a writer of this process has the file open, it is not marked as closed.
  const closed = file.native.writtenHere || tracking.marked === true || wasClosed(file) !== false
  if (!closed && !acceptLoss) throw notClosed(file)
  if (closed) checkLengths(tracking)
  const whole = closed
    ? tracking
    : { ...tracking, closedCleanly: false, frames: wholeRows(tracking, lengthsOf(tracking)) }
  checkSize(whole)
  return whole
}

function checkLengths(tracking: FrameFile): void {
  const { file, layout, columns } = tracking
  const lengths = lengthsOf(tracking)
  const odd = lengths.findIndex((length) => length !== lengths[0])
  if (odd === -1) return
  const { path } = columns[odd] as OpenColumn
  throw formatError(file, layout)(
    path,
    `${lengths[0]} rows, as ${columns[0]?.path} has`,
    `${lengths[odd]}; run h5tracks check for details`,
  )
}

/** The present number of frames in the file, to which a writer in this process may add. */
export function lengthOf({ columns, frames }: FrameFile): number {
  return frames ?? columns[0]?.rows.length(0) ?? 0
}

/** What an open file says of itself. */
export function stateOf(opened: FrameFile): SourceState {
  return { length: () => lengthOf(opened), isOpen: () => opened.file.isOpen }
}

/**
 * The number of rows of each dataset. A writer in this process extends all datasets at once, but may do so while this function asks
 * for their lengths. So different lengths count only if they are the same when asked for again.
 */
export function lengthsOf({ columns }: FrameFile): number[] {
  let before = ''
  for (;;) {
    const lengths = columns[0]?.rows.lengths() ?? []
    if (String(lengths) === before || lengths.every((length) => length === lengths[0])) return lengths
    before = String(lengths)
  }
}

// Without this check, reading the fill values of a small file that claims many frames could take years.
function checkSize(tracking: FrameFile): void {
  const { file, columns } = tracking
  const frames = lengthOf(tracking)
  if (file.followsOthers) return
  const bytes = frames * columns.reduce((sum, column) => sum + rowBytes(column), 0)
  const size = file.byteSizeSync()
  if (canHold(size, bytes)) return
  throw new H5TracksError(
    `${file.filename} claims ${frames} frames, ${bytes} bytes; a file of ${size} bytes cannot hold them`,
    { code: 'ERR_TOO_LARGE', path: file.filename },
  )
}
