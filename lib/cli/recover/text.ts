/** What a recovery did, for people and for programs. */
import type { RecoveryReport } from '../../index.js'
import { count } from '../terminal.js'

export function reportText({ path, action, frames, lastFrameIndex, lost }: RecoveryReport): string {
  const last = lastFrameIndex === null ? '' : `, the last is number ${lastFrameIndex}`
  const what = action === 'rebuilt' ? 'recovered' : 'no journal lies beside it, so there is nothing to recover'
  return [`${path}: ${what}: ${count(frames, 'frame')}${last}`, ...lost.map((one) => `lost: ${one}`), ''].join('\n')
}

/** A frame number beyond 2^53 is a string. */
export function reportJson(report: RecoveryReport): string {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
  return `${JSON.stringify(report, plain, 2)}\n`
}
