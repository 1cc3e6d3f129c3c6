/** Runs `tail`: prints the last frames of a file and follows its writer. */
import { once } from 'node:events'
import type { FileFacts } from '../../frames/file/types.js'
import { type Followed, follow } from '../../frames/read/follow.js'
import { interruption, printError } from '../shared/exit.js'
import { chooseLayout } from '../shared/layouts.js'
import { header, LineDecoder } from './lines.js'
import type { TailOptions } from './options.js'

export async function tail(
  file: string,
  { follow: followed, lines, json, acceptLoss, layout }: TailOptions,
): Promise<void> {
  const closed = new AbortController()
  process.stdout.on('error', () => closed.abort())
  const signal = AbortSignal.any([interruption, closed.signal])
  const opened = (facts: FileFacts) => {
    const { text, left } = header(facts)
    process.stdout.write(text)
    // The output may be imported again, so a loss must not go unnoticed.
    if (left.length > 0) printError(`metadata left out, because JSON lines cannot hold it: ${left.join(', ')}`)
  }
  const shown: Followed<string> = {
    layout: (opened) => chooseLayout(opened, file, layout),
    makeDecoder: (decoded) => new LineDecoder(decoded, json),
  }
  const from = lines === 0 ? 'end' : -lines
  try {
    for await (const line of follow(
      file,
      [shown],
      { from, signal, acceptLoss },
      { untilNow: !followed, ...(json && { opened }) },
    )) {
      if (!process.stdout.write(line)) await once(process.stdout, 'drain', { signal })
    }
  } catch (error) {
    // A closed pipe (`| head`) ends the command without an error.
    if (!closed.signal.aborted) throw error
  }
}
