/** The options of `TrackingWriter`: those of every file, and those that speak of fish and boxes. */
import { checkInteger, checkOptions } from '../base/errors.js'
import {
  type ContinueOptions,
  checkFileOptions,
  continueOptions,
  type FileOptions,
  fileOptions,
  int32Max,
  oneOf,
} from '../frames/write/open/options.js'

/** Options of a {@link TrackingWriter}. */
export interface WriterOptions extends FileOptions {
  /** Number of slots for fish in a frame, 1 to 2^31 - 1. Default: 9. */
  maxFish?: number
  /** If a frame has more fish than `maxFish`: refuse the frame, or drop the highest ids and count them. Default: 'refuse'. */
  excessFish?: 'refuse' | 'drop'
  /**
   * If a number of a box, which is stored as int32, has a fraction: truncate it toward zero, as AquaPose does, and count the box
   * (`boxesTruncated`), or refuse the frame. Default: 'truncate'.
   */
  fractionalBoxes?: 'truncate' | 'refuse'
}

const own = ['maxFish', 'excessFish', 'fractionalBoxes'] as const satisfies (keyof WriterOptions)[]

/** Checks the options and fills in the defaults. */
export function checkWriterOptions(options: WriterOptions) {
  checkOptions('TrackingWriter', options, [...own, ...fileOptions])
  return checked(options)
}

function checked(options: WriterOptions) {
  const maxFish = checkInteger('maxFish', options.maxFish ?? 9, 1, int32Max)
  return {
    ...checkFileOptions(options),
    maxFish,
    excessFish: oneOf('excessFish', options.excessFish ?? 'refuse', ['refuse', 'drop']),
    fractionalBoxes: oneOf('fractionalBoxes', options.fractionalBoxes ?? 'truncate', ['truncate', 'refuse']),
  }
}

export type CheckedWriterOptions = ReturnType<typeof checkWriterOptions>

/** Options of {@link TrackingWriter.resume}: the options of a new file that apply to an existing one. */
export interface ResumeOptions extends ContinueOptions, Pick<WriterOptions, 'excessFish' | 'fractionalBoxes'> {
  /** Throw ERR_FORMAT if the cameras of the file are not these. */
  cameraNames?: Iterable<string>
  /** Throw ERR_FORMAT if the number of slots in the file is not this. */
  maxFish?: number
}

/** Checks the options for resuming. `wanted`: the properties that the file must have; `options`: the others with their defaults. */
export function checkResumeOptions(given: ResumeOptions) {
  checkOptions('resume', given, [...own, ...continueOptions, 'cameraNames'])
  const { cameraNames: _, acceptLoss = false, ...options } = given
  oneOf('acceptLoss', acceptLoss, [true, false])
  const wanted: Pick<ResumeOptions, 'cameraNames' | 'maxFish' | 'chunkFrames'> = given
  return { acceptLoss, wanted, options: checked(options) }
}
