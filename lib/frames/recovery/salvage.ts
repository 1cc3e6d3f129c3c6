/**
 * Salvages a file that its writer did not close and whose journal is missing: the frames that HDF5 can read from all datasets are
 * written to a new file, which replaces it. The old file is kept under another name, because its journal, which holds more frames,
 * may be found later.
 */
import { linkSync, lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { H5TracksError } from '../../base/errors.js'
import { copyOwnerAndMode, syncPath, takeName } from '../../base/replace-file.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { File } from '../../hdf5/objects/file.js'
import { rowsIn } from '../../layout/model.js'
import { native } from '../../native/native.js'
import { call, callEither, type Operation } from '../../native/operation.js'
import { nameOf } from '../file/choose.js'
import { cleanAttribute, lossesAttribute, lossesIn, markedIn, runAttribute } from '../file/marks.js'
import { groupsInStep } from '../file/metadata.js'
import { type FrameFile, lengthOf } from '../file/open.js'
import { columnReading, type OpenColumn } from '../file/open-columns.js'
import { type OpenLayouts, openLayouts } from '../file/open-layouts.js'
import { isPlain } from '../file/stored-type.js'
import { describeUnclosed, wasClosed } from '../file/unclosed.js'
import type { ColumnArray } from '../file/window-source.js'

const windowMemory = 8 * 2 ** 20

/** True if a file was not closed and has no journal. False if it cannot be opened. */
export function isToBeSalvaged(path: string): boolean {
  if (native.journalState(path) !== 'none') return false
  try {
    using file = new File(path, 'r')
    return !file.native.writtenHere && wasClosed(file) === false
  } catch {
    return false
  }
}

/**
 * Salvages a file that is to be resumed; throws ERR_NOT_CLOSED unless the loss is accepted. Call this before HDF5 opens the file for
 * writing, because HDF5 then truncates it.
 */
export function* salvageIf(acceptLoss: boolean, path: string): Operation<void> {
  if (acceptLoss) yield* salvage(path)
  else openLayouts(path).file.closeSync()
}

/** The result of {@link salvage}. */
export interface Salvage {
  /** What was lost, and why. The first line is also recorded in the file. */
  lost: string[]
  /** The new path of the old file. */
  keptAs: string
}

/** Salvages a file. If it is killed at any moment, it can be repeated. */
export function* salvage(path: string): Operation<Salvage> {
  const real = realpathSync(path)
  const temporary = `${real}.recovering`
  const old = openLayouts(real, { acceptLoss: true })
  try {
    const { image, lost } = yield* call(
      'file.skeleton',
      old.file.handle,
      old.layouts.flatMap(({ columns }) => columns.map(({ path }) => [path, 0] as const)),
    )
    rmSync(temporary, { force: true })
    // Only the owner may read the file until it is complete.
    writeFileSync(temporary, new Uint8Array(image), { mode: 0o600, flag: 'wx' })
    const loss = yield* fill(temporary, old)
    return { lost: [loss, ...lost], keptAs: settle(real, temporary, () => old.file.closeSync()) }
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    old.file.closeSync()
  }
}

function* fill(temporary: string, old: OpenLayouts): Operation<string> {
  const file = new File(temporary, 'r+')
  try {
    const ends: string[] = []
    const parts = inStep(old)
    for (const part of parts) {
      const kept = yield* copy(file, part)
      const unread = part.frames > kept ? `; ${part.frames - kept} more frames of the file cannot be read` : ''
      ends.push(`${kept}${parts.length > 1 ? ` of ${part.name}` : ''}${unread}`)
    }
    const frames = `an unknown number of frames after the first ${ends.join(' and ')}`
    const loss = `the file was not closed by its writer, ${describeUnclosed(old.file)}: ${frames}`
    mark(file, loss)
    return loss
  } finally {
    file.closeSync()
  }
}

/** Columns that have the same frames: those of a layout, or of several that were written in step. */
interface Part {
  name: string
  columns: readonly OpenColumn[]
  chunkFrames: number
  /** Number of rows that the file claims, and that are reliable. */
  frames: number
}

/** Layouts that are written in step lose the same frames; others have lengths of their own. */
function inStep({ file, layouts }: OpenLayouts): Part[] {
  const groups = new Map<string, FrameFile[]>()
  for (const opened of layouts) {
    const key = groupsInStep(file, opened.layout.root).join()
    groups.set(key, [...(groups.get(key) ?? []), opened])
  }
  return [...groups.values()].map((together): Part => {
    const [{ layout, chunkFrames }] = together as [FrameFile]
    const columns = together.flatMap((opened) => opened.columns)
    return { name: nameOf(layout.root), columns, chunkFrames, frames: Math.min(...together.map(lengthOf)) }
  })
}

/** Copies the rows that can be read. Returns their number. */
function* copy(file: File, part: Part): Operation<number> {
  const datasets = part.columns.map(({ path }) => file.datasetSync(path))
  let kept = 0
  for (let start = 0; start < part.frames; start = kept) {
    const rows = yield* readWhole(part, start, Math.min(part.frames, start + windowOf(part)))
    if (rows === undefined) break
    for (const [i, dataset] of datasets.entries()) {
      const { data } = rows[i] as ColumnArray
      yield* append(dataset, data, isPlain((part.columns[i] as OpenColumn).field))
    }
    kept = start + (rows[0] as ColumnArray).shape[0]!
  }
  for (const dataset of datasets) dataset.close()
  return kept
}

function* append(dataset: Dataset, data: ColumnArray['data'], plain: boolean): Operation<void> {
  const values = plain ? data : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const options = { raw: !plain }
  yield* callEither(
    () => dataset.appendSync(values, options),
    () => dataset.append(values, options),
  )
}

const { readColumns, readColumnsSync } = columnReading(false)

/** Reads the rows; if some cannot be read, only those of the first chunk; undefined if those cannot be read either. */
function* readWhole(part: Part, start: number, stop: number): Operation<ColumnArray[] | undefined> {
  const { columns, chunkFrames } = part
  try {
    return yield* callEither(
      () => readColumnsSync(columns, start, stop),
      () => readColumns(columns, start, stop),
    )
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    const chunk = start - (start % chunkFrames) + chunkFrames
    return chunk < stop ? yield* readWhole(part, start, chunk) : undefined
  }
}

/** The number of rows to read at a time: whole chunks of about 8 MiB. */
function windowOf({ columns, chunkFrames }: Part): number {
  return Math.max(1, Math.floor(rowsIn(windowMemory, columns) / chunkFrames)) * chunkFrames
}

function mark(file: File, loss: string): void {
  const losses = lossesIn(file)
  using group = file.groupSync(markedIn(file) ?? '/')
  if (group.attributes.hasSync(runAttribute)) group.attributes.deleteSync(runAttribute)
  group.attributes.setSync(lossesAttribute, [...losses, loss])
  group.attributes.setSync(cleanAttribute, true)
}

/**
 * Renames the old file and puts the new one in its place, synced to the disk. Returns the new path of the old file. `letGo` closes the old
 * file: Windows does not replace one that is open.
 */
function settle(real: string, temporary: string, letGo: () => void): string {
  copyOwnerAndMode(real, temporary)
  // Before the old file gives up its name: a sync that fails leaves everything as it was.
  syncPath(temporary)
  const keptAs = keep(real)
  if (process.platform === 'win32') letGo()
  takeName(temporary, real)
  return keptAs
}

/** Gives a file a second name that is not in use, and returns it. */
function keep(real: string): string {
  for (let attempt = 1; ; attempt++) {
    const name = `${real}.unclosed${attempt === 1 ? '' : `-${attempt}`}`
    const there = lstatSync(name, { throwIfNoEntry: false })
    // An attempt that was killed has already made this name.
    if (there?.ino === statSync(real).ino) return name
    if (there) continue
    try {
      linkSync(real, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      // The file system has no hard links.
      renameSync(real, name)
    }
    return name
  }
}
