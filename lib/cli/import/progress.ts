/** Shows the progress of an import: a bar on a terminal, nothing in a pipe. */
import cliProgress from 'cli-progress'
import { count, thousands } from '../shared/terminal.js'
import type { Source } from './source.js'

export interface Progress {
  stop(): void
}

/** @param frames returns the number of frames accepted so far */
export function showProgress(source: Source, frames: () => number): Progress {
  if (!process.stderr.isTTY) return { stop() {} }
  const started = performance.now()
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Off, since the bar would end the process at a signal; exit.ts handles signals.
    gracefulExit: false,
    format: (_options, { progress }) => {
      const rate = thousands(frames() / ((performance.now() - started) / 1000))
      const counts = `${count(frames(), 'frame')}  ${rate} frames/s`
      // The length of a pipe is not known, so there is no bar.
      if (source.size === null) return counts
      const done = Math.round(30 * Math.min(1, progress))
      return `${'█'.repeat(done)}${'░'.repeat(30 - done)} ${Math.floor(100 * progress)} %  ${counts}`
    },
  })
  bar.start(source.size ?? 1, 0)
  const timer = setInterval(() => bar.update(source.size === null ? 0 : source.bytesRead), 100)
  return {
    stop() {
      clearInterval(timer)
      bar.stop()
    },
  }
}
