/** `cut`: a copy of a part of a recording. */
import { H5TracksError, invalidArgument, show } from '../base/errors.js'
import { toPath } from '../base/path.js'
import { type FrameFile, lengthOf } from '../frames/file/open.js'
import type { OpenLayouts } from '../frames/file/open-layouts.js'
import { usesCameras } from '../layout/model.js'
import { type CheckedRange, checkRange, type IndexRange, rowsInRange } from '../positions/frame-range.js'
import { type Edit, type EditedLayout, editFile, type LayoutEdit, layoutsToEdit } from './edit-file.js'
import { checkEditOptions, checkKeys, type EditOptions, type LayoutOption } from './options.js'

export interface CutOptions extends EditOptions, IndexRange, LayoutOption {
  /** The keys of the records to keep: the ids of animals. Default: all. */
  animals?: Iterable<number>
  /** The cameras to keep, at least one. Default: all. */
  cameras?: Iterable<string>
}

export interface CutReport {
  path: string
  layouts: EditedLayout[]
  /** Number of records that were left out of the frames that were kept. */
  recordsLeftOut: number
  /** The cameras that were left out. */
  camerasLeftOut: string[]
}

/**
 * Writes a part of a recording to a new file: a range of frames, some of the animals, some of the cameras. Frame indices, metadata and
 * everything else in the file are kept; a value of a record that was computed from all cameras, such as `nCameras`, stays as it is. Of layouts
 * that are written in step, the same frames are kept.
 *
 * Rejects with ERR_INVALID_ARGUMENT for a range without frames, an animal that does not occur in it, and layouts that need a choice;
 * ERR_UNKNOWN_CAMERA; EEXIST; and the errors of opening. The output then stays as it was.
 */
export async function cut(path: string | URL, out: string | URL, options: CutOptions = {}): Promise<CutReport> {
  checkEditOptions('cut', options, ['start', 'stop', 'layout', 'animals', 'cameras'])
  const range = checkRange(options)
  const animals = options.animals === undefined ? null : checkKeys('animals', options.animals)
  const cameras = options.cameras === undefined ? undefined : checkCameras(options.cameras)
  const counts = { recordsLeftOut: 0, camerasLeftOut: [] as string[] }
  const layouts = await editFile(path, out, options, async (opened) => {
    counts.camerasLeftOut = leftOut(opened, cameras)
    return plan(opened, { range, animals, cameras, layout: options.layout }, counts)
  })
  return { path: toPath(out), layouts, ...counts }
}

interface Cut {
  range: CheckedRange
  animals: Set<number> | null
  cameras: Set<string> | undefined
  layout: string | undefined
}

async function plan(
  opened: OpenLayouts,
  { range, animals, cameras, layout }: Cut,
  counts: { recordsLeftOut: number },
): Promise<Edit> {
  const isRange = range.start !== null || range.stop !== null
  const chosen = isRange || animals ? layoutsToEdit(opened, layout, isRange) : opened.layouts.map(() => false)
  if (animals && !opened.layouts.some((one, i) => chosen[i] && one.layout.key)) {
    throw refused(opened, 'animals', 'has no records with a key, so it has no animals to choose')
  }
  const missing = new Set(animals)
  const layouts: (LayoutEdit | null)[] = []
  for (const [i, one] of opened.layouts.entries()) {
    if (!chosen[i]) {
      layouts.push(null)
      continue
    }
    const rows = isRange ? await rowsOf(one, range) : [{ start: 0, stop: lengthOf(one) }]
    if (!animals || !one.layout.key) layouts.push({ rows })
    else {
      const change = (key: number) => {
        if (animals.has(key)) {
          missing.delete(key)
          return key
        }
        counts.recordsLeftOut++
        return null
      }
      layouts.push({ rows, change })
    }
  }
  const check = () => {
    if (missing.size === 0) return
    const where = isRange ? ' in these frames' : ''
    throw refused(
      opened,
      'animals',
      `has no animal ${[...missing].join(', ')}${where}; h5tracks stats lists those that it has`,
    )
  }
  return { layouts, cameras, check }
}

async function rowsOf(one: FrameFile, range: CheckedRange) {
  const { layout, columns } = one
  const index = columns.filter(({ field }) => field === layout.index)
  let [first, last] = [null, null] as [bigint | null, bigint | null]
  const rows = await rowsInRange(lengthOf(one), range, async ({ start, stop }) => {
    const [read] = await one.readColumns(index, start, stop)
    const values = read?.data as BigInt64Array
    first ??= values[0] ?? null
    last = values.at(-1) ?? last
    return values
  })
  if (rows.length > 0) return rows
  const asked = [
    range.start === null ? '' : ` from ${range.start}`,
    range.stop === null ? '' : ` before ${range.stop}`,
  ].join('')
  const has = first === null ? 'no frames' : `frames ${first} to ${last}`
  throw new H5TracksError(`${one.path} has no frames of ${layout.root}${asked}; it has ${has}`, {
    code: 'ERR_INVALID_ARGUMENT',
    path: one.path,
    field: 'start',
  })
}

function checkCameras(cameras: Iterable<string>): Set<string> {
  const list = typeof cameras === 'object' && cameras !== null ? [...cameras] : []
  if (list.length > 0 && list.every((name) => typeof name === 'string')) return new Set(list)
  throw invalidArgument('cameras', cameras, 'a list of at least one camera name')
}

/** The cameras of the file that the cut leaves out. Throws ERR_UNKNOWN_CAMERA. */
function leftOut({ file, layouts }: OpenLayouts, kept: ReadonlySet<string> | undefined): string[] {
  if (!kept) return []
  const names = new Set(layouts.filter(({ layout }) => usesCameras(layout)).flatMap(({ cameraNames }) => cameraNames))
  for (const camera of kept) {
    if (names.has(camera)) continue
    throw new H5TracksError(
      `${file.filename} has no camera ${show(camera)}; it has ${[...names].join(', ') || 'none'}`,
      {
        ...{ code: 'ERR_UNKNOWN_CAMERA', path: file.filename, camera, field: 'cameras' },
      },
    )
  }
  return [...names].filter((name) => !kept.has(name))
}

function refused({ file: { filename } }: OpenLayouts, field: string, message: string): H5TracksError {
  return new H5TracksError(`${filename} ${message}`, { code: 'ERR_INVALID_ARGUMENT', path: filename, field })
}
