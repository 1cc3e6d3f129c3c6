/** Opens a tracking file to continue it. */
import { H5TracksError, show } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import type { DatasetInfo } from '../../hdf5/objects/dataset-info.js'
import { File } from '../../hdf5/objects/file.js'
import { native } from '../../native/native.js'
import { callEither, type Operation } from '../../native/operation.js'
import { checkCameraNames } from '../file/cameras.js'
import { countFrames } from '../file/last-frame-index.js'
import { truncatedBoxes } from '../file/metadata.js'
import { type TrackingFile, verify } from '../file/open.js'
import type { OpenColumn } from '../file/open-columns.js'
import { explainDamage } from '../file/unclosed.js'
import { isToBeSalvaged, salvageIf } from '../recovery/salvage.js'
import { blockColumn, blockWriter, type Filters, type OpenForWriting } from './create.js'
import { type CheckedResumeOptions, checkResumeOptions, type ResumeOptions } from './options.js'

/** Opens a tracking file for writing after its last frame. A file whose writer died is recovered first. */
export function* resuming(path: string | URL, given: ResumeOptions): Operation<OpenForWriting> {
  const checked = checkResumeOptions(given)
  const name = toPath(path)
  if (native.journalState(name) === 'left') {
    yield* callEither(
      () => native.recoverSync(name),
      () => native.recover(name),
    )
  }
  if (isToBeSalvaged(name)) yield* salvageIf(checked.acceptLoss, name)
  return openToResume(name, checked)
}

function openToResume(path: string, { wanted, options }: CheckedResumeOptions): OpenForWriting {
  const file = openFile(path)
  try {
    const tracking = verify(file)
    const { cameraNames, maxFish, columns } = tracking
    const infos = columns.map(({ dataset }) => dataset.detailsSync())
    const chunkFrames = infos[0]?.chunks?.[0] ?? 0
    const filters = columns.map((column, i) => filtersOf(path, column, infos[i] as DatasetInfo, chunkFrames))
    checkAgreement(tracking, chunkFrames, wanted)
    const { frames, lastFrameIndex } = countFrames(file)
    const written = columns.map((column, i) => ({ ...blockColumn(column), ...(filters[i] as Filters) }))
    const blocks = blockWriter(file, written, { ...options, chunkFrames, newFile: false }, frames)
    const held = { frames, lastIndex: lastFrameIndex, boxesTruncated: truncatedBoxes(tracking.metadata) }
    return { path, options, cameraNames, maxFish, chunkFrames, columns, blocks, ...held }
  } catch (error) {
    file.closeSync()
    throw error
  }
}

function openFile(path: string): File {
  try {
    return new File(path, 'r+')
  } catch (error) {
    throw error instanceof H5TracksError ? explainDamage(path, error) : error
  }
}

function checkAgreement(tracking: TrackingFile, chunkFrames: number, given: CheckedResumeOptions['wanted']): void {
  const cameras = given.cameraNames === undefined ? undefined : checkCameraNames(given.cameraNames)
  const pairs: [string, unknown, unknown][] = [
    ['cameraNames', cameras, tracking.cameraNames],
    ['maxFish', given.maxFish, tracking.maxFish],
    ['chunkFrames', given.chunkFrames, chunkFrames],
  ]
  for (const [name, wanted, has] of pairs) {
    if (wanted === undefined || show(wanted) === show(has)) continue
    throw new H5TracksError(
      `${tracking.file.filename} has ${name} ${show(has)}; it cannot be resumed with ${show(wanted)}`,
      {
        code: 'ERR_FORMAT',
        path: tracking.file.filename,
        field: name,
      },
    )
  }
}

// Encoded chunks are written directly, so the dataset must have filters and a layout that our encoder can produce.
function filtersOf(path: string, column: OpenColumn, info: DatasetInfo, chunkFrames: number): Filters {
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
  return { deflate: deflate?.options[0] ?? null, fast: true, shuffle: first === 2 }
}
