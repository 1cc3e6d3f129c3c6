import { once } from 'node:events'
import { follow } from '../../tracking/follow.js'
import { interruption } from '../exit.js'
import type { TailOptions } from './command.js'
import { frameJson, frameText } from './text.js'

export async function tail(file: string, { follow: followed, lines, json }: TailOptions): Promise<void> {
  const closed = new AbortController()
  process.stdout.on('error', () => closed.abort())
  const signal = AbortSignal.any([interruption, closed.signal])
  const from = lines === 0 ? 'end' : -lines
  try {
    for await (const frame of follow(file, { from, signal }, { untilNow: !followed })) {
      const line = json ? frameJson(frame) : frameText(frame)
      if (!process.stdout.write(line)) await once(process.stdout, 'drain', { signal })
    }
  } catch (error) {
    // Whoever reads our output has seen enough (`| head`).
    if (!closed.signal.aborted) throw error
  }
}
