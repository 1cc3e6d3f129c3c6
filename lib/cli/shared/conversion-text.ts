/** The report of a conversion as text. */

import type { ConvertReport } from '../../formats/convert.js'
import type { ReportEntry } from '../../formats/core/report.js'
import { count, printable, thousands } from './terminal.js'

/** The lines of a report: what was converted, then what was lost, guessed and kept elsewhere. */
export function reportLines({ input, output, from, to, recordings, report }: ConvertReport): string[] {
  const frames = recordings.map(({ name, frames }) => `${name} ${count(frames, 'frame')}`)
  const head = `${input} (${from}) -> ${output} (${to}): ${frames.join(', ')}`
  return [head, ...report.map(entryText)].map(printable)
}

function entryText(entry: ReportEntry): string {
  if (entry.kind === 'lost') return `not carried: ${entry.what} (${thousands(entry.count)}): ${entry.why}`
  if (entry.kind === 'guessed') return `guessed: ${entry.what}: ${entry.value}`
  return `kept: ${entry.what} in ${entry.where}`
}
