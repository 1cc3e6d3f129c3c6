/** The tables of a project: frames, instances and points, which grow row by row. */
import type { Dataset } from '../../../hdf5/objects/dataset.js'
import type { File } from '../../../hdf5/objects/file.js'
import type { TypeSpec } from '../../../hdf5/values/types.js'

type Members = Readonly<Record<string, TypeSpec>>

const point = { x: 'float64', y: 'float64', visible: 'bool', complete: 'bool' } as const
const tables = {
  frames: {
    ...{ frame_id: 'uint64', video: 'uint32', frame_idx: 'uint64' },
    ...{ instance_id_start: 'uint64', instance_id_end: 'uint64' },
  },
  instances: {
    ...{ instance_id: 'int64', instance_type: 'uint8', frame_id: 'uint64', skeleton: 'uint32', track: 'int32' },
    ...{ from_predicted: 'int64', score: 'float32', point_id_start: 'uint64', point_id_end: 'uint64' },
    tracking_score: 'float32',
  },
  points: point,
  pred_points: { ...point, score: 'float64' },
} as const satisfies Record<string, Members>

const chunkRows = 16_384

/** Rows of a table that wait to be written. */
class Rows {
  readonly #dataset: Dataset<unknown>
  readonly #members: Members
  #columns: Record<string, number[]>
  /** Number of rows, written or not. */
  length = 0
  #waiting = 0

  constructor(dataset: Dataset<unknown>, members: Members) {
    this.#dataset = dataset
    this.#members = members
    this.#columns = this.#blank()
  }

  add(values: Readonly<Record<string, number>>): void {
    for (const name of Object.keys(this.#columns)) this.#columns[name]!.push(values[name] as number)
    this.length++
    this.#waiting++
  }

  /** Changes a value of the last row, which is not written yet. */
  extendLast(name: string, value: number): void {
    const column = this.#columns[name] as number[]
    column[column.length - 1] = value
  }

  async flush(least: number): Promise<void> {
    if (this.#waiting === 0 || this.#waiting < least) return
    const columns = Object.entries(this.#columns).map(([name, values]) => [
      name,
      packed(this.#members[name] as string, values),
    ])
    await this.#dataset.append(Object.fromEntries(columns))
    this.#columns = this.#blank()
    this.#waiting = 0
  }

  #blank(): Record<string, number[]> {
    return Object.fromEntries(Object.keys(this.#members).map((name) => [name, []]))
  }
}

function packed(type: string, values: readonly number[]) {
  if (type === 'uint64') return BigUint64Array.from(values, BigInt)
  if (type === 'int64') return BigInt64Array.from(values, BigInt)
  return type === 'float64'
    ? Float64Array.from(values)
    : type === 'float32'
      ? Float32Array.from(values)
      : integers(type, values)
}

function integers(type: string, values: readonly number[]) {
  return type === 'int32'
    ? Int32Array.from(values)
    : type === 'uint32'
      ? Uint32Array.from(values)
      : Uint8Array.from(values)
}

/** What a table says of an instance besides its points. */
export interface InstanceRow {
  readonly isUser: boolean
  readonly skeleton: number
  readonly track: number
  readonly score: number
  readonly trackingScore: number
}

/** The points of a batch by cell and node. */
export interface PointValues {
  readonly keypoints: ArrayLike<number>
  readonly confidence: ArrayLike<number> | undefined
  readonly visibility: ArrayLike<number> | undefined
  readonly complete: ArrayLike<number> | undefined
}

type TableRows = Readonly<Record<keyof typeof tables, Rows>>

export class TableWriter {
  readonly #file: File
  readonly #rows: TableRows
  readonly #negative: [video: number, frame: number][] = []

  private constructor(file: File, rows: TableRows) {
    this.#file = file
    this.#rows = rows
  }

  static async create(file: File): Promise<TableWriter> {
    const rows: Partial<Record<keyof typeof tables, Rows>> = {}
    for (const [name, members] of Object.entries(tables) as [keyof typeof tables, Members][]) {
      const type = { class: 'compound', members } as const
      const dataset = await file.createDataset(name, { type, shape: [0], maxShape: [null], chunks: [chunkRows] })
      rows[name] = new Rows(dataset, members)
    }
    return new TableWriter(file, rows as TableRows)
  }

  /** Begins a frame, to which the next instances belong. */
  frame(video: number, index: number, negative: boolean): void {
    const { frames, instances } = this.#rows
    const first = instances.length
    frames.add({ frame_id: frames.length, video, frame_idx: index, instance_id_start: first, instance_id_end: first })
    if (negative) this.#negative.push([video, index])
  }

  instance(values: PointValues, cell: number, nodes: number, row: InstanceRow): void {
    const { frames, instances, points, pred_points } = this.#rows
    const table = row.isUser ? points : pred_points
    const first = table.length
    for (let at = cell * nodes; at < (cell + 1) * nodes; at++) {
      const [x, y] = [values.keypoints[2 * at] as number, values.keypoints[2 * at + 1] as number]
      const isPlaced = !Number.isNaN(x) || !Number.isNaN(y)
      table.add({
        ...{ x, y, complete: values.complete?.[at] ?? 0, score: values.confidence?.[at] ?? Number.NaN },
        visible: isPlaced && values.visibility?.[at] !== 1 ? 1 : 0,
      })
    }
    instances.add({
      ...{ instance_id: instances.length, instance_type: row.isUser ? 0 : 1, frame_id: frames.length - 1 },
      ...{ skeleton: row.skeleton, track: row.track, from_predicted: -1, score: row.score },
      ...{ point_id_start: first, point_id_end: table.length, tracking_score: row.trackingScore },
    })
    frames.extendLast('instance_id_end', instances.length)
  }

  /** Writes the rows that wait, once they are many. */
  async flush(least = chunkRows): Promise<void> {
    for (const rows of Object.values(this.#rows)) await rows.flush(least)
  }

  async close(): Promise<void> {
    await this.flush(1)
    if (this.#negative.length === 0) return
    const type = { class: 'compound', members: { video_id: 'uint32', frame_idx: 'uint64' } } as const
    await this.#file.createDataset(
      'negative_frames',
      { type, shape: [this.#negative.length] },
      {
        video_id: Uint32Array.from(this.#negative, ([video]) => video),
        frame_idx: BigUint64Array.from(this.#negative, ([, frame]) => BigInt(frame)),
      },
    )
  }
}
