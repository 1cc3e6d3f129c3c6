/** Opens the datasets of a layout and checks them. */
import { H5TracksError, show } from '../../base/errors.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import { type RowInfo, Rows } from '../../hdf5/objects/rows.js'
import { type Column, columnsOf, type Layout, withoutFields } from '../../layout/model.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { readAtOnce, readOneByOne } from './attribute.js'
import { markOf } from './marks.js'
import { readCameraNames, readMetadata } from './metadata.js'
import { columnReading, OpenColumn } from './open-columns.js'
import { describeType, holds, nameOf } from './stored-type.js'
import type { BlockingSource } from './window-source.js'

/** A file that is open for reading and whose layout was checked. */
export interface FrameFile extends BlockingSource {
  file: File
  columns: readonly OpenColumn[]
  /** Number of reliable rows; present if the file was not closed. */
  frames?: number
  /** Whether the file was marked as closed when it was opened; undefined if that is not known. */
  marked?: boolean
}

/** Opens the datasets of a layout and checks them, except for their lengths. Throws ERR_FORMAT. */
export function layOut(file: File, layout: Layout): FrameFile {
  return atOnce(file, layout) ?? oneByOne(file, layout)
}

/** Opens everything in a few native calls. Returns null if something is not as the layout says. */
function atOnce(file: File, expected: Layout): FrameFile | null {
  try {
    using group = file.groupSync(expected.root)
    const attributes = readAtOnce(group.attributes)
    const layout = presentIn(file, expected)
    const cameraNames = readCameraNames(file, layout, attributes)
    // Paths and fields do not depend on the number of slots.
    const anySlots = columnsOf(layout, cameraNames, 1)
    const opened = Rows.openSync(
      group,
      anySlots.map(({ path }) => path.slice(layout.root.length + 1)),
    )
    if (!opened) return null
    const { rows, infos } = opened
    const place = anySlots.findIndex(({ field }) => field === (layout.key ?? layout.index))
    const { shape, chunks } = infos[place] as RowInfo
    const slots = slotsIn(layout, shape)
    if (slots === null) return null
    const columns = columnsOf(layout, cameraNames, slots)
    if (!columns.every((column, at) => fits(column, infos[at] as RowInfo, file.followsOthers))) return null
    const marked = markOf(layout.root, attributes)
    return {
      ...facts(file, layout, cameraNames, slots, chunks?.[0] ?? Math.max(shape?.[0] ?? 0, 1)),
      metadata: readMetadata(layout, attributes),
      columns: columns.map((column, at) => new OpenColumn(column, file, rows, at, (infos[at] as RowInfo).type)),
      ...(marked !== undefined && { marked }),
    }
  } catch (error) {
    // Opened one by one, the objects report best what is wrong.
    if (error instanceof H5TracksError && error.code !== 'ERR_NOT_FETCHED') return null
    throw error
  }
}

/** Does the same step by step, to say what is wrong and where. */
function oneByOne(file: File, expected: Layout): FrameFile {
  const { root } = expected
  const fail = formatError(file, expected)
  const kind = file.kindSync(root)
  if (kind !== 'group') throw fail(root, 'a group', found(kind))
  const layout = presentIn(file, expected)
  using group = file.groupSync(root)
  const attributes = readOneByOne(group.attributes)
  const cameraNames = readCameraNames(file, layout, attributes)
  const first = `${root}/${(layout.key ?? layout.index).dataset}`
  const { shape, chunks } = openDataset(file, first, fail).detailsSync()
  const slots = slotsIn(layout, shape)
  if (slots === null) throw fail(first, layout.key ? 'a shape of (N, S)' : 'a shape of (N)', describeShape(shape))
  const columns = columnsOf(layout, cameraNames, slots)
  const datasets = columns.map((column) => {
    const dataset = openDataset(file, column.path, fail)
    const { type, shape, chunks, layout: how, external } = dataset.detailsSync()
    checkColumn(
      column,
      { type, shape, chunks, elsewhere: !file.followsOthers && (how === 'virtual' || external.length > 0) },
      how,
      fail,
    )
    return dataset
  })
  const rows = Rows.of(datasets)
  return {
    ...facts(file, layout, cameraNames, slots, chunks?.[0] ?? Math.max(shape?.[0] ?? 0, 1)),
    metadata: readMetadata(layout, attributes),
    columns: columns.map((column, at) => new OpenColumn(column, file, rows, at, (datasets[at] as Dataset).type)),
  }
}

/** The layout without the fields that may be missing and are. */
function presentIn(file: File, layout: Layout): Layout {
  return withoutFields(layout, ({ dataset }) => file.kindSync(`${layout.root}/${dataset}`) === null)
}

/** The number of slots, from the shape of the keys or of the indices; null if it is not the shape of such a dataset. */
function slotsIn(layout: Layout, shape: readonly number[] | null): number | null {
  if (shape?.length !== (layout.key ? 2 : 1)) return null
  return layout.key ? (shape[1] as number) : 1
}

function facts(file: File, layout: Layout, cameraNames: string[], slots: number, chunkFrames: number) {
  return {
    file,
    path: file.filename,
    layout,
    cameraNames,
    slots,
    chunkFrames,
    closedCleanly: true,
    ...columnReading(false),
  }
}

function fits(column: Column, { type, shape, elsewhere }: RowInfo, followsOthers: boolean): boolean {
  return (followsOthers || !elsewhere) && holds(type, column.field) && hasRows(column, shape)
}

function hasRows({ rowShape }: Column, shape: readonly number[] | null): boolean {
  return shape !== null && shape.length === rowShape.length + 1 && rowShape.every((n, i) => n === shape[i + 1])
}

function openDataset(file: File, path: string, fail: FormatError): Dataset {
  const kind = file.kindSync(path)
  if (kind !== 'dataset') throw fail(path, 'a dataset', found(kind))
  return file.datasetSync(path)
}

function checkColumn(column: Column, { type, shape, elsewhere }: RowInfo, layout: string, fail: FormatError): void {
  if (elsewhere) {
    const how = layout === 'virtual' ? 'a virtual dataset' : 'external raw storage'
    throw fail(
      column.path,
      'values in the file',
      `values in other files, which are opened only with external: true (${how})`,
    )
  }
  if (!holds(type, column.field)) throw fail(column.path, nameOf(column.field), describeType(type))
  if (!hasRows(column, shape)) {
    throw fail(column.path, `a shape of (${['N', ...column.rowShape].join(', ')})`, describeShape(shape))
  }
}

function found(kind: string | null): string {
  if (kind === null) return 'nothing of that name'
  return kind === 'external link' ? 'a link into another file, which is not followed' : `a ${kind}`
}

function describeShape(shape: readonly number[] | null): string {
  return shape === null ? 'a null dataspace' : `(${shape.join(', ')})`
}

/** Makes the error ERR_FORMAT about an object of the file. */
type FormatError = (path: string, expected: string, is: string) => H5TracksError

export const formatError =
  (file: File, { root }: Layout): FormatError =>
  (path, expected, is) => {
    const what = root === trackingLayout.root ? 'is not a tracking file' : `does not have the layout of ${show(root)}`
    const message = `${file.filename} ${what}: ${show(path)}: expected ${expected}; found ${is}`
    return new H5TracksError(message, { code: 'ERR_FORMAT', path: file.filename })
  }
