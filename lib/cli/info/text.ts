/** Prints a summary as text. */
import {
  bytes,
  count,
  duration,
  type Entry,
  labelled,
  percent,
  printable,
  table,
  thousands,
} from '../shared/terminal.js'
import { filtersText } from './storage.js'
import type { Summary } from './summary.js'

export function summaryText(summary: Summary): string {
  const entries: Entry[] = [
    ['File', `${summary.path} (${bytes(summary.storage.fileBytes)})`],
    ['Frames', framesText(summary)],
  ]
  if (summary.seconds !== null) entries.push(['Duration', `${duration(summary.seconds)} at ${summary.fps} frames/s`])
  entries.push(['Fish', fishText(summary)], ['Records', recordsText(summary)], ['Cameras', cameraLines(summary)])
  if (!summary.closedCleanly)
    entries.push(['Not closed', 'its writer died and its journal is missing; the last frames are lost'])
  if (summary.losses.length > 0) entries.push(['Lost', summary.losses])
  if (summary.boxesTruncated !== null) {
    entries.push(['Boxes', `${thousands(summary.boxesTruncated)} had fractions, which were truncated`])
  }
  entries.push(
    ['Size', sizeText(summary)],
    ['Storage', [storageText(summary), ...datasetLines(summary)]],
    ['Written by', summary.writtenBy ?? 'not recorded'],
  )
  const metadata = Object.entries(summary.metadata).map(([name, value]) => `${name} = ${valueText(value)}`)
  if (metadata.length > 0) entries.push(['Metadata', metadata])
  return labelled(entries)
}

function framesText({ frames, firstFrame, lastFrame, missingFrames, framesWithoutFish }: Summary): string {
  if (firstFrame === null || lastFrame === null) return 'none'
  // Frame numbers are names, not amounts, so they get no thousands separators.
  const parts = [`${thousands(frames)} (${frames === 1 ? `number ${firstFrame}` : `${firstFrame} to ${lastFrame}`})`]
  if (missingFrames === null) parts.push('not in increasing order')
  else if (missingFrames !== 0) parts.push(`${thousands(BigInt(missingFrames))} missing between them`)
  if (framesWithoutFish > 0) parts.push(`${thousands(framesWithoutFish)} without fish`)
  return parts.join(', ')
}

function fishText({ fish }: Summary): string {
  if (fish.count === 0) return `none (room for ${fish.slots} in a frame)`
  const [first, last] = [fish.ids[0]!, fish.ids.at(-1)!]
  const consecutive = last - first + 1 === fish.ids.length
  const shown = consecutive && fish.ids.length > 2 ? `${first} to ${last}` : fish.ids.slice(0, 12).join(', ')
  const more = fish.count > fish.ids.length || (!consecutive && fish.ids.length > 12) ? ', ...' : ''
  const ids = `${fish.count === 1 ? 'id' : 'ids'} ${shown}${more}`
  return `${thousands(fish.count)} (${ids}), at most ${fish.mostInAFrame} in a frame, room for ${fish.slots}`
}

function recordsText({ records: { count, withPosition, confirmed } }: Summary): string {
  if (count === 0) return 'none'
  return `${thousands(count)}, with a position ${percent(withPosition, count)}, confirmed ${percent(confirmed, count)}`
}

function cameraLines({ cameras, records, frames }: Summary): string[] {
  if (cameras.length === 0) return ['none']
  const rows = cameras.map(({ name, detections, boxes, frames: seen }) => [
    name,
    thousands(detections),
    percent(detections, records.count),
    percent(seen, frames),
    thousands(boxes),
  ])
  return [
    String(cameras.length),
    ...table([['', 'detections', 'of records', 'of frames', 'boxes'], ...rows]).map((row) => `  ${row}`),
  ]
}

export function sizeText({ storage, frames }: Pick<Summary, 'storage' | 'frames'>): string {
  if (storage.ratio === null) return `${bytes(storage.rawBytes)} raw`
  const perFrame = `${thousands(storage.storedBytes / Math.max(1, frames))} bytes a frame`
  return `${bytes(storage.rawBytes)} raw, ${bytes(storage.storedBytes)} stored: ${storage.ratio.toFixed(1)} to 1, ${perFrame}`
}

export function storageText({ storage, chunkFrames }: Pick<Summary, 'storage' | 'chunkFrames'>): string {
  const [only, ...others] = storage.compression
  const filters =
    others.length === 0
      ? (only?.filters ?? 'none')
      : storage.compression.map(({ filters, datasets }) => `${filters} (${count(datasets, 'dataset')})`).join('; ')
  return `${filters}; chunks of ${count(chunkFrames, 'frame')}`
}

/** A table of the datasets, the largest first. */
function datasetLines({ storage }: Summary): string[] {
  const rows = Object.entries(storage.datasets)
    .sort(([, a], [, b]) => b.storedBytes - a.storedBytes)
    .map(([name, dataset]) => [
      printable(name),
      bytes(dataset.storedBytes),
      dataset.ratio === null ? '-' : `${dataset.ratio.toFixed(1)} to 1`,
      filtersText(dataset),
    ])
  return table([['', 'stored', 'ratio', 'filters'], ...rows]).map((row) => `  ${row}`)
}

export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
