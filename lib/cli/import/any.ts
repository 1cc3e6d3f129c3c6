/** Imports what has no reader of its own here: files of other programs, and tables of any columns. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { H5TracksError } from '../../base/errors.js'
import { type ConvertOptions, convert } from '../../formats/convert.js'
import { reportLines } from '../shared/conversion-text.js'
import { interruption, UsageError } from '../shared/exit.js'
import { progressBar } from '../shared/progress-bar.js'
import { duration, print } from '../shared/terminal.js'
import type { ImportOptions } from './job.js'
import type { Source } from './source.js'

/** Imports a file, through the readers of `h5tracks convert`. */
export async function importAny(input: string, output: string, options: ImportOptions, name = input): Promise<void> {
  refuseOthers(options)
  const started = performance.now()
  const bar = progressBar()
  const {
    format,
    columns,
    delimiter,
    decimal,
    groups,
    fps,
    maxFish,
    chunkFrames,
    metadata,
    small,
    overwrite,
    decimalComma,
  } = options
  const mark = decimal ?? (decimalComma ? ',' : undefined)
  const given: ConvertOptions = {
    ...(format !== undefined && { from: format }),
    ...(columns && { columns }),
    ...(delimiter !== undefined && { delimiter }),
    ...(mark !== undefined && { decimal: mark }),
    ...(groups && { groups }),
    ...(fps !== undefined && { fps }),
    ...(maxFish !== undefined && { max: maxFish }),
    ...(chunkFrames !== undefined && { chunkFrames }),
    ...(metadata && { metadata }),
    ...(small && { small }),
  }
  try {
    const report = await convert(input, output, {
      ...given,
      to: 'h5tracks',
      tracking: true,
      overwrite,
      signal: interruption,
      onProgress: bar.update,
    })
    bar.stop()
    const seconds = (performance.now() - started) / 1000
    print(`${[...reportLines({ ...report, input: name }), duration(seconds)].join('\n')}\n`)
  } finally {
    bar.stop()
  }
}

/** Imports the rest of standard input, which is copied to a temporary file first. */
export async function importRest(source: Source, output: string, options: ImportOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'h5tracks-'))
  try {
    const copy = join(folder, 'standard input')
    await pipeline(source.raw(), createWriteStream(copy), { signal: interruption })
    await importAny(copy, output, options, 'standard input')
  } catch (error) {
    if (!(error instanceof H5TracksError)) throw error
    throw new H5TracksError(error.message.replaceAll(join(folder, 'standard input'), 'standard input'), { ...error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Refuses options that are only for tracking files in CSV and JSON lines. */
function refuseOthers(options: ImportOptions): void {
  const only = {
    '--cameras': options.cameras !== undefined,
    '--frame-offset': options.frameOffset !== 0,
    '--drop-excess-fish': options.dropExcessFish,
    '--ignore-unknown-cameras': options.ignoreUnknownCameras,
    '--refuse-fractional-boxes': options.refuseFractionalBoxes,
    '--any-frame-order': options.anyFrameOrder,
  }
  const [odd] = Object.entries(only).flatMap(([name, given]) => (given ? [name] : []))
  if (odd !== undefined) {
    throw new UsageError(
      `${odd} is only for CSV with the columns frame, id, x, y and z, and for JSON lines of tracks; leave it out`,
    )
  }
}
