/** A recording as a table of DeepLabCut: its columns, and the values of its rows. */
import { H5TracksError } from '../../base/errors.js'
import { arrayIn } from '../core/arrays.js'
import type { Batch, Recording, WriteOptions } from '../core/format.js'
import { Losses } from '../core/losses.js'
import { attributesOf, onlyRecording } from '../core/recordings.js'
import { type PoseReader, poseAttributes, posesFor } from '../poses/output.js'
import { type PoseSurvey, surveyPoses } from '../poses/survey.js'

const mostColumns = 200_000
const attributes = ['names', 'scorer', 'bodyparts_of_individuals']

/** Where the value of a column comes from. */
interface OutColumn {
  /** The levels of the column, from the outermost in. */
  readonly levels: readonly string[]
  readonly key: number
  readonly node: number
  /** 0 to 2 for x to z, 3 for the likelihood. */
  readonly coord: number
}

/** Rows on their way into a file. */
export interface OutRows {
  readonly labels: readonly (string | number)[]
  /** By row and column. */
  readonly values: Float64Array
}

export interface OutTable {
  /** The names of the levels: three for one animal, four for several. */
  readonly levels: readonly string[]
  readonly columns: readonly OutColumn[]
  readonly survey: PoseSurvey
  rows(): AsyncGenerator<OutRows>
}

export async function outTable(
  recordings: readonly Recording[],
  title: string,
  options: WriteOptions,
): Promise<OutTable> {
  const recording = onlyRecording(recordings, title, options)
  const poses = posesFor(recording, title, options)
  const survey = await surveyPoses(recording, poses, 'individual', options)
  // Without the level of individuals, an animal is read back as number 0.
  const isMulti = survey.named || survey.keys.some((key) => key !== 0)
  const scorer = attributesOf(recording).scorer
  const columns = columnsFor(recording, poses, survey, typeof scorer === 'string' ? scorer : 'h5tracks', isMulti)
  if (columns.length > mostColumns) {
    const problem = `${survey.keys.length} animals with ${poses.nodes.length} nodes need ${columns.length} columns`
    throw new H5TracksError(
      `${options.finalPath} cannot be written: ${problem}; ${title} has one for each; choose another format`,
      {
        code: 'ERR_UNSUPPORTED',
        path: options.finalPath,
      },
    )
  }
  return {
    levels: isMulti ? ['scorer', 'individuals', 'bodyparts', 'coords'] : ['scorer', 'bodyparts', 'coords'],
    columns,
    survey,
    rows: () => rows(recording, poses, columns, title, options),
  }
}

function columnsFor(
  recording: Recording,
  poses: PoseReader,
  survey: PoseSurvey,
  scorer: string,
  isMulti: boolean,
): OutColumn[] {
  const own = ownParts(attributesOf(recording).bodyparts_of_individuals)
  const coords = [...[0, 1, 2].slice(0, poses.dimensions), ...(survey.hasConfidence ? [3] : [])]
  const keys = survey.keys.length > 0 ? survey.keys : [0]
  return keys.flatMap((key, i) =>
    poses.nodes.flatMap((node, n) => {
      const parts = own.get(survey.names[i] ?? '')
      if (parts && !parts.includes(node)) return []
      return coords.map((coord) => {
        const last = [node, ['x', 'y', 'z', 'likelihood'][coord] as string]
        return {
          levels: isMulti ? [scorer, survey.names[i] as string, ...last] : [scorer, ...last],
          key,
          node: n,
          coord,
        }
      })
    }),
  )
}

/** The body parts of each individual, as they were read from a table in which they differ. */
function ownParts(value: unknown): Map<string, readonly unknown[]> {
  try {
    const parts = Object.entries(JSON.parse(typeof value === 'string' ? value : '{}') as object)
    return new Map(parts.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1])))
  } catch {
    return new Map()
  }
}

async function* rows(
  recording: Recording,
  poses: PoseReader,
  columns: readonly OutColumn[],
  title: string,
  options: WriteOptions,
): AsyncGenerator<OutRows> {
  const losses = new Losses(recording, [...poses.fields, 'image'])
  const first = new Map<number, number[]>()
  for (const [i, { key }] of columns.entries()) first.set(key, [...(first.get(key) ?? []), i])
  for await (const batch of recording.batches()) {
    options.signal?.throwIfAborted()
    losses.add(batch)
    yield* rowsOf(batch, recording, poses, columns, first)
  }
  losses.report(options.report, `${title} has no place for them`, [
    ...attributes,
    ...poseAttributes.filter((name) => name === 'names'),
  ])
}

const blockBytes = 8 * 2 ** 20

function* rowsOf(
  batch: Batch,
  { layout }: Recording,
  poses: PoseReader,
  columns: readonly OutColumn[],
  columnsOf: ReadonlyMap<number, readonly number[]>,
): Generator<OutRows> {
  const index = arrayIn(batch, layout.index.name) as BigInt64Array
  const keys = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : undefined
  const images = arrayIn(batch, 'image') as readonly string[] | undefined
  const [keypoints, confidence] = [poses.keypoints(batch), poses.confidence(batch)]
  const most = Math.max(1, Math.floor(blockBytes / (8 * columns.length)))
  for (let start = 0; start < index.length; start += most) {
    const stop = Math.min(index.length, start + most)
    const values = new Float64Array((stop - start) * columns.length).fill(Number.NaN)
    for (let cell = start * layout.slots; cell < stop * layout.slots; cell++) {
      const own = columnsOf.get(keys ? (keys[cell] as number) : 0)
      if (!own) continue
      const row = (Math.floor(cell / layout.slots) - start) * columns.length
      for (const column of own) {
        const { node, coord } = columns[column] as OutColumn
        const from = cell * poses.nodes.length + node
        values[row + column] =
          (coord === 3 ? confidence?.[from] : keypoints[from * poses.dimensions + coord]) ?? Number.NaN
      }
    }
    yield {
      labels: Array.from({ length: stop - start }, (_, i) => images?.[start + i] || Number(index[start + i])),
      values,
    }
  }
}
