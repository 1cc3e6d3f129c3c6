/** Prints the report of a recovery, as text or as JSON. */
import type { LayoutFrames, RecoveryReport } from '../../frames/recovery/recover.js'
import { count } from '../shared/terminal.js'

export function reportText(report: RecoveryReport): string {
  const { path, action, lost, keptAs } = report
  const frames = report.layouts
    ? report.layouts.map((layout) => framesText(layout, ` of ${layout.name}`)).join('; ')
    : framesText(report)
  const what = {
    rebuilt: 'recovered',
    salvaged: 'the journal is missing; the readable frames are kept',
    none: 'it has no journal, so there is nothing to recover',
  }[action]
  return [
    `${path}: ${what}: ${frames}`,
    ...lost.map((one) => `lost: ${one}`),
    ...(keptAs ? [`kept: ${keptAs} is the file as it was`] : []),
    '',
  ].join('\n')
}

function framesText({ frames, lastFrameIndex }: Omit<LayoutFrames, 'name'>, whose = ''): string {
  return `${count(frames, 'frame')}${whose}${lastFrameIndex === null ? '' : `, the last is number ${lastFrameIndex}`}`
}

/** A frame number beyond 2^53 becomes a string. */
export function reportJson(report: RecoveryReport): string {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
  return `${JSON.stringify(report, plain, 2)}\n`
}
