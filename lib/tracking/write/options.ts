import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import { native } from '../../native/native.js'
import type { Metadata } from '../file/types.js'

export interface WriterOptions {
  /** Slots for fish in a frame, 1 to 2^31 - 1. Default 9. */
  maxFish?: number
  /** Frames that are compressed and stored together, 1 to 2^31 - 1. Default 1000. */
  chunkFrames?: number
  /**
   * Replace a file that exists, instead of refusing with EEXIST. The new one is made as `<file>.overwriting` and takes the name, the
   * mode and, where that is possible, the owner of the old one when nothing can keep it from holding its frames any more: an error
   * or a kill before leaves the old file as it was. What it held is gone once the writer is made, whatever becomes of the run: to
   * keep it until the new one is whole, write under another name, close, and rename. Default false.
   */
  overwrite?: boolean
  /** More fish than `maxFish` in a frame: refuse the frame, or drop the highest ids and count them. Default 'refuse'. */
  excessFish?: 'refuse' | 'drop'
  /** A camera that is not in `cameraNames`: refuse the frame, or leave out what it says and count it. Default 'refuse'. */
  unknownCameras?: 'refuse' | 'ignore'
  /**
   * A box with a fraction in one of its numbers, which are stored as int32: truncate them toward zero, as AquaPose does, and count
   * the box (`boxesTruncated`), or refuse the frame. Default 'truncate'.
   */
  fractionalBoxes?: 'truncate' | 'refuse'
  /** Whether each frame index must be above the one before. Default 'increasing'. */
  frameOrder?: 'increasing' | 'any'
  /**
   * How chunks are stored: gzip of `level` 0 (none) to 9 (smallest) after the shuffle filter or without it, or 'none' for no
   * filter at all. What is left out is the default, which is chosen for speed at a size below that of gzip 4.
   */
  compression?: { level?: number; shuffle?: boolean } | 'none'
  /**
   * How many of this writer's chunks are encoded at once, 1 to 64, by threads that all writers of the process share. Default:
   * the cores, at most 8.
   */
  threads?: number
  /**
   * Blocks of `chunkFrames` frames that may be with the encoder or the disk while another one is filled, 1 to 1000. Default: 7,
   * fewer where that would take more than 64 MiB.
   */
  blocksInFlight?: number
  /** Attributes of the file, e.g. `{ fps: 60, units: 'cm' }`. */
  metadata?: Metadata
  /**
   * What an accepted frame outlasts. Default `'process'`: the death of the process, at any moment, by a journal beside the file
   * (`<file>.journal`), which a clean close removes and `recover` applies. `'power'`: once it is among the writer's
   * `durableFrames`, also the loss of power. `'none'`: nothing before it is drained, for files that can be made again.
   */
  durability?: Durability
  /**
   * With `durability: 'power'`: frames of a block that is not full are synced to the disk every so many ms, 1 to 3 600 000.
   * Default: full blocks are, when they are written.
   */
  syncInterval?: number
  /** Throw away the journal that a dead writer left beside the file, with the frames in it. Default false. */
  discardJournal?: boolean
}

export type Durability = 'process' | 'power' | 'none'

const known = [
  'maxFish',
  'chunkFrames',
  'overwrite',
  'excessFish',
  'unknownCameras',
  'fractionalBoxes',
  'frameOrder',
  'compression',
  'threads',
  'blocksInFlight',
  'metadata',
  'durability',
  'syncInterval',
  'discardJournal',
] as const satisfies (keyof WriterOptions)[]

const int32Max = 2 ** 31 - 1

/** As the caller wants it; `undefined`: the default of each dataset. */
export interface Compression {
  /** null: no deflate filter. */
  level: number | null | undefined
  shuffle: boolean | undefined
}

