/** `markDead`: records in the log of a run that its last attempt failed. */
import { type RunTarget, storeOf } from '../store/target.js'
import { entryOf, type RecordedError } from './entry.js'
import { RunLog, Superseded } from './log.js'

/**
 * Records that a run was given up, with the last error, so that `readRun` and `h5tracks runs` show it. For the handler of a dead-letter
 * queue. It fences the attempts before it; a later `openRun` takes the run up again. Does nothing to a run that is sealed, or that no
 * attempt has begun. Resolves with true if the error was recorded.
 */
export async function markDead(target: RunTarget, error: unknown): Promise<boolean> {
  const log = new RunLog(storeOf(target))
  await log.refresh()
  for (;;) {
    const { number, state, epoch } = log.state
    if (number === 0 || state === 'sealed') return false
    try {
      await log.append(entryOf(epoch + 1, { type: 'dead', error: recorded(error) }))
      return true
    } catch (failed) {
      if (!(failed instanceof Superseded)) throw failed
    }
  }
}

/** The parts of an error that the log keeps. */
export function recorded(error: unknown): RecordedError {
  if (typeof error !== 'object' || error === null) return { message: String(error) }
  const { message, code } = error as { message?: unknown; code?: unknown }
  return { message: String(message ?? error), ...(typeof code === 'string' && { code }) }
}
