// The command line in one process for all of a test file, which saves the start of Node for each command. For tests of what a command
// does; `h5tracks` of command.ts is for tests of the process.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expectNoErrorStack, type Finished } from '../support/process.js'
import { environmentOf } from '../support/sanitized.js'
import { MAIN } from './command.js'

const program = fileURLToPath(new URL('server.mjs', import.meta.url))
let child: ChildProcess | undefined
let printed = ''
let last: Promise<unknown> = Promise.resolve()

function server(): ChildProcess {
  if (child) return child
  child = fork(program, [MAIN], {
    env: environmentOf(process.execPath),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  })
  // Native code prints past `process.stderr`.
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk))
  child.unref()
  child.channel?.unref()
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void } | null)?.unref()
  child.on('exit', () => (child = undefined))
  return child
}

/** Runs the command line to its end. Commands run one after another. */
export function h5tracks(
  args: readonly string[],
  { input = '', cwd = process.cwd() }: { input?: string; cwd?: string } = {},
): Promise<Finished> {
  const result = last.then(
    () =>
      new Promise<Finished>((resolve, reject) => {
        const one = server()
        const failed = (code: number | null) =>
          reject(new Error(`the command ended its process with ${code}: ${printed}`))
        one.once('exit', failed)
        one.once('message', (message) => {
          one.off('exit', failed)
          one.channel?.unref()
          resolve(message as Finished)
        })
        one.channel?.ref()
        one.send({ args, input, cwd })
      }),
  )
  last = result.catch(() => {})
  return result.then((finished) => {
    expectNoErrorStack(MAIN, { ...finished, stderr: finished.stderr + printed })
    return finished
  })
}
export { fish, lines } from './command.js'
