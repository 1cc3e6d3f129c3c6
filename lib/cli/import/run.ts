/** Runs `import`, from the first byte of the input to the closed file. */
import { existsSync, realpathSync } from 'node:fs'
import { H5TracksError } from '../../base/errors.js'
import { NewFile } from '../../scale/shards/output.js'
import { TrackingWriter } from '../../tracking/writer.js'
import { describe, Failure, interruption } from '../shared/exit.js'
import { Replacement } from '../shared/replace.js'
import { count, duration, print, printable, thousands } from '../shared/terminal.js'
import { CsvFile } from './csv-file.js'
import type { Import, ImportOptions } from './job.js'
import { showProgress } from './progress.js'
import { Sink } from './sink.js'
import { Source } from './source.js'
import { checkFormat, isTidy, isTidyFile } from './tidy.js'

export async function importTracks(input: string, output: string, options: ImportOptions): Promise<void> {
  if (existsSync(output)) {
    if (!options.overwrite) throw existsAlready(output)
    if (input !== '-' && existsSync(input) && realpathSync(input) === realpathSync(output)) {
      throw new Failure(`${output} is also the input: importing would overwrite it`)
    }
  }
  checkFormat(options)
  if (input !== '-' && !(await isTidyFile(input, options))) {
    return (await import('./any.js')).importAny(input, output, options)
  }
  const source = await Source.open(input)
  try {
    const format = await formatOf(source, options).catch((error) => {
      throw notWritten(error, output)
    })
    if (format === 'any') {
      await (await import('./any.js')).importRest(source, output, options)
    } else if (format === 'jsonl') {
      await importLines(source, output, options)
    } else {
      await using file = await CsvFile.of(source)
      await importTable(file, source.name, output, options)
    }
  } finally {
    source.close()
  }
}

async function formatOf(source: Source, options: ImportOptions): Promise<'jsonl' | 'csv' | 'any'> {
  const seen = await source.detect()
  if (source.path === undefined && !(await isTidy(source.beginning, options))) return 'any'
  const format = options.format === 'csv' || options.format === 'jsonl' ? options.format : seen
  if (options.sort && format !== 'csv')
    throw new Failure('--sort is only for CSV: in JSON lines, each line is a whole frame')
  return format
}

function notWritten(error: unknown, output: string): Failure {
  const what = describe(interruption.aborted ? interruption.reason : error)
  return new Failure(`${what}; ${output} ${existsSync(output) ? 'is as it was' : 'was not written'}`)
}

/** Imports JSON lines, which may come from a pipe. Frames that were accepted before an error are kept. */
async function importLines(source: Source, output: string, options: ImportOptions): Promise<void> {
  const written = new Replacement(output, options.overwrite)
  const run = new Run('jsonl', written, output, options)
  try {
    const read = () => ({ done: source.bytesRead, total: source.size ?? undefined })
    const job = { ...run.job, name: source.name, path: source.path ?? '', source: async () => source }
    await run.read(job, read, (await import('./jsonl.js')).importJsonLines)
    written.settle()
  } catch (error) {
    throw await keep(error, run.sink, output, written)
  }
  run.report(source.name)
}

/** Imports a table. An error leaves nothing. */
async function importTable(file: CsvFile, name: string, output: string, options: ImportOptions): Promise<void> {
  const newFile = new NewFile(output, [file.path], options.overwrite)
  const written = { path: newFile.partial, options: { overwrite: true, discardJournal: true } as const }
  const run = new Run('csv', written, output, options)
  try {
    const job = { ...run.job, name, path: file.path, source: () => file.open() }
    await run.read(job, () => file.progress, (await import('./csv.js')).importCsv)
    newFile.settle()
  } catch (error) {
    await run.job.discard()
    newFile.giveUp()
    throw notWritten(error, output)
  }
  run.report(name)
}

/** An import: the writer of the output, and what the report says. */
class Run {
  sink: Sink | undefined
  readonly job: Omit<Import, 'name' | 'path' | 'source'>
  readonly #format: 'jsonl' | 'csv'
  readonly #output: string
  readonly #started = performance.now()

  constructor(
    format: 'jsonl' | 'csv',
    written: Pick<Replacement, 'path' | 'options'>,
    output: string,
    options: ImportOptions,
  ) {
    this.#format = format
    this.#output = output
    this.job = {
      options,
      ignored: new Set(),
      notes: { guessed: 0, comments: 0, decimalCommas: false },
      open: (found) => {
        this.sink = createSink(output, written, format, options, found)
        return this.sink
      },
      discard: async () => {
        await this.sink?.writer.close().catch(() => {})
        this.sink = undefined
      },
    }
  }

  /** Reads the input and closes the output. */
  async read(
    job: Import,
    read: Parameters<typeof showProgress>[0],
    reader: (job: Import) => Promise<void>,
  ): Promise<void> {
    const progress = showProgress(read, () => this.sink?.writer.framesWritten ?? 0)
    try {
      await reader(job)
    } finally {
      progress.stop()
    }
    if (this.sink === undefined) throw new Failure(`${job.name} holds no frames`)
    await this.sink.writer.close()
  }

