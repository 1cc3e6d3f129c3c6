/** The options that all edits have. */
import { checkOptions, invalidArgument } from '../base/errors.js'

/** How far an edit has come. */
export interface EditProgress {
  /** Number of frames that are in the new file, of all layouts together. */
  frames: number
  totalFrames: number
}

export interface EditOptions {
  /** Replace an existing file, once the new one is complete, instead of throwing EEXIST. Default: false. */
  overwrite?: boolean
  /** Abort; the output stays as it was. */
  signal?: AbortSignal
  /** Is called after each piece of about 8 MiB of values. */
  onProgress?(progress: EditProgress): void
}

/** Options for edits of the frames of one layout. */
export interface LayoutOption {
  /** The name of the group of the layout to edit. Needed if the file has several layouts that are not written in step. */
  layout?: string
}

/** Throws ERR_INVALID_ARGUMENT. */
export function checkEditOptions(name: string, options: EditOptions, others: readonly string[]): void {
  checkOptions(name, options, ['overwrite', 'signal', 'onProgress', ...others])
  const { overwrite, signal, onProgress } = options
  if (overwrite !== undefined && typeof overwrite !== 'boolean')
    throw invalidArgument('overwrite', overwrite, 'true or false')
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw invalidArgument('onProgress', onProgress, 'a function')
}

/** Keys of records: distinct integers from 0 to 2^31 - 1, at least one. Throws ERR_INVALID_ARGUMENT. */
export function checkKeys(name: string, keys: Iterable<number>): Set<number> {
  const isList = typeof keys === 'object' && keys !== null && Symbol.iterator in keys
  const list: unknown[] = isList ? [...keys] : []
  const isKey = (key: unknown) => Number.isInteger(key) && (key as number) >= 0 && (key as number) < 2 ** 31
  if (list.length === 0 || !list.every(isKey)) throw invalidArgument(name, keys, 'a list of ids: integers of 0 or more')
  return new Set(list as number[])
}
