/** Prints the summary of a file of any layout as text. */
import { bytes, count, type Entry, labelled, percent, printable, table, thousands } from '../shared/terminal.js'
import type { FieldSummary, FileSummary, LayoutSummary } from './layout-summary.js'
import { sizeText, storageText, valueText } from './text.js'

export function fileText({ path, fileBytes, closedCleanly, losses, layouts }: FileSummary): string {
  const entries: Entry[] = [['File', `${path} (${bytes(fileBytes)})`]]
  if (!closedCleanly)
    entries.push(['Not closed', 'its writer died and its journal is missing; the last frames are lost'])
  if (losses.length > 0) entries.push(['Lost', losses])
  return [labelled(entries), ...layouts.map(layoutText)].join('\n')
}

function layoutText(layout: LayoutSummary): string {
  const entries: Entry[] = [
    ['Layout', printable(layout.name)],
    ['Frames', framesText(layout)],
    ['Records', recordsText(layout)],
    ['Fields', fieldLines(layout.fields)],
  ]
  if (layout.cameras.length > 0) entries.push(['Cameras', cameraLines(layout)])
  entries.push(['Size', sizeText(layout)], ['Storage', storageText(layout)])
  entries.push(['Written by', printable(layout.writtenBy ?? 'not recorded')])
  const metadata = Object.entries(layout.metadata).map(([name, value]) => printable(`${name} = ${valueText(value)}`))
  if (metadata.length > 0) entries.push(['Metadata', metadata])
  return labelled(entries)
}

function framesText({ frames, firstFrame, lastFrame, missingFrames, gaps }: LayoutSummary): string {
  if (firstFrame === null || lastFrame === null) return 'none'
  const parts = [`${thousands(frames)} (${frames === 1 ? `number ${firstFrame}` : `${firstFrame} to ${lastFrame}`})`]
  if (missingFrames === null) parts.push('not in increasing order')
  else if (missingFrames !== 0) {
    parts.push(`${thousands(BigInt(missingFrames))} missing between them, in ${count(gaps ?? 0, 'gap')}`)
  }
  return parts.join(', ')
}

function recordsText({ records }: LayoutSummary): string {
  if (!records) return 'one in each frame'
  const room = `room for ${records.slots} in a frame`
  if (records.count === 0) return `none, ${room}`
  const { firstKeys } = records
  const shown = firstKeys.slice(0, 12).join(', ')
  const keys = `${thousands(records.keys)} different ${printable(records.key)} (${shown}${records.keys > 12 ? ', ...' : ''})`
  const without = records.framesWithout > 0 ? `, ${count(records.framesWithout, 'frame')} without` : ''
  return `${thousands(records.count)} of ${keys}, at most ${records.mostInAFrame} in a frame, ${room}${without}`
}

const perText = { frame: 'frame', record: 'record', camera: 'camera', dropped: 'frame, camera' } as const

function fieldLines(fields: readonly FieldSummary[]): string[] {
  const rows = fields.map((field) => [
    printable(field.name),
    field.isKey ? 'int32, key' : field.type,
    field.shape.join(' x ') || '-',
    perText[field.per],
    printable(field.unit ?? '-'),
    field.fill,
    field.range ? `${field.range[0]} to ${field.range[1]}` : '-',
    field.coverage === null ? '-' : percent(field.coverage, 1),
    `${bytes(field.storage.storedBytes)} of ${bytes(field.storage.rawBytes)}`,
    field.storage.compression.join('; ') || '-',
  ])
  const members = fields.flatMap(({ name, members }) =>
    members
      ? [
          `  ${name}: ${Object.entries(members)
            .map(([member, n]) => `${member} = ${n}`)
            .join(', ')}`,
        ]
      : [],
  )
  const heading = ['', 'type', 'shape', 'per', 'unit', 'fill', 'range', 'not fill', 'stored', 'compression']
  return [String(fields.length), ...table([heading, ...rows]).map((row) => `  ${row}`), ...members.map(printable)]
}

function cameraLines({ cameras, records, frames }: LayoutSummary): string[] {
  const names = Object.keys(cameras[0]?.values ?? {})
  const all = records?.count ?? frames
  const drops = cameras[0]?.dropped !== null
  const heading = [
    '',
    ...names.flatMap((name) => [printable(name), 'of records']),
    ...(drops ? ['frames dropped'] : []),
  ]
  const rows = cameras.map(({ name, values, dropped }) => [
    printable(name),
    ...Object.values(values).flatMap((n) => [thousands(n), percent(n, all)]),
    ...(drops ? [thousands(dropped ?? 0)] : []),
  ])
  return [String(cameras.length), ...table([heading, ...rows]).map((row) => `  ${row}`)]
}
