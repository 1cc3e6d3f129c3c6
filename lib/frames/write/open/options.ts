/** The options that all writers have, and their checks. */
import { checkInteger, checkOptions, invalidArgument } from '../../../base/errors.js'
import { native } from '../../../native/native.js'
import type { Metadata } from '../../file/types.js'

/** The options of every new file. */
export interface FileOptions {
  /** Number of frames that are compressed and stored together, 1 to 2^31 - 1. Default: 1000. */
  chunkFrames?: number
  /**
   * Replace an existing file instead of throwing EEXIST. Default: false.
   *
   * The new file is created as `<file>.overwriting`. It takes the name, the mode and, if possible, the owner of the old file when the
   * constructor has done everything that can fail; an error or a kill before that leaves the old file as it was. After the
   * constructor returns, the old contents are gone, even if the run fails. To keep them until the new file is complete, write to
   * another name, close, and rename.
   */
  overwrite?: boolean
  /** 'increasing': each frame index must be greater than the one before. Default: 'increasing'. */
  frameOrder?: 'increasing' | 'any'
  /**
   * Compression of chunks: gzip `level` from 0 (none) to 9 (smallest), with or without the shuffle filter; 'none' for no filters;
   * 'small' for the smallest chunks, which take up to a hundred times as long to encode.
   *
   * By default the chunks are encoded for speed, and are smaller than those of gzip level 4. The encoder looks at the values of each
   * chunk, and takes longer where that pays and the threads have time to spare, so the bytes of a large file may differ from run to
   * run; its values do not. See docs/compression.md.
   */
  compression?: { level?: number; shuffle?: boolean } | 'none' | 'small'
  /**
   * Maximum number of this writer's chunks that are encoded at the same time, 1 to 64. All writers of the process share the encoder
   * threads. Default: the number of cores, at most 8.
   */
  threads?: number
  /**
   * Maximum number of blocks, of `chunkFrames` frames each, that are being encoded or written while another one is filled, 1 to 1000.
   * Default: 7, or fewer so that all blocks take at most 64 MiB.
   */
  blocksInFlight?: number
  /** Attributes of the file, e.g. `{ fps: 60, units: 'cm' }`. */
  metadata?: Metadata
  /**
   * What an accepted frame survives.
   *
   * - `'process'` (the default): the death of the process at any moment. A journal beside the file (`<file>.journal`) holds the frames
   *   that the file lacks; `recover` applies it, and a clean close deletes it.
   * - `'power'`: also a loss of power, as soon as the frame is counted in the writer's `durableFrames`.
   * - `'none'`: nothing until the frame is drained. For files that can be made again.
   */
  durability?: Durability
  /**
   * With `durability: 'power'`: interval in ms, 1 to 3 600 000, at which the frames of a block that is not full are synced to the disk.
   * Default: only full blocks are synced.
   */
  syncInterval?: number
  /** Delete the journal that a dead writer left, with the frames in it, instead of throwing ERR_NEEDS_RECOVERY. Default: false. */
  discardJournal?: boolean
  /** If a camera is not one of the file's: refuse the frame, or ignore its values and count them. Default: 'refuse'. */
  unknownCameras?: 'refuse' | 'ignore'
}

/** What an accepted frame survives, see {@link FileOptions.durability}. */
export type Durability = 'process' | 'power' | 'none'

/** The names of {@link FileOptions}. */
export const fileOptions = [
  'chunkFrames',
  'overwrite',
  'frameOrder',
  'compression',
  'threads',
  'blocksInFlight',
  'metadata',
  'durability',
  'syncInterval',
  'discardJournal',
  'unknownCameras',
] as const satisfies (keyof FileOptions)[]

