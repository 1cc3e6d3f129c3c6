/** The labelled frames of each video of a project, by ascending index. */
import type { ForeignFile } from '../../poses/input.js'
import type { Video } from './metadata.js'
import type { Table } from './table.js'

/** A labelled frame: the rows of `instances` that belong to it. Projects may label a frame in several rows of `frames`. */
export interface LabelledFrame {
  readonly index: number
  readonly ranges: readonly (readonly [start: number, stop: number])[]
}

export const frameColumns = ['frame_id', 'video', 'frame_idx', 'instance_id_start', 'instance_id_end']

/** Frames that are sorted in memory take 12 bytes each. */
const mostUnsorted = 8_000_000

/** Where the frames of a video are in the table. */
interface Span {
  first: number
  last: number
  rows: number
  /** Number of different frames, if they are sorted. */
  frames: number
  sorted: boolean
  before: number
}

export class FrameOrder {
  readonly #input: ForeignFile
  readonly #frames: Table
  readonly #videoOf: ReadonlyMap<number, number>
  readonly #spans: readonly (Span | undefined)[]

  private constructor(
    input: ForeignFile,
    frames: Table,
    videoOf: ReadonlyMap<number, number>,
    spans: readonly (Span | undefined)[],
  ) {
    this.#input = input
    this.#frames = frames
    this.#videoOf = videoOf
    this.#spans = spans
  }

  /** Goes through the table once: checks the rows that it names, and which videos are sorted. */
  static async of(
    input: ForeignFile,
    frames: Table,
    instances: Table,
    videos: readonly Video[],
    signal?: AbortSignal,
  ): Promise<FrameOrder> {
    const found = await idsIn(frames)
    const videoOf = videoIndices(found, videos)
    const spans: (Span | undefined)[] = []
    let claimed = 0
    for await (const { start, columns } of frames.windows()) {
      signal?.throwIfAborted()
      const [ids, indices, from, to] = [
        columns.video!,
        columns.frame_idx!,
        columns.instance_id_start!,
        columns.instance_id_end!,
      ]
      for (let i = 0; i < ids.length; i++) {
        const row = start + i
        instances.checkRange(frames, row, from[i]!, to[i]!)
        claimed += to[i]! - from[i]!
        const video = videoOf.get(ids[i]!)
        if (video === undefined) frames.refuse(row, `names video ${ids[i]}; the project has ${videos.length}`)
        if (!Number.isSafeInteger(indices[i]) || indices[i]! < 0)
          frames.refuse(row, `has the frame index ${indices[i]}`)
        spans[video] ??= { first: row, last: row, rows: 0, frames: 0, sorted: true, before: -1 }
        extend(spans[video], row, indices[i]!)
      }
    }
    if (claimed > instances.length) {
      throw input.problem('frames', `name ${claimed} instances; the project has ${instances.length}`, 'save it again')
    }
    return new FrameOrder(input, frames, videoOf, spans)
  }

  /** Number of frames of a video; undefined if it is not known before they are sorted. */
  count(video: number): number | undefined {
    const span = this.#spans[video]
    return span === undefined ? 0 : span.sorted ? span.frames : undefined
  }

  /** Yields the frames of a video by ascending index. */
  async *frames(video: number): AsyncGenerator<LabelledFrame> {
    const span = this.#spans[video]
    if (!span) return
    let index = -1
    let ranges: [number, number][] = []
    for await (const row of span.sorted ? this.#rowsOf(video, span) : this.#sorted(video, span)) {
      const { start, columns } = await this.#frames.windowAt(row)
      const at = row - start
      if (columns.frame_idx![at] !== index && index >= 0) {
        yield { index, ranges }
        ranges = []
      }
      index = columns.frame_idx![at]!
      ranges.push([columns.instance_id_start![at]!, columns.instance_id_end![at]!])
    }
    if (index >= 0) yield { index, ranges }
  }

  async *#rowsOf(video: number, { first, last }: Span): AsyncGenerator<number> {
    for (let row = first; row <= last; ) {
      const { start, stop, columns } = await this.#frames.windowAt(row)
      for (; row < stop && row <= last; row++) {
        if (this.#videoOf.get(columns.video![row - start]!) === video) yield row
      }
    }
  }

  async *#sorted(video: number, span: Span): AsyncGenerator<number> {
    if (span.rows > mostUnsorted) {
      const problem = `has ${span.rows} frames of video ${video}, which are not sorted`
      throw this.#input.problem('frames', problem, 'save the project again with SLEAP, which sorts them')
    }
    const rows = new Uint32Array(span.rows)
    const indices = new Float64Array(span.rows)
    let n = 0
    for await (const row of this.#rowsOf(video, span)) {
      const { start, columns } = await this.#frames.windowAt(row)
      rows[n] = row
      indices[n++] = columns.frame_idx![row - start]!
    }
    const order = Uint32Array.from(rows.keys()).sort((a, b) => indices[a]! - indices[b]! || a - b)
    for (const i of order) yield rows[i]!
  }
}

function extend(span: Span, row: number, index: number): void {
  span.last = row
  span.rows++
  if (index < span.before) span.sorted = false
  if (index !== span.before) span.frames++
  span.before = index
}

async function idsIn(frames: Table): Promise<Set<number>> {
  const ids = new Set<number>()
  for await (const { columns } of frames.windows())
    for (let i = 0; i < columns.video!.length; i++) ids.add(columns.video![i]!)
  return ids
}

/** A frame names its video by its place in the list, or, if ids are missing there, by the number of the group with its images. */
function videoIndices(found: ReadonlySet<number>, videos: readonly Video[]): Map<number, number> {
  const byPlace = new Map(videos.map((_, i) => [i, i]))
  if ([...found].every((id) => byPlace.has(id)) && !videos.some(({ id }, i) => id !== undefined && id !== i))
    return byPlace
  const byGroup = new Map(videos.flatMap(({ id }, i) => (id === undefined ? [] : [[id, i] as const])))
  return [...found].every((id) => byGroup.has(id)) ? byGroup : byPlace
}