/** The options with their defaults, checked; `metadata` is checked where it is encoded. */
export function checkWriterOptions(options: WriterOptions) {
  checkOptions('TrackingWriter', options, known)
  const { blocksInFlight } = options
  return {
    maxFish: checkInteger('maxFish', options.maxFish ?? 9, 1, int32Max),
    chunkFrames: checkInteger('chunkFrames', options.chunkFrames ?? 1000, 1, int32Max),
    overwrite: oneOf('overwrite', options.overwrite ?? false, [true, false]),
    excessFish: oneOf('excessFish', options.excessFish ?? 'refuse', ['refuse', 'drop']),
    unknownCameras: oneOf('unknownCameras', options.unknownCameras ?? 'refuse', ['refuse', 'ignore']),
    fractionalBoxes: oneOf('fractionalBoxes', options.fractionalBoxes ?? 'truncate', ['truncate', 'refuse']),
    frameOrder: oneOf('frameOrder', options.frameOrder ?? 'increasing', ['increasing', 'any']),
    compression: checkCompression(options.compression ?? {}),
    threads: checkInteger('threads', options.threads ?? native.versions.threads, 1, 64),
    blocksInFlight: blocksInFlight === undefined ? null : checkInteger('blocksInFlight', blocksInFlight, 1, 1000),
    metadata: options.metadata ?? {},
    ...checkDurability(options),
  }
}

function checkDurability({ durability = 'process', syncInterval, discardJournal = false }: WriterOptions) {
  oneOf('durability', durability, ['process', 'power', 'none'])
  if (syncInterval !== undefined && durability !== 'power') {
    throw invalidArgument('syncInterval', syncInterval, "left out, unless durability is 'power'")
  }
  return {
    durability,
    // 0: with the blocks.
    syncInterval: syncInterval === undefined ? 0 : checkInteger('syncInterval', syncInterval, 1, 3_600_000),
    discardJournal: oneOf('discardJournal', discardJournal, [true, false]),
  }
}

export type CheckedOptions = ReturnType<typeof checkWriterOptions>

/** Options of {@link TrackingWriter.resume}: those of a new file that have a meaning for one that exists. */
export interface ResumeOptions
  extends Pick<
    WriterOptions,
    | 'excessFish'
    | 'unknownCameras'
    | 'fractionalBoxes'
    | 'frameOrder'
    | 'threads'
    | 'blocksInFlight'
    | 'durability'
    | 'syncInterval'
  > {
  /**
   * Take what is there of a file that was not closed and whose journal is missing, as `recover` does, instead of ERR_NOT_CLOSED.
   * Default false.
   */
  acceptLoss?: boolean
  /** What the file must have, where it is given: refused with ERR_FORMAT if it has not. */
  cameraNames?: Iterable<string>
  maxFish?: number
  chunkFrames?: number
}

const resumable = [
  ...known.filter((name) => !['overwrite', 'compression', 'metadata', 'discardJournal'].includes(name)),
  'cameraNames',
  'acceptLoss',
]

/** The options of a resumed file, checked: what it must have, as it was given, and the others with their defaults. */
export function checkResumeOptions(given: ResumeOptions) {
  checkOptions('resume', given, resumable)
  const { cameraNames: _, acceptLoss = false, ...options } = given
  oneOf('acceptLoss', acceptLoss, [true, false])
  const wanted: Pick<ResumeOptions, 'cameraNames' | 'maxFish' | 'chunkFrames'> = given
  return { acceptLoss, wanted, options: checkWriterOptions(options) }
}

export type CheckedResumeOptions = ReturnType<typeof checkResumeOptions>

/** What a block writer wants to know. */
export type WritingOptions = Pick<
  CheckedOptions,
  'threads' | 'blocksInFlight' | 'durability' | 'syncInterval' | 'discardJournal'
> & {
  /** Default true: it has just been made. */
  newFile?: boolean
}

function checkCompression(compression: unknown): Compression {
  if (compression === 'none') return { level: null, shuffle: false }
  if (typeof compression !== 'object' || compression === null) {
    throw invalidArgument('compression', compression, "'none' or an object with level and shuffle")
  }
  checkOptions('compression', compression, ['level', 'shuffle'])
  const { level, shuffle } = compression as { level?: number; shuffle?: boolean }
  return {
    level: level === undefined ? undefined : checkInteger('compression.level', level, 0, 9),
    shuffle: shuffle === undefined ? undefined : oneOf('compression.shuffle', shuffle, [true, false]),
  }
}

function oneOf<T extends string | boolean>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw invalidArgument(name, value, allowed.map((item) => JSON.stringify(item)).join(' or '))
}
