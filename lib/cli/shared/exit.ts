/** How a command ends: exit codes, signals, closed pipes, and errors as one line on standard error. */
import { constants } from 'node:os'
import { CommanderError } from 'commander'
import { printable } from './terminal.js'

/** What a person did wrong on the command line. Exit code 2. */
export class UsageError extends Error {}

/** What went wrong, in words that need nothing added. Exit code 1. */
export class Failure extends Error {}

class Interrupted extends Error {
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

const controller = new AbortController()

/** Aborts at the first SIGINT, SIGTERM or SIGHUP: commands stop between two frames and close their files. */
export const interruption: AbortSignal = controller.signal

/** Lets pending signals arrive, and throws when one has. For loops that would otherwise never yield. */
export async function checkInterruption(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
  interruption.throwIfAborted()
}

/** Runs the command line to its end and sets the exit code. */
export async function run(main: () => Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const reason = new Interrupted(signal)
      // Whoever asks twice does not want to wait for whatever hangs. Open files are closed at exit all the same.
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

/** Whoever reads our output may leave early (`| head`); the work still goes on to its end. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  process.exitCode = 1
  if (process.stderr.writable) printError(`standard output: ${error.message}`)
}

function report(error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  printError(describe(error))
  return error instanceof UsageError ? 2 : 1
}

/** The message of an error, with its code where it has one. */
export function describe(error: unknown): string {
  // Node's AbortError says only that something was aborted; the reason says what by.
  if (interruption.aborted && error instanceof Error && error.name === 'AbortError') error = interruption.reason
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code === '' || error.message.includes(code) ? error.message : `${error.message} [${code}]`
}

/** One line on standard error, whatever a file name or a cell may hold. */
export function printError(message: string): void {
  process.stderr.write(`h5tracks: ${printable(message)}\n`)
}
