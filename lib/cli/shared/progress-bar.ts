/** Shows the progress of a conversion: a bar on a terminal, nothing in a pipe. */
import cliProgress from 'cli-progress'
import type { ConvertProgress } from '../../formats/convert.js'
import { bytes, count } from './terminal.js'

export interface ProgressBar {
  update(progress: ConvertProgress): void
  stop(): void
}

export function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { update() {}, stop() {} }
  let last: ConvertProgress = { done: 0, total: undefined, unit: 'frames' }
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Off, since the bar would end the process at a signal; exit.ts handles signals.
    gracefulExit: false,
    format: (_options, { progress }) => {
      const { done, total, unit } = last
      const counts = unit === 'bytes' ? `${bytes(done)} looked at` : count(done, 'frame')
      if (total === undefined) return counts
      const cells = Math.round(30 * Math.min(1, progress))
      return `${'█'.repeat(cells)}${'░'.repeat(30 - cells)} ${Math.floor(100 * Math.min(1, progress))} %  ${counts}`
    },
  })
  bar.start(1, 0)
  return {
    update(progress) {
      last = progress
      bar.setTotal(progress.total || 1)
      bar.update(progress.done)
    },
    stop: () => bar.stop(),
  }
}
