/** The options for opening a file in this process or in a separate one. */
import { checkOptions, invalidArgument } from '../base/errors.js'
import { checkLoss, type LossOptions } from '../frames/file/unclosed.js'
import type { UntrustedOptions } from './limits.js'

/** Options for opening a trusted file. */
export interface TrustedOptions extends LossOptions {
  untrusted?: false
}

/** The option about losses, of options for opening. */
export const lossOf = ({ acceptLoss }: LossOptions): LossOptions => (acceptLoss === undefined ? {} : { acceptLoss })

/** Checks options for opening a file. True if it is to be read in a separate process. */
export function isUntrusted(options: UntrustedOptions | TrustedOptions | LossOptions): options is UntrustedOptions {
  checkOptions('options', options, ['untrusted', 'limits', 'signal', 'acceptLoss'])
  const { untrusted = false, acceptLoss, ...rest } = options as UntrustedOptions & LossOptions
  checkLoss('options', lossOf({ acceptLoss } as LossOptions))
  if (typeof untrusted !== 'boolean') throw invalidArgument('untrusted', untrusted, 'true or false')
  const [idle] = Object.keys(rest)
  if (!untrusted && idle) throw invalidArgument(idle, Object.values(rest)[0], 'given together with untrusted: true')
  return untrusted
}
