/** Recordings from tables: those with frame numbers are one recording, those of labelled images one for each folder. */
import type { FieldSpecs } from '../../layout/spec.js'
import { BatchBuilder } from '../core/batches.js'
import type { Batch, ReadOptions, Recording } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import { distinctGroups, fitsFloat32, type Precision, posesOf } from '../poses/layout.js'
import { Cells } from './cells.js'
import { type Columns, columnsOf } from './columns.js'
import { type Images, imagesOf } from './images.js'
import type { DlcTable } from './table.js'

/** Of tables with frame numbers, so many blocks are looked at to choose the type of numbers. */
const sampledBlocks = 4

interface Facts {
  readonly precision: Precision
  readonly scores: Precision
}

/** The recordings of a table. */
export async function recordingsOf(path: string, table: DlcTable, options: ReadOptions): Promise<Recording[]> {
  const refuse = (column: number, problem: string): never => {
    throw formatProblem(path, table.columnPlace(column), problem, 'is it a table of DeepLabCut?')
  }
  const columns = columnsOf(table.columns, refuse)
  for (const [coord, count] of columns.others) {
    options.report.lost(`columns ${coord}`, count, 'h5tracks has no place for them')
  }
  const images = await imagesOf(path, table, options)
  const facts = await factsOf(table, columns, images !== undefined)
  const context = { path, table, columns, facts, options }
  if (images === undefined) return [recordingOf(context, table.key || 'poses')]
  const folders = [...images.folders.keys()]
  const groups =
    folders.length === 1 ? [table.key || 'poses'] : distinctGroups(folders.map((folder) => lastPart(folder)))
  return folders.map((folder, i) => recordingOf(context, groups[i] as string, images, folder))
}

const lastPart = (folder: string) => folder.split('/').at(-1) || 'images'

interface Context {
  readonly path: string
  readonly table: DlcTable
  readonly columns: Columns
  readonly facts: Facts
  readonly options: ReadOptions
}

function recordingOf(context: Context, group: string, images?: Images, folder = ''): Recording {
  const { table, columns, facts, options } = context
  const { individuals, nodes, dimensions } = columns
  const perFrame: FieldSpecs = images
    ? { image: { type: 'string', length: images.longest, description: 'path of the image' } }
    : {}
  const layout = posesOf({
    ...{ group, nodes, edges: [], dimensions, names: individuals, ...facts, perFrame },
    slots: Math.max(1, individuals.length),
    attributes: {
      scorer: columns.scorer,
      ...(columns.own && { bodyparts_of_individuals: JSON.stringify(columns.own) }),
    },
  })
  return {
    layout,
    cameras: [],
    metadata: options.fps === undefined ? {} : { fps: options.fps },
    frames: images ? images.folders.get(folder)?.rows : table.rows,
    batches: () => batches(context, new BatchBuilder(layout), images, folder),
  }
}

async function* batches(
  { path, table, columns, facts, options }: Context,
  builder: BatchBuilder,
  images: Images | undefined,
  folder: string,
): AsyncGenerator<Batch> {
  const cells = new Cells(columns, facts)
  let row = 0
  let before = -1
  for await (const { labels, values } of table.blocks()) {
    options.signal?.throwIfAborted()
    for (const [i, label] of labels.entries()) {
      const index = images ? images.indexOf(label, folder) : Number(label)
      if (index === undefined) continue
      if (!Number.isSafeInteger(index) || index < 0 || index <= before) {
        const problem = `has the frame ${label}${index <= before ? `, which does not follow ${before}` : ''}`
        throw formatProblem(path, table.place(row + i), problem, 'sort the rows by frame')
      }
      before = index
      const at = builder.row(index)
      if (images) (builder.column('image') as string[])[at] = String(label)
      cells.fill(builder, at, values, i)
      if (builder.isFull) yield builder.take()
    }
    row += labels.length
  }
  if (builder.rows > 0) yield builder.take()
  cells.report(options.report)
}

/** Looks at the first blocks (of labelled images, which are few, at all) to choose the types. */
async function factsOf(table: DlcTable, { targets }: Columns, all: boolean): Promise<Facts> {
  const isScore = targets.map((target) => target?.coord === 'likelihood')
  let [wide, wideScores, blocks] = [false, false, 0]
  for await (const { values } of table.blocks()) {
    const width = targets.length
    for (let at = 0; at < values.length; at++) {
      if (fitsFloat32(values.subarray(at, at + 1))) continue
      if (isScore[at % width]) wideScores = true
      else wide = true
    }
    if ((wide && wideScores) || (!all && ++blocks >= sampledBlocks)) break
  }
  return { precision: wide ? 'float64' : 'float32', scores: wideScores ? 'float64' : 'float32' }
}
