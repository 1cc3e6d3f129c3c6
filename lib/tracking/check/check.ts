/** `check`: what is wrong with a tracking file, as data. Opens what a reader refuses, as far as HDF5 can. */
import { checkOptions, H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { File } from '../../hdf5/objects/file.js'
import { rowBytes } from '../file/layout.js'
import { layOut, lengthsOf, namingFollow } from '../file/open.js'
import type { OpenColumn } from '../file/open-columns.js'
import { explainDamage, saysItWasClosed } from '../file/unclosed.js'
import { Findings } from './findings.js'
import { type Measured, readPieces } from './pieces.js'
import { type CheckReport, type Finding, findingOf } from './report.js'
import { RowCheck } from './rows.js'
import { findJournal, findLeftBehind } from './shutdown.js'

export interface CheckOptions {
  /** `'any'`: frame indices that do not increase are meant, as with the writer's option. Default: `'increasing'`. */
  frameOrder?: 'increasing' | 'any'
  /** Ends the check between two windows; it rejects with the signal's reason. */
  signal?: AbortSignal
}

/**
 * Looks for everything that is wrong in a tracking file, ours or AquaPose's: see {@link FindingCode}. Reads every value, in
 * windows of 8 MiB, so memory does not grow with the file. A detection of -1 beside a box is nothing wrong.
 *
 * Rejects for a file that is not laid out as a tracking file, as the constructor of TrackingReader throws; datasets of
 * different lengths are a finding here, and so is what cannot be opened. Rejects with ERR_TOO_LARGE for more rows than a file of its size can hold.
 *
 * ```ts
 * const { findings } = await check('out.h5')
 * for (const { severity, code, dataset, frames, text } of findings) console.log(severity, code, dataset, frames, text)
 * ```
 */
export async function check(path: string | URL, options: CheckOptions = {}): Promise<CheckReport> {
  const { frameOrder, signal } = checkedOptions(options)
  const name = toPath(path)
  signal?.throwIfAborted()
  const opened = await open(name)
  if ('findings' in opened) return opened
  const { tracking, frames } = opened
  using file = tracking.file
  const leftBehind = findLeftBehind(file)
  const findings = new Findings()
  checkLengths(opened, findings)
  const rows = new RowCheck(findings, tracking.maxFish, frameOrder === 'any')
  for await (const piece of readPieces(opened, findings)) {
    signal?.throwIfAborted()
    rows.check(piece)
  }
  return {
    path: name,
    frames,
    findings: [...leftBehind, ...(await findDamage(file)), ...findings.list(tracking.columns)],
  }
}

async function findDamage(file: File): Promise<Finding[]> {
  const damages = await file.verify()
  return damages.map(({ path, attribute, problem }) => {
    const where = attribute === undefined ? '' : `attribute ${show(attribute)}: `
    return { ...findingOf('unreadable', `${where}${problem.message}`), dataset: path }
  })
}

function checkedOptions(options: CheckOptions): CheckOptions {
  checkOptions('check', options, ['frameOrder', 'signal'])
  const { frameOrder = 'increasing', signal } = options
  if (frameOrder !== 'increasing' && frameOrder !== 'any') {
    throw invalidArgument('frameOrder', frameOrder, "'increasing' or 'any'")
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidArgument('signal', signal, 'an AbortSignal')
  }
  return { frameOrder, ...(signal && { signal }) }
}

/** The file, or the whole report of a damaged one that HDF5 can open, or that a journal promises to be recoverable. */
async function open(path: string): Promise<Measured | CheckReport> {
  let file: File | undefined
  try {
    file = new File(path, 'r')
    const tracking = layOut(file)
    const lengths = lengthsOf(tracking)
    for (const [i, column] of tracking.columns.entries()) refuseImplausible(file, column, lengths[i] as number)
    return { tracking, lengths, frames: Math.max(...lengths) }
  } catch (error) {
    const damage = file && error instanceof H5TracksError && error.code === 'ERR_DAMAGED' ? await findDamage(file) : []
    const unexplained = file === undefined || !saysItWasClosed(file)
    file?.closeSync()
    if (damage.length > 0) return { path, frames: 0, findings: [...findJournal(path), ...damage] }
    const damaged =
      error instanceof H5TracksError && ['ERR_NOT_HDF5', 'ERR_FORMAT', 'ERR_HDF5', 'ERR_DAMAGED'].includes(error.code)
    const journal = damaged ? findJournal(path) : []
    if (journal.length === 0)
      throw error instanceof H5TracksError && unexplained ? explainDamage(path, namingFollow(path, error)) : error
    return { path, frames: 0, findings: [...journal, findingOf('unreadable', (error as Error).message)] }
  }
}

// A dataset can claim any number of rows. Each of its chunks takes some bytes of the file, at least where it is listed; a
// file that lost many is still to be checked.
const bytesPerChunk = 8
const alwaysAllowed = 2 ** 16

function refuseImplausible(file: File, column: OpenColumn, length: number): void {
  const { shape, chunks } = column.dataset.detailsSync()
  const size = file.byteSizeSync()
  const claimed = chunks
    ? chunks.reduce((product, extent, axis) => product * Math.ceil((axis === 0 ? length : shape![axis]!) / extent), 1)
    : length * rowBytes(column)
  if (claimed <= alwaysAllowed + (chunks ? size / bytesPerChunk : size)) return
  throw new H5TracksError(
    `dataset ${show(column.path)} claims ${length} rows${chunks ? ` in ${claimed} chunks` : ''}; a file of ${size} bytes ` +
      'cannot hold them',
    { code: 'ERR_TOO_LARGE', path: file.filename },
  )
}

function checkLengths({ tracking, lengths, frames }: Measured, findings: Findings): void {
  const longest = tracking.columns[lengths.indexOf(frames)]
  for (const [i, column] of tracking.columns.entries()) {
    const length = lengths[i] as number
    if (length === frames) continue
    const text = () => `has ${length} rows; ${longest?.path} has ${frames}`
    findings.of('lengths-differ', column).add(length, frames, text)
  }
}
