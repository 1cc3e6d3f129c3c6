/** Runs `import`, from the first byte of the input to the closed file. */
import { existsSync, realpathSync } from 'node:fs'
import { H5TracksError } from '../../base/errors.js'
import { TrackingWriter } from '../../tracking/writer.js'
import { describe, Failure, interruption } from '../shared/exit.js'
import { Replacement } from '../shared/replace.js'
import { count, duration, print, printable, thousands } from '../shared/terminal.js'
import type { Import, ImportOptions, Notes } from './job.js'
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
  const written = new Replacement(output, options.overwrite)
  const source = await Source.open(input)
  const started = performance.now()
  let sink: Sink | undefined
  const progress = showProgress(source, () => sink?.writer.framesWritten ?? 0)
  const ignored = new Set<string>()
  const notes: Notes = { guessed: 0, comments: 0, decimalCommas: false }
  let format: 'jsonl' | 'csv' = 'jsonl'
  try {
    try {
      const seen = await source.detect()
      if (input === '-' && !(await isTidy(source.beginning, options))) {
        progress.stop()
        return await (await import('./any.js')).importRest(source, output, options)
      }
      format = options.format === 'csv' || options.format === 'jsonl' ? options.format : seen
      if (options.sort && format !== 'csv')
        throw new Failure('--sort is only for CSV: in JSON lines, each line is a whole frame')
      const open: Import['open'] = (found) => (sink = createSink(output, written, format, options, found))
      const read =
        format === 'csv' ? (await import('./csv.js')).importCsv : (await import('./jsonl.js')).importJsonLines
      await read({ source, options, ignored, notes, open })
      if (sink === undefined) throw new Failure(`${source.name} holds no frames`)
    } finally {
      source.close()
      progress.stop()
    }
    await (sink as Sink).writer.close()
    written.settle()
  } catch (error) {
    throw await giveUp(error, sink, output, written)
  }
  report(sink as Sink, { output, source, format, options, ignored, notes, milliseconds: performance.now() - started })
}

function createSink(
  output: string,
  written: Replacement,
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
      excessFish: options.dropExcessFish ? 'drop' : 'refuse',
      unknownCameras: options.ignoreUnknownCameras ? 'ignore' : 'refuse',
      fractionalBoxes: options.refuseFractionalBoxes ? 'refuse' : 'truncate',
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
async function giveUp(error: unknown, sink: Sink | undefined, output: string, written: Replacement): Promise<Failure> {
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

type Done = Pick<Import, 'source' | 'options' | 'ignored' | 'notes'> & {
  output: string
  format: 'jsonl' | 'csv'
  milliseconds: number
}

function report(sink: Sink, { output, source: { name }, format, options, ignored, notes, milliseconds }: Done): void {
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
