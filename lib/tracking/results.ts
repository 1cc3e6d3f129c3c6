/** `readTrackingResults`: reads a whole tracking file. */
import { checkOptions, invalidArgument } from '../base/errors.js'
import type { ReaderOptions } from '../frames/file/open.js'
import type { LossOptions } from '../frames/file/unclosed.js'
import type { UntrustedOptions } from '../untrusted/limits.js'
import { isUntrusted, type TrustedOptions, trustedOf } from '../untrusted/options.js'
import { TrackingReader } from './reader.js'
import type { TrackingResults } from './types.js'

/** Options for reading a whole file. */
export interface ResultsOptions {
  /**
   * Return arrays that can be put in the transfer list of `postMessage` and `structuredClone`. Default: false, because memory that
   * the addon allocates is filled faster. Such arrays are copied to other threads; Node refuses them in a transfer list (from Node 21
   * with a DataCloneError). With `untrusted`, arrays are always transferable.
   */
  transferable?: boolean
}

/**
 * Opens a tracking file, reads all of it off the calling thread, and closes it. Read large files in parts, with TrackingReader.
 *
 * Rejects with the errors of the constructor of TrackingReader. With `untrusted`, a separate process reads the file, see
 * {@link TrackingReader.open}; `limits.seconds` applies to opening and to reading separately.
 */
export async function readTrackingResults(
  path: string | URL,
  options: ((UntrustedOptions & LossOptions) | TrustedOptions) & ResultsOptions = {},
): Promise<TrackingResults> {
  checkOptions('options', options, ['untrusted', 'limits', 'signal', 'acceptLoss', 'external', 'transferable'])
  const { transferable, ...how } = options
  checkTransferable(transferable)
  if (isUntrusted(how)) {
    await using reader = await TrackingReader.open(path, how)
    return await reader.read()
  }
  using reader = new TrackingReader(path, trustedOf(how))
  return await (transferable ? reader.read() : reader.readAll())
}

/** The blocking form of {@link readTrackingResults}. It reads in this process, so use it only for trusted files. */
export function readTrackingResultsSync(
  path: string | URL,
  options: ResultsOptions & ReaderOptions = {},
): TrackingResults {
  checkOptions('options', options, ['transferable', 'acceptLoss', 'external'])
  const { transferable, ...how } = options
  checkTransferable(transferable)
  using reader = new TrackingReader(path, how)
  return transferable ? reader.readSync() : reader.readAllSync()
}

function checkTransferable(given: unknown = false): void {
  if (typeof given !== 'boolean') throw invalidArgument('transferable', given, 'true or false')
}
