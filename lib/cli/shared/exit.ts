/** How a command ends: exit codes, signals, closed pipes, and errors as one line on standard error. */
import { constants } from 'node:os'
import { CommanderError } from 'commander'
import { printable } from './terminal.js'

/** A mistake in the command's arguments. Exit code 2. */
export class UsageError extends Error {}

/** A failure whose message is complete: it is printed as it is. Exit code 1. */
export class Failure extends Error {}

class Interrupted extends Error {
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

const controller = new AbortController()

/** Aborts at the first SIGINT, SIGTERM or SIGHUP. Commands then stop between two frames and close their files. */
export const interruption: AbortSignal = controller.signal

/** Yields to the event loop, so that a pending signal arrives, and throws if one did. For loops that never yield themselves. */
export async function checkInterruption(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
  interruption.throwIfAborted()
}

/** Runs the command line, prints its error and sets the exit code. */
export async function run(main: () => Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const reason = new Interrupted(signal)
      // A second signal ends the process at once; open files are closed at exit all the same.
      if (interruption.aborted) process.exit(reason.exitCode)
      controller.abort(reason)
    })
  }
  process.stdout.on('error', ignoreClosedPipe)
  process.stderr.on('error', ignoreClosedPipe)
  try {
    await main()
  } catch (error) {
    process.exitCode = report(error)
  }
  if (interruption.aborted) process.exitCode = (interruption.reason as Interrupted).exitCode
}

/** The reader of our output may close the pipe early (`| head`); the command still does its work to the end. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  process.exitCode = 1
  if (process.stderr.writable) printError(`standard output: ${error.message}`)
}

function report(error: unknown): number {
  // Commander has already printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  printError(describe(error))
  return error instanceof UsageError ? 2 : 1
}

/** The message of an error, followed by its code if it has one. */
export function describe(error: unknown): string {
  // Node's AbortError does not name the signal; the abort reason does.
  if (interruption.aborted && error instanceof Error && error.name === 'AbortError') error = interruption.reason
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code === '' || error.message.includes(code) ? error.message : `${error.message} [${code}]`
}

/** Prints one line on standard error. Control characters of file names and cells are escaped. */
export function printError(message: string): void {
  process.stderr.write(`h5tracks: ${printable(message)}\n`)
}