  report(name: string): void {
    const milliseconds = performance.now() - this.#started
    report(this.sink as Sink, { ...this.job, name, output: this.#output, format: this.#format, milliseconds })
  }
}

function createSink(
  output: string,
  written: Pick<Replacement, 'path' | 'options'>,
  format: 'jsonl' | 'csv',
  options: ImportOptions,
  found: Parameters<Import['open']>[0],
): Sink {
  const maxFish = options.maxFish ?? found.maxFish
  const chunkFrames = options.chunkFrames ?? found.chunkFrames
  try {
    const writer = new TrackingWriter(written.path, options.cameras ?? found.cameras ?? [], {
      ...(maxFish !== undefined && { maxFish }),
      ...(chunkFrames !== undefined && { chunkFrames }),
      ...(options.small && { compression: 'small' }),
      ...written.options,
      excessFish: options.dropExcessFish && (format === 'jsonl' || options.maxFish !== undefined) ? 'drop' : 'refuse',
      unknownCameras: options.ignoreUnknownCameras ? 'ignore' : 'refuse',
      fractionalBoxes: options.refuseFractionalBoxes ? 'refuse' : 'truncate',
      // A table can be read again.
      ...(format === 'csv' && { durability: 'none' }),
      frameOrder: options.anyFrameOrder && !options.sort ? 'any' : 'increasing',
      metadata: { ...found.metadata, ...options.metadata },
    })
    // JSON lines can hold a frame without fish; CSV cannot.
    const fillMissing = format === 'csv' && !options.skipMissing && (options.sort || !options.anyFrameOrder)
    return new Sink(writer, { offset: options.frameOffset, fillMissing, anyOrder: options.anyFrameOrder })
  } catch (error) {
    if (error instanceof H5TracksError && error.code === 'EEXIST') throw existsAlready(output)
    throw error
  }
}

function existsAlready(output: string): Failure {
  return new Failure(`${output} exists already; --overwrite replaces it`)
}

/** Closes the new file and keeps the accepted frames, without replacing an existing file. The message says where they are. */
async function keep(error: unknown, sink: Sink | undefined, output: string, written: Replacement): Promise<Failure> {
  const what = describe(interruption.aborted ? interruption.reason : error)
  const asItWas = written.replaces ? `; ${output} is as it was` : ''
  if (sink === undefined) return new Failure(`${what}${asItWas || `; ${output} was not written`}`)
  const { writer } = sink
  try {
    await writer.close()
  } catch (closing) {
    // A failed writer throws the same error again when it is closed; any other error is added.
    const more = describe(closing)
    return new Failure(`${more === what ? what : `${what}; and closing ${writer.path}: ${more}`}${asItWas}`)
  }
  if (writer.framesWritten === 0) {
    // An empty file would only be in the way of the next attempt.
    written.giveUp()
    return new Failure(`${what}; no frame was accepted${asItWas || `, and no ${output} is left`}`)
  }
  const frames = `${count(writer.framesWritten, 'frame')}${interruption.aborted ? '' : ' before it'}`
  return new Failure(
    `${what}; ${frames} ${writer.framesWritten === 1 ? 'is' : 'are'} in ${written.replaces ? writer.path : output}${asItWas}`,
  )
}

type Done = Pick<Import, 'name' | 'options' | 'ignored' | 'notes'> & {
  output: string
  format: 'jsonl' | 'csv'
  milliseconds: number
}

function report(sink: Sink, { output, name, format, options, ignored, notes, milliseconds }: Done): void {
  const { writer, first, last, filled, turns, repeated } = sink
  const span = first === null ? '' : first === last ? ` (${first})` : ` (${first} to ${last})`
  const lines = [
    `${name} -> ${output}: ${count(writer.framesWritten, 'frame')}${span}, ${count(writer.cameraNames.length, 'camera')}`,
  ]
  if (filled > 0)
    lines.push(`${count(filled, 'missing frame')} written as ${filled === 1 ? 'an empty row' : 'empty rows'}`)
  if (writer.fishDropped > 0)
    lines.push(`${count(writer.fishDropped, 'fish', 'fish')} dropped from frames with more than ${writer.maxFish}`)
  if (writer.detectionsIgnored > 0)
    lines.push(`${count(writer.detectionsIgnored, 'detection')} of unknown cameras ignored`)
  if (writer.boxesTruncated > 0)
    lines.push(
      `${count(writer.boxesTruncated, 'box', 'boxes')} had fractions, which were truncated (--refuse-fractional-boxes refuses them)`,
    )
  if (notes.slots !== undefined) lines.push(`slots for fish: ${notes.slots}, as many as a frame has (--max-fish)`)
  if (notes.sorted) lines.push('rows were not in the order of the frames: sorted')
  if (turns > 0) lines.push(`${count(turns, 'frame')} with a number that is not above the one before`)
  if (repeated > 0)
    lines.push(`${count(repeated, 'frame')} with the number of an earlier frame: each line makes a frame`)
  if (notes.guessed > 0) lines.push(guessText(notes.guessed, options.confirmed))
  if (notes.decimalCommas) lines.push('decimal commas: 1,5 was read as 1.5')
  if (notes.comments > 0) lines.push(`${count(notes.comments, 'line')} of comments left out`)
  if (ignored.size > 0)
    lines.push(`${format === 'csv' ? 'columns' : 'keys'} ignored: ${printable([...ignored].join(', '))}`)
  const rate = thousands(writer.framesWritten / (milliseconds / 1000))
  lines.push(`${duration(milliseconds / 1000)}, ${rate} frames/s`)
  print(`${lines.join('\n')}\n`)
}

function guessText(guessed: number, cameras: number): string {
  const rule = cameras === 0 ? 'all' : cameras === Infinity ? 'none' : `those in ${count(cameras, 'camera')} or more`
  return `${count(guessed, 'record')} for which the input does not say whether the fish is confirmed: ${rule} are (see --confirmed)`
}
