/** Shows the progress of an import: a bar on a terminal, nothing in a pipe. */
import { progressBar } from '../shared/progress-bar.js'
import { count, thousands } from '../shared/terminal.js'
import type { Source } from './source.js'

export interface Progress {
  stop(): void
}

/** @param frames returns the number of frames accepted so far */
export function showProgress(source: Source, frames: () => number): Progress {
  if (!process.stderr.isTTY) return { stop() {} }
  const started = performance.now()
  const bar = progressBar(() => {
    const rate = thousands(frames() / ((performance.now() - started) / 1000))
    return `${count(frames(), 'frame')}  ${rate} frames/s`
  })
  // The length of a pipe is not known, so there is no bar.
  const update = () => bar.update({ done: source.bytesRead, total: source.size ?? undefined, unit: 'bytes' })
  update()
  const timer = setInterval(update, 100)
  return {
    stop() {
      clearInterval(timer)
      bar.stop()
    },
  }
}
