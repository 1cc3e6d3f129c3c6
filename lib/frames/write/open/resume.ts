/** Opens a file to continue it. */
import { H5TracksError, show } from '../../../base/errors.js'
import { toPath } from '../../../base/path.js'
import type { DatasetInfo } from '../../../hdf5/objects/dataset-info.js'
import { File } from '../../../hdf5/objects/file.js'
import { type Layout, usesCameras } from '../../../layout/model.js'
import { type NativeBlockStream, native } from '../../../native/native.js'
import { callEither, type Operation } from '../../../native/operation.js'
import { layoutsIn } from '../../file/described.js'
import { countFrames } from '../../file/last-frame-index.js'
import { tallyIn } from '../../file/metadata.js'
import { type FrameFile, verify } from '../../file/open.js'
import type { OpenColumn } from '../../file/open-columns.js'
import { explainDamage } from '../../file/unclosed.js'
import { isToBeSalvaged, salvageIf } from '../../recovery/salvage.js'
import { Run } from '../blocks/run.js'
import { blockWriter, type Filters } from './block-writer.js'
import type { OpenFile, Part } from './create.js'
import type { CheckedOptions } from './options.js'
import { checkWhole } from './whole.js'

/** A property that the file must have: the name of the option that says so, and its value. */
export interface Wanted {
  option: string
  property: 'cameraNames' | 'slots' | 'chunkFrames'
  value: unknown
}

/** A layout of the file by the name that the caller chose; the name of the only one is null. */
export type NamedLayout = Pick<Part, 'name' | 'layout'>

/** How to continue a file. */
export interface Resumption {
  /** The layouts of each stream; an only layout is found out from the file if there are none. */
  streams: readonly (readonly NamedLayout[])[]
  acceptLoss: boolean
  wanted: readonly Wanted[]
  options: CheckedOptions
}

/** Opens a file for writing after its last frame. A file whose writer died is recovered first. */
export function* resuming(path: string | URL, how: Resumption): Operation<OpenFile> {
  const name = toPath(path)
  if (native.journalState(name) === 'left') {
    yield* callEither(
      () => native.recoverSync(name),
      () => native.recover(name),
    )
  }
  if (isToBeSalvaged(name)) yield* salvageIf(how.acceptLoss, name)
  return openToResume(name, how)
}

function openToResume(path: string, { streams, wanted, options }: Resumption): OpenFile {
  const file = openFile(path)
  try {
    const named = streams.length > 0 ? streams : [found(file, layoutsIn(file))]
    checkWhole(file, named)
    const opened = named.map((layouts) => openStream(file, layouts, wanted))
    const cameraNames = camerasIn(opened.flatMap(({ files }) => files))
    const layouts = opened.flatMap(({ parts }) => parts.map(({ layout }) => layout))
    const run = new Run(
      blockWriter({ file: file.native, layouts, streams: opened, options: { ...options, newFile: false } }),
    )
    const withBlocks = opened.map((stream, i) => ({ ...stream, blocks: run.native.streams[i] as NativeBlockStream }))
    return { path, options, cameraNames, run, streams: withBlocks }
  } catch (error) {
    file.closeSync()
    throw error
  }
}

function openStream(file: File, layouts: readonly NamedLayout[], wanted: readonly Wanted[]) {
  // `verify` leaves out the fields that an older file lacks.
  const opened = layouts.map(({ name, layout }) => ({ name, ...verify(file, layout) }))
  const columns = opened.flatMap((part) => part.columns)
  const infos = columns.map(({ dataset }) => dataset.detailsSync())
  const chunkFrames = infos[0]?.chunks?.[0] ?? 0
  const filters = columns.map((column, i) => filtersIn(file.filename, column, infos[i] as DatasetInfo, chunkFrames))
  const cameraNames = camerasIn(opened)
  for (const part of opened) checkAgreement({ ...part, cameraNames }, chunkFrames, wanted)
  const first = opened[0] as FrameFile
  const { frames, lastFrameIndex } = countFrames(file, first.layout)
  return {
    parts: opened.map(({ name, layout, slots }) => ({ name, layout, slots })),
    ...{ columns, chunkFrames, filters, frames, lastIndex: lastFrameIndex },
    files: opened,
    tally: tallyIn(first.layout, first.metadata),
  }
}

/** The cameras of layouts of one file. Only layouts with fields for each camera name them. */
function camerasIn(layouts: readonly FrameFile[]): readonly string[] {
  return layouts.find(({ layout }) => usesCameras(layout))?.cameraNames ?? []
}

/** The layouts of a file by the names of their groups; the only one needs no name. */
function found(file: File, layouts: readonly Layout[]): NamedLayout[] {
  if (layouts.length === 0) {
    throw new H5TracksError(
      `${file.filename} holds no layout that describes itself; pass the one that it was written with`,
      {
        code: 'ERR_FORMAT',
        path: file.filename,
      },
    )
  }
  return layouts.map((layout) => ({ name: layouts.length === 1 ? null : layout.root.slice(1), layout }))
}

function openFile(path: string): File {
  try {
    return new File(path, 'r+')
  } catch (error) {
    throw error instanceof H5TracksError ? explainDamage(path, error) : error
  }
}

function checkAgreement(opened: FrameFile, chunkFrames: number, wanted: readonly Wanted[]): void {
  for (const { option, property, value } of wanted) {
    const has = property === 'chunkFrames' ? chunkFrames : opened[property]
    if (value === undefined || show(value) === show(has)) continue
    const { filename } = opened.file
    throw new H5TracksError(`${filename} has ${option} ${show(has)}; it cannot be resumed with ${show(value)}`, {
      code: 'ERR_FORMAT',
      path: filename,
      field: option,
    })
  }
}

// Encoded chunks are written directly, so the dataset must have filters and a layout that our encoder can produce.
function filtersIn(path: string, column: OpenColumn, info: DatasetInfo, chunkFrames: number): Filters {
  const refuse = (is: string): never => {
    throw new H5TracksError(`${path} cannot be resumed: ${show(column.path)} ${is}`, { code: 'ERR_FORMAT', path })
  }
  const { chunks, filters, maxShape, type } = info
  if (chunks === null) return refuse('is not chunked')
  if (String(chunks) !== String([chunkFrames, ...column.rowShape])) {
    return refuse(`has chunks of (${chunks.join(', ')}), not of (${[chunkFrames, ...column.rowShape].join(', ')})`)
  }
  if (maxShape?.[0] !== null) return refuse('has a length that is limited')
  if ('order' in type && type.order === 'big') return refuse('is big-endian')
  const [first, ...rest] = filters.map(({ id }) => id)
  const known = rest.length === 0 ? [undefined, 1, 2].includes(first) : first === 2 && String(rest) === '1'
  if (!known) return refuse(`has the filters ${filters.map(({ name }) => name).join(', ')}`)
  const deflate = filters.find(({ id }) => id === 1)
  return { deflate: deflate?.options[0] ?? null, encoder: 'own', shuffle: first === 2 }
}
