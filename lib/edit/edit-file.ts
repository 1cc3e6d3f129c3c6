/** Writes a changed copy of a file: everything in it is kept, except for what the edit of a layout changes. */
import { H5TracksError, show } from '../base/errors.js'
import { toPath } from '../base/path.js'
import { nameOf } from '../frames/file/choose.js'
import { groupsInStep } from '../frames/file/metadata.js'
import { type FrameFile, lengthOf } from '../frames/file/open.js'
import type { OpenColumn } from '../frames/file/open-columns.js'
import { type OpenLayouts, openLayouts } from '../frames/file/open-layouts.js'
import type { ColumnArray } from '../frames/file/window-source.js'
import { File } from '../hdf5/objects/file.js'
import type { TypedArray } from '../native/element-types.js'
import type { RowRange } from '../positions/frame-range.js'
import { RowAppender } from '../scale/concat/append-rows.js'
import { NewFile } from '../scale/shards/output.js'
import { writeSkeletonOf } from '../scale/shards/skeleton.js'
import type { EditOptions } from './options.js'
import { changeRecords, type KeyChange } from './records.js'

/** What becomes of the frames of a layout. */
export interface LayoutEdit {
  /** The rows to keep, in order. */
  rows: readonly RowRange[]
  /** What becomes of its records. Default: they stay. */
  change?: KeyChange
}

/** What an edit does. */
export interface Edit {
  /** By the layouts of the file, in their order; null for one that stays as it is. */
  layouts: readonly (LayoutEdit | null)[]
  /** The cameras to keep. Default: all. */
  cameras?: ReadonlySet<string> | undefined
  /** Throws if the edit did not find what it was for. Called before the new file gets its name. */
  check?(): void
}

/** The number of frames of a layout in the new file, and in the old one. */
export interface EditedLayout {
  name: string
  frames: number
  framesBefore: number
}

/**
 * Plans an edit of a file, and writes the result to another. The new file is written as `<out>.partial` and takes its name when it is complete.
 * Rejects with EEXIST, ERR_UNSUPPORTED for a file of which parts cannot be copied, and the errors of opening.
 */
export async function editFile(
  path: string | URL,
  out: string | URL,
  options: EditOptions,
  plan: (opened: OpenLayouts) => Promise<Edit>,
): Promise<EditedLayout[]> {
  const [from, to] = [toPath(path), toPath(out)]
  const output = new NewFile(to, [from], options.overwrite ?? false)
  const opened = openLayouts(from)
  try {
    const edit = await plan(opened)
    await writeSkeletonOf(opened, from, output.partial)
    const layouts = await fill(output.partial, opened, edit, options)
    verify(output.partial, layouts)
    edit.check?.()
    output.settle()
    return layouts
  } catch (error) {
    output.giveUp()
    throw error
  } finally {
    opened.file.closeSync()
  }
}

async function fill(
  partial: string,
  { layouts }: OpenLayouts,
  edit: Edit,
  { signal, onProgress }: EditOptions,
): Promise<EditedLayout[]> {
  const sources = layouts.map((one, i) => edited(one, edit.layouts[i] ?? null, edit.cameras))
  const progress = { frames: 0, totalFrames: sources.reduce((sum, source) => sum + lengthOf(source), 0) }
  const onRows = (rows: number) => {
    progress.frames += rows
    onProgress?.({ ...progress })
  }
  const file = await File.open(partial, 'r+')
  try {
    if (edit.cameras) for (const one of layouts) removeCameras(file, one, edit.cameras)
    for (const [i, source] of sources.entries()) {
      const appender = new RowAppender(file)
      const sameStorage = source === layouts[i]
      await appender.append(source, { sameStorage, isLast: true, signal, onRows })
      appender.close()
    }
    await file.close()
  } catch (error) {
    file.closeSync()
    throw error
  }
  return layouts.map((one, i) => ({
    name: nameOf(one.layout.root),
    frames: lengthOf(sources[i] as FrameFile),
    framesBefore: lengthOf(one),
  }))
}