/** The options of a new file that apply to an existing one, too. */
export interface ContinueOptions
  extends Pick<
    FileOptions,
    'unknownCameras' | 'frameOrder' | 'threads' | 'blocksInFlight' | 'durability' | 'syncInterval'
  > {
  /**
   * Use what is left of a file that was not closed and whose journal is missing, as `recover` does, instead of throwing
   * ERR_NOT_CLOSED. Default: false.
   */
  acceptLoss?: boolean
  /** Throw ERR_FORMAT if the number of frames in a chunk of the file is not this. */
  chunkFrames?: number
}

/** The names of {@link ContinueOptions}. */
export const continueOptions = [
  'unknownCameras',
  'frameOrder',
  'threads',
  'blocksInFlight',
  'durability',
  'syncInterval',
  'acceptLoss',
  'chunkFrames',
] as const satisfies (keyof ContinueOptions)[]

export const int32Max = 2 ** 31 - 1

/** The compression that the caller chose; undefined fields have defaults. */
export interface Compression {
  /** Takes as long as it needs for the smallest chunks. */
  small: boolean
  /** null for no deflate filter. */
  level: number | null | undefined
  shuffle: boolean | undefined
}

/** Checks the options and fills in the defaults. `metadata` is checked later, when it is encoded. */
export function checkFileOptions(options: FileOptions) {
  const { blocksInFlight } = options
  return {
    chunkFrames: checkInteger('chunkFrames', options.chunkFrames ?? 1000, 1, int32Max),
    overwrite: oneOf('overwrite', options.overwrite ?? false, [true, false]),
    unknownCameras: oneOf('unknownCameras', options.unknownCameras ?? 'refuse', ['refuse', 'ignore']),
    frameOrder: oneOf('frameOrder', options.frameOrder ?? 'increasing', ['increasing', 'any']),
    compression: checkCompression(options.compression ?? {}),
    threads: checkInteger('threads', options.threads ?? native.versions.threads, 1, 64),
    blocksInFlight: blocksInFlight === undefined ? null : checkInteger('blocksInFlight', blocksInFlight, 1, 1000),
    metadata: options.metadata ?? {},
    ...checkDurability(options),
  }
}

function checkDurability({ durability = 'process', syncInterval, discardJournal = false }: FileOptions) {
  oneOf('durability', durability, ['process', 'power', 'none'])
  if (syncInterval !== undefined && durability !== 'power') {
    throw invalidArgument('syncInterval', syncInterval, "left out, unless durability is 'power'")
  }
  return {
    durability,
    // 0 syncs full blocks only.
    syncInterval: syncInterval === undefined ? 0 : checkInteger('syncInterval', syncInterval, 1, 3_600_000),
    discardJournal: oneOf('discardJournal', discardJournal, [true, false]),
  }
}

export type CheckedOptions = ReturnType<typeof checkFileOptions>

/** The options that concern the block writer. */
export type WritingOptions = Pick<
  CheckedOptions,
  'threads' | 'blocksInFlight' | 'durability' | 'syncInterval' | 'discardJournal'
> & {
  /** True if the file was just created. Default: true. */
  newFile?: boolean
}

function checkCompression(compression: unknown): Compression {
  if (compression === 'none') return { small: false, level: null, shuffle: false }
  if (compression === 'small') return { small: true, level: 9, shuffle: true }
  if (typeof compression !== 'object' || compression === null) {
    throw invalidArgument('compression', compression, "'none', 'small' or an object with level and shuffle")
  }
  checkOptions('compression', compression, ['level', 'shuffle'])
  const { level, shuffle } = compression as { level?: number; shuffle?: boolean }
  return {
    small: false,
    level: level === undefined ? undefined : checkInteger('compression.level', level, 0, 9),
    shuffle: shuffle === undefined ? undefined : oneOf('compression.shuffle', shuffle, [true, false]),
  }
}

/** Returns `value` if it is allowed; else throws ERR_INVALID_ARGUMENT. */
export function oneOf<T extends string | boolean>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw invalidArgument(name, value, allowed.map((item) => JSON.stringify(item)).join(' or '))
}
