/** Prints statistics as a table, CSV or JSON. */
import type { AnimalStats, StatsReport } from '../../edit/stats.js'
import { count, duration, percent, printable, table, thousands } from '../shared/terminal.js'

const COLUMNS = [
  'id',
  'name',
  'frames',
  'framesUnknown',
  'coverage',
  'firstFrame',
  'lastFrame',
  'gaps',
  'longestGap',
  'distance',
  'meanSpeed',
  'maxSpeed',
] as const satisfies readonly (keyof AnimalStats)[]

export function statsText(report: StatsReport, format: 'table' | 'csv' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(report, numbers, 2)}\n`
  return format === 'csv' ? asCsv(report) : asTable(report)
}

/** Frame indices beyond the safe integers stay exact, as texts. */
function numbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

function asCsv({ animals }: StatsReport): string {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const rows = animals.map((animal) => COLUMNS.map((column) => quoted(String(animal[column] ?? ''))).join(','))
  return `${[COLUMNS.map(snake).join(','), ...rows].join('\n')}\n`
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function asTable({ path, animals, frames, span, fps, units, measured, noun }: StatsReport): string {
  const unit = units ?? ''
  const per = `${unit || '1'}/${fps === null ? 'frame' : 's'}`
  const head = [noun, 'frames', 'coverage', 'from', 'to', 'gaps', 'longest', unit ? `distance (${unit})` : 'distance']
  const rows = animals.map((one) => [
    printable(one.name),
    thousands(one.frames),
    percent(one.coverage, 1),
    String(one.firstFrame ?? '-'),
    String(one.lastFrame ?? '-'),
    thousands(one.gaps),
    thousands(one.longestGap),
    short(one.distance),
    short(one.meanSpeed),
    short(one.maxSpeed),
  ])
  const missing = span - frames
  const time = fps === null ? [] : [duration(span / fps)]
  const facts = [count(frames, 'frame'), ...(missing > 0 ? [`${thousands(missing)} missing`] : []), ...time]
  const lines = table([[...head, `mean (${per})`, `max (${per})`], ...rows])
  return `${printable(path)}: ${facts.join(', ')}; ${measured}\n${lines.join('\n')}\n`
}

/** Five digits. */
function short(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(5)))
}
