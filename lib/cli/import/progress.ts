/** Shows the progress of an import: a bar on a terminal, nothing in a pipe. */
import { progressBar } from '../shared/progress-bar.js'
import { count, thousands } from '../shared/terminal.js'

export interface Progress {
  stop(): void
}

/**
 * @param read returns the number of bytes read so far, and of all; a pipe has no total, and no bar
 * @param frames returns the number of frames accepted so far
 */
export function showProgress(read: () => { done: number; total: number | undefined }, frames: () => number): Progress {
  if (!process.stderr.isTTY) return { stop() {} }
  const started = performance.now()
  const bar = progressBar(() => {
    const rate = thousands(frames() / ((performance.now() - started) / 1000))
    return `${count(frames(), 'frame')}  ${rate} frames/s`
  })
  const update = () => bar.update({ ...read(), unit: 'bytes' })
  update()
  const timer = setInterval(update, 100)
  return {
    stop() {
      clearInterval(timer)
      bar.stop()
    },
  }
}
