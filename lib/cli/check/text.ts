/** Prints the report of a check as text. */
import type { CheckReport, Finding } from '../../frames/check/report.js'
import { count, printable, thousands } from '../shared/terminal.js'

export function reportText({ path, frames, layouts = [], findings, information = [] }: CheckReport): string {
  const ofSeverity = ['error', 'warning'].flatMap((severity) => findings.filter((f) => f.severity === severity))
  const bySeverity = [...ofSeverity, ...information]
  const grouped = groups(bySeverity)
  const of = (severity: string) => grouped.filter(([finding]) => finding?.severity === severity).length
  const [errors, warnings] = [of('error'), of('warning')]
  const counted = [errors > 0 && count(errors, 'error'), warnings > 0 && count(warnings, 'warning')].filter(Boolean)
  const verdict = counted.join(' and ') || 'nothing wrong'
  const each = layouts.map(({ name, frames }) => `${count(frames, 'frame')} of ${printable(name)}`)
  const where = layouts.length > 1 ? each.join(' and ') : count(frames, 'frame')
  const texts = grouped.map((group) => groupText(group, layouts.length > 1))
  return [`${printable(path)}: ${verdict} in ${where}\n`, ...texts].join('\n')
}

/** Groups findings that say the same about the same frames, for instance one for each camera. */
function groups(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.code, finding.ranges ?? finding.text, finding.count])
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()]
}

function groupText(group: readonly Finding[], severalLayouts: boolean): string {
  const [first] = group as [Finding]
  const nameOf = (dataset: string, layout = 'tracking') =>
    severalLayouts ? dataset.replace('/', '') : dataset.replace(`/${layout}/`, '')
  const datasets = group.flatMap(({ dataset, layout }) => (dataset ? printable(nameOf(dataset, layout)) : []))
  const heading = [`${first.severity}: ${first.code}`]
  if (datasets.length > 0) heading.push(`in ${listed(datasets, 8, 'datasets')}`)
  return `${heading.join(' ')}${framesText(first)}\n  ${printable(first.text)}\n`
}

function framesText({ ranges, count: frames }: Finding): string {
  if (!ranges || frames === undefined) return ''
  const runs = ranges.map(({ start, stop }) => (stop - start === 1 ? String(start) : `${start} to ${stop - 1}`))
  if (runs.length === 1) return `, ${frames === 1 ? 'frame' : 'frames'} ${runs[0]}`
  return `, ${count(frames, 'frame')}: ${runs.slice(0, 6).join(', ')}${runs.length > 6 ? ', ...' : ''}`
}

function listed(names: readonly string[], most: number, what: string): string {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')}, ... (${thousands(names.length)} ${what})`
}
