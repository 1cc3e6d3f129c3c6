/** Opens files of any format. */
import { H5TracksError, show } from '../base/errors.js'
import { toPath } from '../base/path.js'
import { detectFormat as detect, formatNamed } from './core/detect.js'
import type { Format, FormatInfo, Source } from './core/format.js'
import type { FormatOptions } from './core/options.js'
import { nameOf } from './core/recordings.js'
import { ReportList } from './core/report.js'
import { formats } from './registry.js'

/** Options of {@link openRecordings}: those of the format, and these. */
export interface OpenOptions extends FormatOptions {
  /** The name of the format. Default: found out from the content and the name of the file. */
  readonly from?: string
  readonly signal?: AbortSignal
  /** Is called during passes over the input that precede the frames. */
  onProgress?(done: number, total: number | undefined, unit: 'bytes' | 'frames'): void
}

/** The recordings of a file. Close it after use. */
export interface OpenRecordings extends Source {
  readonly format: FormatInfo
  /** What was guessed, kept elsewhere and lost so far; complete when the frames are read. */
  readonly report: ReportList
}

/** The format of a file, from its content and its name. Rejects with ERR_FORMAT if it is none of those that can be read. */
export function detectFormat(path: string | URL): Promise<Format> {
  return detect(formats, toPath(path))
}

/**
 * Opens a file of any format that can be read. Its recordings are streams of frames, so memory does not grow with the file.
 *
 * Rejects with ERR_FORMAT for a file that is not what it should be (the message names the file, the place in it and a remedy), with
 * ERR_INVALID_ARGUMENT for options that the format does not have, and with the errors of HDF5 files and of the system.
 */
export async function openRecordings(path: string | URL, options: OpenOptions = {}): Promise<OpenRecordings> {
  const { from, signal, onProgress, ...own } = options
  const name = toPath(path)
  const format = from === undefined ? await detectFormat(name) : formatNamed(formats, 'from', from)
  refuseUnknown(own, [format.reads ?? []], `the format ${format.name}`)
  return openAs(format, name, options)
}

/** Opens a file whose format is known. */
export async function openAs(
  format: Format,
  path: string,
  { signal, onProgress, from: _, ...own }: OpenOptions,
): Promise<OpenRecordings> {
  const report = new ReportList()
  const source = await format.read!(path, {
    ...own,
    report,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  try {
    return {
      format,
      report,
      recordings: chosen(source, path, own.recordings),
      [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    }
  } catch (error) {
    await source[Symbol.asyncDispose]()
    throw error
  }
}

function chosen({ recordings }: Source, path: string, wanted: readonly string[] | undefined): Source['recordings'] {
  if (wanted === undefined) return recordings
  const names = recordings.map(nameOf)
  return wanted.map((name) => {
    const found = recordings[names.indexOf(name)]
    if (found) return found
    throw new H5TracksError(`${path} has no recording ${show(name)}; it has ${names.map(show).join(', ')}`, {
      code: 'ERR_INVALID_ARGUMENT',
      path,
      field: 'recordings',
    })
  })
}

const ofEvery: readonly (keyof FormatOptions)[] = ['recordings', 'metadata']

/** Throws ERR_INVALID_ARGUMENT for an option that none of the formats takes. */
export function refuseUnknown(
  options: FormatOptions,
  taken: readonly (readonly (keyof FormatOptions)[])[],
  what: string,
): void {
  const known: readonly string[] = [...ofEvery, ...taken.flat()]
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue
    throw new H5TracksError(`${what} takes no option ${show(name)}; there are ${known.join(', ')}`, {
      code: 'ERR_INVALID_ARGUMENT',
      field: name,
    })
  }
}
