/** The program of a pool's process: it imports the module with the work, and does what it is told, one recording at a time. */
import { subscribe } from 'node:diagnostics_channel'
import { channels } from '../metrics/channels.js'
import type { Work } from './types.js'
import type { Said, Told } from './worker-process.js'

const say = (said: Said) => process.send?.(said)
let controller = new AbortController()

process.on('message', async (told: Told) => {
  if (told.type === 'abort') return controller.abort(new DOMException(told.reason, 'AbortError'))
  const { module, recording, attempt, beat } = told
  controller = new AbortController()
  const beats = beat === undefined ? undefined : setInterval(() => say({ type: 'beat' }), beat)
  try {
    await (await workOf(module))(recording, { attempt, signal: controller.signal })
    say({ type: 'done' })
  } catch (error) {
    const { message, code, stack } = error as { message?: string; code?: unknown; stack?: string }
    say({ type: 'failed', message: message ?? String(error), code: typeof code === 'string' ? code : undefined, stack })
  } finally {
    clearInterval(beats)
  }
})

// The pool was killed: nobody would take the result.
process.on('disconnect', () => process.exit(1))

// A run names itself when it is claimed, and reports the frames that count.
subscribe(channels.claim, (message) => {
  const { run, frames } = message as { run: string; frames: number }
  say({ type: 'run', name: run, frames })
})
subscribe(channels.shard, (message) => {
  const { run, totalFrames } = message as { run: string; totalFrames: number }
  say({ type: 'run', name: run, frames: totalFrames })
})

async function workOf(module: string): Promise<Work<unknown>> {
  const { default: work } = await import(module)
  if (typeof work === 'function') return work
  throw new TypeError(`${module} has no function as its default export, which runPool calls with each recording`)
}
