/** The options for opening a file in this process or in a separate one. */
import { checkOptions, invalidArgument } from '../base/errors.js'
import type { ReaderOptions } from '../frames/file/open.js'
import { checkLoss, type LossOptions } from '../frames/file/unclosed.js'
import type { UntrustedOptions } from './limits.js'

/** Options for opening a trusted file. */
export interface TrustedOptions extends ReaderOptions {
  untrusted?: false
}

/** The options for opening in this process. */
export const trustedOf = ({ acceptLoss, external }: ReaderOptions): ReaderOptions => ({
  ...(acceptLoss !== undefined && { acceptLoss }),
  ...(external !== undefined && { external }),
})

/** Checks options for opening a file. True if it is to be read in a separate process. */
export function isUntrusted(options: UntrustedOptions | TrustedOptions | LossOptions): options is UntrustedOptions {
  checkOptions('options', options, ['untrusted', 'limits', 'signal', 'acceptLoss', 'external'])
  const { untrusted = false, acceptLoss, external, ...rest } = options as UntrustedOptions & ReaderOptions
  checkLoss('options', acceptLoss === undefined ? {} : { acceptLoss })
  if (typeof untrusted !== 'boolean') throw invalidArgument('untrusted', untrusted, 'true or false')
  const [idle] = Object.keys(rest)
  if (!untrusted && idle) throw invalidArgument(idle, Object.values(rest)[0], 'given together with untrusted: true')
  if (untrusted && external) throw invalidArgument('external', external, 'false for an untrusted file')
  return untrusted
}
