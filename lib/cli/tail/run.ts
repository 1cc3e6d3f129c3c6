import { once } from 'node:events'
import type { FileFacts } from '../../tracking/file/types.js'
import { follow } from '../../tracking/read/follow.js'
import { interruption, printError } from '../shared/exit.js'
import type { TailOptions } from './options.js'
import { frameJson, frameText, headerJson } from './text.js'

export async function tail(file: string, { follow: followed, lines, json, acceptLoss }: TailOptions): Promise<void> {
  const closed = new AbortController()
  process.stdout.on('error', () => closed.abort())
  const signal = AbortSignal.any([interruption, closed.signal])
  const opened = (facts: FileFacts) => {
    const { text, left } = headerJson(facts)
    process.stdout.write(text)
    // What cannot be written is not to be missed by whoever makes a file of it again.
    if (left.length > 0)
      printError(`metadata left out, since JSON lines cannot give it to another file: ${left.join(', ')}`)
  }
  const from = lines === 0 ? 'end' : -lines
  try {
    for await (const frame of follow(
      file,
      { from, signal, acceptLoss },
      { untilNow: !followed, ...(json && { opened }) },
    )) {
      const line = json ? frameJson(frame) : frameText(frame)
      if (!process.stdout.write(line)) await once(process.stdout, 'drain', { signal })
    }
  } catch (error) {
    // Whoever reads our output has seen enough (`| head`).
    if (!closed.signal.aborted) throw error
  }
}
