/** The options for joining files. */
import { checkOptions, invalidArgument } from '../../base/errors.js'

export interface JoinOptions {
  /** Replace an existing file, once the new one is complete, instead of throwing EEXIST. Default: false. */
  overwrite?: boolean
  /**
   * 'same': the attributes that callers gave (`metadata`) must be equal in all files. 'first': those of the first file are kept, and
   * those of the others may differ. Default: 'same'.
   */
  metadata?: 'same' | 'first'
  /** 'increasing': frame indices must increase within the files and from file to file. Default: 'increasing'. */
  frameOrder?: 'increasing' | 'any'
  /** Abort; the output stays as it was. */
  signal?: AbortSignal
}

/** Checks the options and fills in the defaults. `others`: options that are checked elsewhere. Throws ERR_INVALID_ARGUMENT. */
export function checkJoinOptions(name: string, options: JoinOptions, others: readonly string[] = []) {
  checkOptions(name, options, ['overwrite', 'metadata', 'frameOrder', 'signal', ...others])
  const { overwrite = false, metadata = 'same', frameOrder = 'increasing', signal } = options
  if (typeof overwrite !== 'boolean') throw invalidArgument('overwrite', overwrite, 'true or false')
  if (metadata !== 'same' && metadata !== 'first') throw invalidArgument('metadata', metadata, "'same' or 'first'")
  if (frameOrder !== 'increasing' && frameOrder !== 'any') {
    throw invalidArgument('frameOrder', frameOrder, "'increasing' or 'any'")
  }
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidArgument('signal', signal, 'an AbortSignal')
  return { overwrite, metadata, frameOrder, ...(signal && { signal }) } as const
}