/** A layout as it is to be: the file itself if nothing changes. */
function edited(source: FrameFile, edit: LayoutEdit | null, cameras: ReadonlySet<string> | undefined): FrameFile {
  const columns = source.columns.filter(({ camera }) => camera === null || !cameras || cameras.has(camera))
  if (edit === null && columns.length === source.columns.length) return source
  const rows = edit?.rows ?? [{ start: 0, stop: lengthOf(source) }]
  const read = async (wanted: readonly OpenColumn[], start: number, stop: number): Promise<ColumnArray[]> => {
    const parts: ColumnArray[][] = []
    for (const piece of piecesOf(rows, start, stop)) {
      parts.push(await source.readColumns(wanted, piece.start, piece.stop))
    }
    const joined = wanted.map((column, i) =>
      joinedRows(
        column,
        parts.map((part) => part[i] as ColumnArray),
      ),
    )
    return edit?.change ? changeRecords(source, wanted, joined, edit.change) : joined
  }
  return {
    ...source,
    columns,
    frames: rows.reduce((sum, { start, stop }) => sum + stop - start, 0),
    readColumns: read as FrameFile['readColumns'],
  }
}

/** The rows of the file that hold rows `start` to `stop` of those kept. */
function* piecesOf(rows: readonly RowRange[], start: number, stop: number): Generator<RowRange> {
  let before = 0
  for (const range of rows) {
    const length = range.stop - range.start
    const [from, to] = [Math.max(start - before, 0), Math.min(stop - before, length)]
    if (from < to) yield { start: range.start + from, stop: range.start + to }
    before += length
    if (before >= stop) return
  }
}

function joinedRows({ rowShape }: OpenColumn, parts: readonly ColumnArray[]): ColumnArray {
  const [first, another] = parts
  if (first && !another) return first
  const length = parts.reduce((sum, { data }) => sum + data.length, 0)
  const Data = (first as ColumnArray).data.constructor as new (length: number) => TypedArray
  const data = new Data(length)
  let at = 0
  for (const part of parts) {
    data.set(part.data as never, at)
    at += part.data.length
  }
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] as number), 0)
  return { data, shape: [rows, ...rowShape] } as ColumnArray
}

function removeCameras(file: File, { layout, columns, cameraNames }: FrameFile, kept: ReadonlySet<string>): void {
  const removed = columns.filter(({ camera }) => camera !== null && !kept.has(camera))
  if (removed.length === 0) return
  for (const { path, rowShape } of removed) {
    const dataset = file.datasetSync(path)
    for (let axis = 0; axis <= rowShape.length; axis++) {
      for (const reference of dataset.scalesSync(axis)) {
        using scale = file.getSync(reference) as ReturnType<File['datasetSync']>
        dataset.detachScaleSync(axis, scale)
      }
    }
    dataset.close()
    file.deleteSync(path)
  }
  using group = file.groupSync(layout.root)
  group.attributes.setSync(
    'camera_names',
    cameraNames.filter((name) => kept.has(name)),
  )
}

/** Throws if the new file does not have every row. */
function verify(partial: string, expected: readonly EditedLayout[]): void {
  const { file, layouts } = openLayouts(partial)
  try {
    for (const [i, one] of layouts.entries()) {
      if (lengthOf(one) === expected[i]?.frames) continue
      throw new H5TracksError(
        `${partial} has ${lengthOf(one)} frames of ${one.layout.root} instead of ${expected[i]?.frames}`,
        {
          code: 'ERR_HDF5',
          path: partial,
        },
      )
    }
  } finally {
    file.closeSync()
  }
}

/**
 * Which layouts an edit is for: the named one, or all of a file whose layouts are written in step. Throws ERR_INVALID_ARGUMENT.
 *
 * @param frames the edit leaves out frames, so layouts that are written in step must go together
 */
export function layoutsToEdit({ file, layouts }: OpenLayouts, wanted: string | undefined, frames: boolean): boolean[] {
  const names = layouts.map(({ layout }) => nameOf(layout.root))
  const inStep = layouts.map(({ layout }) => groupsInStep(file, layout.root))
  if (wanted === undefined) {
    const [first = []] = inStep
    if (layouts.length === 1 || layouts.every(({ layout }) => first.includes(layout.root))) return names.map(() => true)
    throw refused(file, `has several layouts, each at its own pace: ${names.join(', ')}; choose one`)
  }
  const at = names.indexOf(wanted)
  if (at === -1) throw refused(file, `has no layout ${show(wanted)}; it has ${names.join(', ')}`)
  if (frames && (inStep[at] as string[]).length > 1) {
    throw refused(
      file,
      `has layouts that are written in step, so frames are left out of all of them; leave out the layout`,
    )
  }
  return names.map((_, i) => i === at)
}

function refused({ filename }: File, message: string): H5TracksError {
  return new H5TracksError(`${filename} ${message} (layout, --layout)`, {
    code: 'ERR_INVALID_ARGUMENT',
    path: filename,
    field: 'layout',
  })
}
