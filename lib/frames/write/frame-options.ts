/** The options of `FrameWriter`. */
import { checkInteger, checkOptions } from '../../base/errors.js'
import { checkCameraNames } from '../file/cameras.js'
import {
  type ContinueOptions,
  checkFileOptions,
  continueOptions,
  type FileOptions,
  fileOptions,
  int32Max,
  oneOf,
} from './open/options.js'
import type { Wanted } from './open/resume.js'

/** Options of a `FrameWriter`. */
export interface FrameWriterOptions extends FileOptions {
  /** The cameras in their order: distinct, non-empty names without '/' and NUL. Needed by layouts with fields for each camera. */
  cameras?: Iterable<string>
  /** Number of slots for records in a frame. Default: `slots.max` of the layout. */
  slots?: number
  /** If a frame has more records than slots: refuse the frame, or drop the highest keys and count them. Default: 'refuse'. */
  excessRecords?: 'refuse' | 'drop'
}

const own = ['cameras', 'slots', 'excessRecords'] as const satisfies (keyof FrameWriterOptions)[]

/** Checks the options and fills in the defaults, except those that depend on the layout. */
export function checkFrameOptions(options: FrameWriterOptions) {
  checkOptions('FrameWriter', options, [...own, ...fileOptions])
  return checked(options)
}

function checked({ cameras, slots, excessRecords = 'refuse', ...options }: FrameWriterOptions) {
  return {
    ...checkFileOptions(options),
    cameras,
    slots: slots === undefined ? undefined : checkInteger('slots', slots, 1, int32Max),
    excessRecords: oneOf('excessRecords', excessRecords, ['refuse', 'drop']),
  }
}

/** Options of `FrameWriter.resume`: the options of a new file that apply to an existing one. */
export interface FrameResumeOptions extends ContinueOptions, Pick<FrameWriterOptions, 'excessRecords'> {
  /** Throw ERR_FORMAT if the cameras of the file are not these. */
  cameras?: Iterable<string>
  /** Throw ERR_FORMAT if the number of slots in the file is not this. */
  slots?: number
}

/** Checks the options for resuming. `wanted`: the properties that the file must have; `options`: the others with their defaults. */
export function checkFrameResumeOptions(given: FrameResumeOptions) {
  checkOptions('resume', given, [...own, ...continueOptions])
  const { cameras, acceptLoss = false, ...options } = given
  oneOf('acceptLoss', acceptLoss, [true, false])
  const names = cameras === undefined ? undefined : checkCameraNames(cameras, 'cameras')
  const wanted: Wanted[] = [
    { option: 'cameras', property: 'cameraNames', value: names },
    { option: 'slots', property: 'slots', value: given.slots },
    { option: 'chunkFrames', property: 'chunkFrames', value: given.chunkFrames },
  ]
  return { acceptLoss, wanted, options: checked(options) }
}
