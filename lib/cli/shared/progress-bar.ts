/** Shows progress: a bar on a terminal, nothing in a pipe. */
import cliProgress from 'cli-progress'
import type { ConvertProgress } from '../../formats/convert.js'
import { bytes, count } from './terminal.js'

export interface ProgressBar {
  update(progress: ConvertProgress): void
  stop(): void
}

/**
 * @param words what the line says of the progress
 */
export function progressBar(words = conversionText): ProgressBar {
  if (!process.stderr.isTTY) return { update() {}, stop() {} }
  let last: ConvertProgress = { done: 0, total: undefined, unit: 'frames' }
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Off, since the bar would end the process at a signal; exit.ts handles signals.
    gracefulExit: false,
    format: (_options, { progress }) => {
      const text = words(last)
      if (last.total === undefined) return text
      const cells = Math.round(30 * Math.min(1, progress))
      return `${'█'.repeat(cells)}${'░'.repeat(30 - cells)} ${Math.floor(100 * Math.min(1, progress))} %  ${text}`
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

const conversionText = ({ done, unit }: ConvertProgress): string =>
  unit === 'bytes' ? `${bytes(done)} looked at` : count(done, 'frame')
