/** `convert`: a file of any format into a file of any other. */
import { toPath } from '../base/path.js'
import { NewFile } from '../scale/shards/output.js'
import { detectFormat, formatForOutput, formatNamed } from './core/detect.js'
import type { Recording, WriteOptions } from './core/format.js'
import type { FormatOptions } from './core/options.js'
import { nameOf } from './core/recordings.js'
import type { ReportEntry } from './core/report.js'
import { type OpenRecordings, openAs, refuseUnknown } from './open.js'
import { formats } from './registry.js'

/** How far a conversion has come. `total` is undefined if it is not known. */
export interface ConvertProgress {
  readonly done: number
  readonly total: number | undefined
  readonly unit: 'bytes' | 'frames'
}

/** Options of {@link convert}: those of both formats, and these. */
export interface ConvertOptions extends FormatOptions {
  /** The name of the input's format. Default: found out from its content and its name. */
  readonly from?: string
  /** The name of the output's format. Default: what the name of the output says. */
  readonly to?: string
  /** Replace an existing output when the new one is complete. Default: false. */
  readonly overwrite?: boolean
  readonly signal?: AbortSignal
  onProgress?(progress: ConvertProgress): void
}

/** What {@link convert} did. */
export interface ConvertReport {
  readonly input: string
  readonly output: string
  /** The names of the formats. */
  readonly from: string
  readonly to: string
  readonly recordings: readonly { readonly name: string; readonly frames: number }[]
  /** What was lost, guessed, or kept elsewhere. */
  readonly report: readonly ReportEntry[]
}

/**
 * Converts a file. The output is written as `<output>.partial` and takes its name when it is complete, so that an error leaves nothing under
 * that name. Memory does not grow with the input.
 *
 * Rejects with ERR_FORMAT for an input that is not what it should be (the message names the file, the place in it and a remedy),
 * ERR_UNSUPPORTED for an output that cannot hold what the input has, ERR_INVALID_ARGUMENT for options that neither format has, EEXIST,
 * and the errors of HDF5 files and of the system.
 */
export async function convert(
  input: string | URL,
  output: string | URL,
  options: ConvertOptions = {},
): Promise<ConvertReport> {
  const { from, to, overwrite = false, signal, onProgress, ...own } = options
  const [source, target] = [toPath(input), toPath(output)]
  const writing = to === undefined ? formatForOutput(formats, target) : formatNamed(formats, 'to', to)
  const reading = from === undefined ? await detectFormat(formats, source) : formatNamed(formats, 'from', from)
  refuseUnknown(own, [reading.reads ?? [], writing.writes ?? []], `${reading.name} to ${writing.name}`)
  const file = new NewFile(target, [source], overwrite)
  try {
    await using opened = await openAs(reading, source, {
      ...own,
      ...(signal && { signal }),
      ...(onProgress && {
        onProgress: (done: number, total: number | undefined, unit: 'bytes' | 'frames') =>
          onProgress({ done, total, unit }),
      }),
    })
    const counted = opened.recordings.map((recording) => new Counted(recording, own))
    const watched = watch(counted, onProgress)
    const writeOptions: WriteOptions = { ...own, report: opened.report, finalPath: target, ...(signal && { signal }) }
    await writing.write!(watched, file.partial, writeOptions)
    signal?.throwIfAborted()
    file.settle()
    return reportOf(opened, counted, { input: source, output: target, from: reading.name, to: writing.name })
  } catch (error) {
    file.giveUp()
    throw error
  }
}

/** A recording whose frames are counted as they are read. */
class Counted implements Recording {
  readonly layout
  readonly cameras
  readonly metadata
  readonly frames
  readonly chunkFrames
  /** Number of frames of the present pass. */
  done = 0
  onBatch: (() => void) | undefined
  readonly #recording: Recording

  constructor(recording: Recording, { metadata }: FormatOptions) {
    this.#recording = recording
    this.layout = recording.layout
    this.cameras = recording.cameras
    this.metadata = { ...recording.metadata, ...metadata }
    this.frames = recording.frames
    this.chunkFrames = recording.chunkFrames
  }

  async *batches() {
    this.done = 0
    for await (const batch of this.#recording.batches()) {
      yield batch
      const index = batch[this.layout.index.name] as { data: { length: number } }
      this.done += index.data.length
      this.onBatch?.()
    }
  }
}

function watch(recordings: readonly Counted[], onProgress: ConvertOptions['onProgress']): readonly Recording[] {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, n) => all + n, 0)
  const known = recordings.every(({ frames }) => frames !== undefined)
  const total = known ? sum(recordings.map(({ frames }) => frames as number)) : undefined
  for (const recording of recordings) {
    recording.onBatch = () => onProgress?.({ done: sum(recordings.map(({ done }) => done)), total, unit: 'frames' })
  }
  return recordings
}

function reportOf(
  { report }: OpenRecordings,
  recordings: readonly Counted[],
  names: Pick<ConvertReport, 'input' | 'output' | 'from' | 'to'>,
): ConvertReport {
  return {
    ...names,
    recordings: recordings.map((recording) => ({ name: nameOf(recording), frames: recording.done })),
    report: report.entries,
  }
}
