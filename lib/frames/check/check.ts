/** `check`: finds what is wrong in a file, also in one that readers refuse. */
import { checkOptions, H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { File } from '../../hdf5/objects/file.js'
import { type Layout, rowBytes } from '../../layout/model.js'
import { choiceOf, nameOf } from '../file/choose.js'
import { layOut } from '../file/lay-out.js'
import { groupsInStep } from '../file/metadata.js'
import { chosen, lengthsOf, namingFollow } from '../file/open.js'
import type { OpenColumn } from '../file/open-columns.js'
import { layoutsToOpen } from '../file/open-layouts.js'
import { explainDamage, saysItWasClosed } from '../file/unclosed.js'
import { refuseProblems } from '../sources/open.js'
import { Findings } from './findings.js'
import { type Measured, readPieces } from './pieces.js'
import { type CheckReport, type Finding, findingOf } from './report.js'
import { RowCheck } from './rows.js'
import { findJournal, findLeftBehind } from './shutdown.js'
import { termsOf } from './terms.js'

/** Options of {@link check}. */
export interface CheckOptions {
  /** `'any'`: do not report frame indices that do not increase. Default: `'increasing'`. */
  frameOrder?: 'increasing' | 'any'
  /** Check only the layout in the group of this name. Default: all layouts of the file. */
  layout?: string
  /** Read values that lie in other files, which the file names. Only for files that you trust. Default: false. */
  external?: boolean
  /** Aborts the check between two windows; it then rejects with the signal's reason. */
  signal?: AbortSignal
}

/**
 * Finds everything that is wrong in a file of any layout, see {@link FindingCode}. Reads every value, in windows of 8 MiB, so that memory
 * does not grow with the file. In tracking files, a detection index of -1 together with a box is not an error.
 *
 * If the file does not have the layout that its group names, rejects with the errors of the constructor of TrackingReader. Datasets of
 * different lengths and objects that cannot be opened are findings. Rejects with ERR_TOO_LARGE for more rows than a file of this
 * size can hold. With `external`, rejects as `TrackingReader` for the first file whose values cannot be read.
 *
 * ```ts
 * const { findings } = await check('out.h5')
 * for (const { severity, code, dataset, frames, text } of findings) console.log(severity, code, dataset, frames, text)
 * ```
 */
export async function check(path: string | URL, options: CheckOptions = {}): Promise<CheckReport> {
  const { frameOrder, layout, external, signal } = checkedOptions(options)
  const name = toPath(path)
  signal?.throwIfAborted()
  const opened = await open(name, layout, external)
  if ('findings' in opened) return opened
  const { layouts } = opened
  using file = opened.file
  if (external) refuseProblems(name)
  const leftBehind = findLeftBehind(file)
  const found: Finding[][] = []
  for (const measured of layouts) found.push(await checkLayout(measured, frameOrder === 'any', signal))
  const [only, another] = layouts as [Measured, ...Measured[]]
  const isTracking = !another && termsOf(only.opened.layout).isTracking
  const named = layouts.map(({ opened, frames }) => ({ name: nameOf(opened.layout.root), frames }))
  const ofLayouts = found.flatMap((findings, i) =>
    findings.map((finding) => (isTracking ? finding : withLayout(finding, (named[i] as { name: string }).name))),
  )
  const all = [...leftBehind, ...(await findDamage(file)), ...ofLayouts]
  const information = all.filter(({ severity }) => severity === 'info')
  return {
    path: name,
    frames: only.frames,
    ...(!isTracking && { layouts: named }),
    findings: all.filter(({ severity }) => severity !== 'info'),
    ...(information.length > 0 && { information }),
  }
}

async function checkLayout(measured: Measured, anyOrder: boolean, signal: AbortSignal | undefined): Promise<Finding[]> {
  const { layout, slots, columns } = measured.opened
  const findings = new Findings(termsOf(layout))
  checkLengths(measured, findings)
  const rows = new RowCheck(findings, layout, slots, anyOrder)
  for await (const piece of readPieces(measured, findings)) {
    signal?.throwIfAborted()
    rows.check(piece)
  }
  rows.finish()
  return findings.list(columns)
}

const withLayout = ({ code, severity, ...rest }: Finding, layout: string): Finding => ({
  code,
  severity,
  layout,
  ...rest,
})

async function findDamage(file: File): Promise<Finding[]> {
  const damages = await file.verify()
  return damages.map(({ path, attribute, problem }) => {
    const where = attribute === undefined ? '' : `attribute ${show(attribute)}: `
    return { ...findingOf('unreadable', `${where}${problem.message}`), dataset: path }
  })
}

function checkedOptions(options: CheckOptions): CheckOptions & { external: boolean } {
  checkOptions('check', options, ['frameOrder', 'layout', 'external', 'signal'])
  const { frameOrder = 'increasing', layout, external = false, signal } = options
  if (frameOrder !== 'increasing' && frameOrder !== 'any') {
    throw invalidArgument('frameOrder', frameOrder, "'increasing' or 'any'")
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidArgument('signal', signal, 'an AbortSignal')
  }
  if (layout !== undefined && typeof layout !== 'string') throw invalidArgument('layout', layout, 'the name of a group')
  if (typeof external !== 'boolean') throw invalidArgument('external', external, 'true or false')
  return { frameOrder, external, ...(layout !== undefined && { layout }), ...(signal && { signal }) }
}

interface Opened {
  file: File
  layouts: Measured[]
}

/** Opens the file. Returns a finished report if its contents are too damaged, or if it cannot be opened but has a journal. */
async function open(path: string, layout: string | undefined, external: boolean): Promise<Opened | CheckReport> {
  let file: File | undefined
  try {
    file = new File(path, 'r', { external })
    const layouts: Measured[] = []
    const wanted = layout === undefined ? layoutsToOpen(file) : [chosen(file, choiceOf(layout))]
    for (const one of wanted) layouts.push(measure(file, one))
    return { file, layouts: inStep(file, layouts) }
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

function measure(file: File, layout: Layout): Measured {
  const opened = layOut(file, layout)
  const lengths = lengthsOf(opened)
  for (const [i, column] of opened.columns.entries()) refuseImplausible(file, column, lengths[i] as number)
  const frames = Math.max(...lengths)
  return { opened, lengths, frames, longest: opened.columns[lengths.indexOf(frames)]?.path ?? layout.root }
}

/** Layouts that are written in step have as many rows as the longest of them. */
function inStep(file: File, layouts: readonly Measured[]): Measured[] {
  return layouts.map((measured) => {
    const together = groupsInStep(file, measured.opened.layout.root)
    const others = layouts.filter(({ opened }) => together.includes(opened.layout.root))
    const { frames, longest } = others.reduce((most, one) => (one.frames > most.frames ? one : most), measured)
    return { ...measured, frames, longest }
  })
}

// A dataset can claim any number of rows. Each chunk takes at least some bytes of the chunk index; the limit is low, so that a file
// that has lost most of its chunks can still be checked.
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

function checkLengths({ opened: { columns }, lengths, frames, longest }: Measured, findings: Findings): void {
  for (const [i, column] of columns.entries()) {
    const length = lengths[i] as number
    if (length === frames) continue
    const text = () => `has ${length} rows; ${longest} has ${frames}`
    findings.of('lengths-differ', column).add(length, frames, text)
  }
}
