/** Makes the summary of a file of any layout. It reads window by window, so memory does not grow with the file. */
import { stat } from 'node:fs/promises'
import { lossLines } from '../../frames/file/marks.js'
import { fillNumber } from '../../layout/half.js'
import { columnsOf, type Field, type Layout, rowsIn } from '../../layout/model.js'
import { FrameReader } from '../../reader/frame-reader.js'
import { checkInterruption, interruption } from '../shared/exit.js'
import { LayoutTally } from './layout-tally.js'
import { type DatasetStorage, filtersText, readDatasets, type Storage } from './storage.js'
import { exact, forJson } from './summary.js'

export interface FieldSummary {
  name: string
  /** Path of the dataset, or of the group with one dataset per camera. */
  dataset: string
  /** Such as 'float32', 'enum over int8' or 'string of 8 bytes'. */
  type: string
  /** The members of an enum and their numbers; null for other types. */
  members: Record<string, number> | null
  /** True for the key of the records. */
  isKey: boolean
  /** Shape of one value; [] for a single one. */
  shape: number[]
  /** Whether there is a value for each frame, record, or record and camera; or which frames a camera dropped. */
  per: 'frame' | 'record' | 'camera' | 'dropped'
  unit: string | null
  /** The fill value as text; 'NaN' for NaN. */
  fill: string
  range: readonly [number, number] | null
  /** Number of values with an element other than the fill value. */
  values: number
  /** values / all that there could be; null if that is none. */
  coverage: number | null
  storage: Omit<Storage, 'fileBytes' | 'ratio' | 'compression' | 'datasets'> & { compression: string[] }
}

export interface LayoutSummary {
  name: string
  frames: number
  /** Index of the first row; a string beyond 2^53, null without frames. */
  firstFrame: number | string | null
  lastFrame: number | string | null
  /** Indices between the first and the last that have no row, and the number of places where; null if the index does not increase. */
  missingFrames: number | string | null
  gaps: number | null
  /** null if a frame is one record. */
  records: {
    key: string
    count: number
    /** Number of different keys, and the first 100, ascending. */
    keys: number
    firstKeys: number[]
    slots: number
    mostInAFrame: number
    framesWithout: number
  } | null
  fields: FieldSummary[]
  /** `dropped`: number of frames that the camera dropped; null if that is not recorded. */
  cameras: { name: string; dropped: number | null; values: Record<string, number> }[]
  storage: Storage
  chunkFrames: number
  writtenBy: string | null
  metadata: Record<string, unknown>
}

export interface FileSummary {
  path: string
  fileBytes: number
  closedCleanly: boolean
  losses: string[]
  layouts: LayoutSummary[]
}

const windowBytes = 32 * 2 ** 20

/** Summarizes layouts of a file, by the names of their groups. */
export async function summarizeLayouts(
  path: string,
  names: readonly string[],
  { untrusted, acceptLoss, external }: { untrusted: boolean; acceptLoss: boolean; external: boolean },
): Promise<FileSummary> {
  const layouts: LayoutSummary[] = []
  const losses = new Set<string>()
  let closedCleanly = true
  for (const name of names) {
    await using reader = await (untrusted
      ? FrameReader.open(path, name, { untrusted, signal: interruption, acceptLoss })
      : FrameReader.open(path, name, { acceptLoss, external }))
    closedCleanly &&= reader.closedCleanly
    for (const loss of lossLines(reader.metadata.losses)) losses.add(loss)
    layouts.push(await summarizeLayout(reader as FrameReader, name, path, untrusted))
  }
  return { path, fileBytes: (await stat(path)).size, closedCleanly, losses: [...losses], layouts }
}

async function summarizeLayout(
  reader: FrameReader,
  name: string,
  path: string,
  untrusted: boolean,
): Promise<LayoutSummary> {
  const { layout, cameraNames, slots, length, chunkFrames } = reader
  const columns = columnsOf(layout, cameraNames, slots)
  const tally = new LayoutTally(layout, cameraNames, slots)
  const affordable = rowsIn(windowBytes, columns)
  // Whole chunks if they fit: a chunk that two windows share is decoded twice.
  const step = affordable > chunkFrames ? affordable - (affordable % chunkFrames) : affordable
  for (let start = 0; start < length; start += step) {
    await checkInterruption()
    tally.add(await reader.read({ start, stop: Math.min(length, start + step) }))
  }
  const paths = columns.map(({ path }) => path)
  const { total, each } = await readDatasets(path, untrusted, layout.root, paths)
  const { first, last, increasing, missing } = tally
  const { created_by: writtenBy, losses: _, ...metadata } = reader.metadata
  return {
    name,
    frames: length,
    firstFrame: first === null ? null : exact(first),
    lastFrame: last === null ? null : exact(last),
    missingFrames: first === null || !increasing ? null : exact(missing),
    gaps: increasing ? tally.gaps : null,
    records: layout.key && {
      key: layout.key.name,
      count: tally.records,
      keys: tally.keys.size,
      firstKeys: [...tally.keys].sort((a, b) => a - b).slice(0, 100),
      slots,
      mostInAFrame: tally.mostInAFrame,
      framesWithout: tally.framesWithout,
    },
    fields: layout.fields.map((field) => fieldSummary(field, layout, tally, cameraNames.length, each)),
    cameras: cameraNames.map((camera) => ({
      name: camera,
      dropped: layout.drops && tally.valuesOf(layout.drops, camera),
      values: Object.fromEntries(
        layout.fields
          .filter((field) => field.perCamera && !field.perFrame)
          .map((field) => [field.name, tally.valuesOf(field, camera)]),
      ),
    })),
    storage: total,
    chunkFrames,
    writtenBy: typeof writtenBy === 'string' ? writtenBy : null,
    metadata: forJson(metadata),
  }
}

function fieldSummary(
  field: Field,
  { root, key }: Layout,
  tally: LayoutTally,
  cameras: number,
  each: ReadonlyMap<string, DatasetStorage>,
): FieldSummary {
  const { name, shape, unit, range, perFrame, perCamera } = field
  const dataset = `${root}/${field.dataset}`
  const own = [...each].filter(([path]) => path === dataset || path.startsWith(`${dataset}/`)).map(([, one]) => one)
  const values = tally.valuesOf(field)
  const all = (perFrame ? tally.frames : tally.records) * (perCamera ? cameras : 1)
  return {
    name,
    dataset,
    type: typeText(field),
    members: field.value.kind === 'enum' ? Object.fromEntries(field.value.members) : null,
    isKey: field === key,
    shape: [...shape],
    per: perFrame ? (perCamera ? 'dropped' : 'frame') : perCamera ? 'camera' : 'record',
    unit: unit ?? null,
    fill: fillText(field),
    range,
    values,
    coverage: all === 0 ? null : values / all,
    storage: {
      rawBytes: own.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
      storedBytes: own.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
      compression: [...new Set(own.map(filtersText))],
    },
  }
}

function typeText({ value }: Field): string {
  if (value.kind === 'enum') return `enum over ${value.base}`
  if (value.kind === 'string') return `string of ${value.length} bytes`
  return value.kind === 'bool' ? 'bool' : value.type
}

function fillText(field: Field): string {
  const { value, fill } = field
  if (value.kind === 'string') return "''"
  if (value.kind === 'bool') return String(fill === 1)
  if (value.kind === 'enum') return [...value.members].find(([, n]) => n === fill)?.[0] ?? String(fill)
  return String(fillNumber(field))
}
